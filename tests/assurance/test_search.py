"""An outsider's search: after the story, no value of anybody's stands anywhere but in the addressee's own letter."""

import base64
import email
import email.policy
from pathlib import Path

import pytest

from tests.assurance.telling import AI_LI, CHEN, WEN, demo, people_file

VALUES = {
    f"{who} {name}": value for who, one in (("Ai", AI_LI), ("Wen", WEN), ("Chen", CHEN)) for name, value in one.items()
}


def spellings(value: str) -> dict[str, bytes]:
    """The value as bytes, in each way in which a program might have left it."""
    codings = {"UTF-8": "utf-8", "GBK": "gbk", "UTF-16 LE": "utf-16-le", "UTF-16 BE": "utf-16-be"}
    plain = {name: value.encode(coding) for name, coding in codings.items()}
    if not value.isascii():
        plain["JSON"] = value.encode("unicode_escape")
    found = dict(plain)
    for name, data in plain.items():
        found |= {f"{name}, hex": data.hex().encode(), f"{name}, HEX": data.hex().upper().encode()}
        found |= {f"{name}, base64 at {at}": part for at, part in enumerate(in_base64(data))}
    return found


def in_base64(data: bytes) -> list[bytes]:
    """What stands in a base64 text that holds the data at each of the three alignments, without the shared ends."""
    parts = []
    for before in range(3):
        text = base64.b64encode(bytes(before) + data)
        first, last = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        parts.append(text[first:last])
    return parts


def found_in(data: bytes) -> list[str]:
    """Which values stand in these bytes, and how they are spelled."""
    forms = {(who, how): form for who, value in VALUES.items() for how, form in spellings(value).items()}
    return [f"{who} in {how}" for (who, how), form in forms.items() if form in data]


@pytest.fixture(scope="module", params=["en", "zh"])
def ran(request, tmp_path_factory):
    """The story of three made-up people, told to somebody who reads and to a program."""
    file = people_file(tmp_path_factory.mktemp("people"), AI_LI, WEN, CHEN)
    told = demo("--lang", request.param, "--people", file, "--json")
    assert told.code == 0, told.stdout
    return told, demo("--lang", request.param, "--people", file)


def test_it_finds_what_it_looks_for():
    letter = f"Dear {AI_LI['name']}".encode()
    assert found_in(letter) == ["Ai name in UTF-8"]
    for before in range(3):
        assert any("base64" in one for one in found_in(base64.b64encode(b"x" * before + letter + b"yz")))
    assert found_in(AI_LI["employer"].encode("gbk").hex().encode()) == ["Ai employer in GBK, hex"]
    assert found_in(AI_LI["phone"].encode("utf-16-le")) == ["Ai phone in UTF-16 LE"]


def test_it_finds_nothing_in_the_lenders_directory(ran):
    files = [path for path in Path(ran[0].document["data_dir"]).rglob("*") if path.is_file()]
    assert len(files) > 10
    assert {path.name: found for path in files if (found := found_in(path.read_bytes()))} == {}


def test_it_finds_nothing_in_what_was_printed_and_handed_over(ran):
    for told in ran:
        assert found_in((told.stdout + told.stderr).encode()) == []
    folder = Path(ran[0].document["person"]).parent
    assert {path.name: found for path in folder.iterdir() if (found := found_in(path.read_bytes()))} == {}


def test_it_finds_name_and_address_in_the_addressees_own_letter_and_nothing_else(ran):
    (kept,) = Path(ran[0].document["mail"]).glob("*.eml")
    letter = email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)
    assert letter["To"] == AI_LI["email"]
    said = {who for who, value in VALUES.items() if value in letter.as_string() + letter.get_content()}
    assert said == {"Ai name", "Ai email"}


def test_it_sent_one_letter_to_nobody_else(ran):
    letters = [path.read_bytes() for path in Path(ran[0].document["mail"]).glob("*.eml")]
    assert len(letters) == 1
    assert not any("Wen" in found or "Chen" in found for found in found_in(letters[0]))
