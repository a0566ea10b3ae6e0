import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.merkle.note import NoteError, Signature, Signer, Verifier, open_note, parse_note, sign_note

TEXT = "log.example\n1\n"
AI = Signer(name="log.example", seed=b"1" * 32)
NOTE = sign_note(TEXT, [AI])


@pytest.fixture(scope="module")
def sumdb(shared_data):
    return json.loads((shared_data / "tlog" / "note_sumdb.json").read_text())


@pytest.fixture(scope="module")
def c2sp(shared_data):
    return json.loads((shared_data / "tlog" / "c2sp_examples.json").read_text())


def test_it_signs_as_go_does(sumdb):
    for row in sumdb["sign"]:
        _, _, name, _, encoded = row["skey"].split("+", 4)
        signer = Signer(name=name, seed=base64.b64decode(encoded)[1:])
        assert sign_note(row["text"], [signer]) == row["want"]
        assert signer.verifier.text == sumdb["keys"][0]["vkey"]


def test_it_opens_and_refuses_the_notes_that_go_does(sumdb):
    for row in sumdb["open"]:
        assert _opened(row) == (row["verified"] if row["ok"] else None), row["desc"]


def _opened(row):
    try:
        raw = base64.b64decode(row["note_b64"]).decode("utf-8")
        note = open_note(raw, [Verifier.parse(one) for one in row["vkeys"]])
    except (UnicodeDecodeError, NoteError):
        return None
    return [one.name for one in note.signatures]


def test_it_refuses_the_keys_that_go_does(sumdb):
    good = sumdb["keys"][0]["vkey"]
    assert Verifier.parse(good).text == good
    parts = {good[start:end] for start in range(len(good)) for end in range(start, len(good) + 1)} - {good}
    bumped = {good[:n] + chr(ord(good[n]) + 1) + good[n + 1 :] for n in range(len(good))}
    for key in [row["vkey"] for row in sumdb["vkey_bad"]] + sorted(parts) + sorted(bumped):
        with pytest.raises(NoteError):
            Verifier.parse(key)


def test_it_opens_the_note_printed_in_the_c2sp_specification(c2sp):
    for row in c2sp["signed_note"]:
        assert open_note(row["note"], [Verifier.parse(row["vkey"])]).text == row["note"].split("\n\n")[0] + "\n"


def test_it_takes_apart_the_cosigned_checkpoint_printed_in_the_c2sp_specification(c2sp):
    for row in c2sp["cosignature_message"]:
        note = parse_note(row["note"] if row["note"].endswith("\n") else row["note"] + "\n")
        witness = note.signatures[-1]
        assert int.from_bytes(witness.body[:8], "big") == row["timestamp"]
        assert note.to_text() == row["note"]


@given(
    st.lists(st.sampled_from([b"1", b"2", b"3"]), min_size=1, max_size=3, unique=True), st.text("ab\n守 —", max_size=9)
)
def test_it_reads_back_what_it_signs(seeds, text):
    signers = [Signer(name=f"n{seed[0]}", seed=seed * 32) for seed in seeds]
    note = open_note(sign_note(text + "\n", signers), [one.verifier for one in signers])
    assert note.text == text + "\n"
    assert [one.name for one in note.signatures] == [one.name for one in signers]


def test_it_believes_no_note_with_one_bit_turned():
    raw = NOTE.encode()
    for bit in range(8 * len(raw)):
        turned = bytearray(raw)
        turned[bit // 8] ^= 1 << bit % 8
        with pytest.raises((NoteError, UnicodeDecodeError)):
            open_note(turned.decode("utf-8"), [AI.verifier])


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("nothing", lambda note: ""),
        ("no end", lambda note: note[:-1]),
        ("no text", lambda note: note.split("\n\n")[1]),
        ("an empty line more", lambda note: note + "\n"),
        ("carriage returns", lambda note: note.replace("\n", "\r\n")),
        ("a carriage return at the end", lambda note: note[:-1] + "\r\n"),
        ("no dash", lambda note: note.replace("— ", "")),
        ("no space after the name", lambda note: note[: note.rindex(" ")] + "\n"),
        ("a tab", lambda note: note.replace("— ", "—\t")),
        ("a hyphen for the dash", lambda note: note.replace("— ", "- ")),
        ("two spaces", lambda note: note.replace("— log.example ", "— log.example  ")),
        ("a space at the end", lambda note: note[:-1] + " \n"),
        ("no padding", lambda note: note.replace("=", "")),
        ("more padding", lambda note: note.replace("=\n", "==\n")),
        ("a plus in the name", lambda note: note.replace("— log.example", "— log+example")),
        ("a wide space in the name", lambda note: note.replace("— log.example", "— log\u3000example")),
        ("a line separator in the name", lambda note: note.replace("— log.example", "— log\u2028example")),
        ("no name", lambda note: note.replace("— log.example ", "—  ")),
        ("a signature of four bytes", lambda note: note[: note.rindex(" ") + 1] + "AAAAAA==\n"),
        ("a line after the signatures", lambda note: note + "more\n"),
        ("a zero byte", lambda note: "\x00" + note),
        ("a hundred and one signatures", lambda note: note + note.split("\n\n")[1] * 100),
        ("too long", lambda note: "a" * 1_000_001 + note),
    ],
)
def test_it_refuses_a_note_that_is_spelt_otherwise(name, spoil):
    with pytest.raises(NoteError):
        parse_note(spoil(NOTE))


def test_it_does_not_believe_a_key_of_the_same_name():
    other = Signer(name=AI.name, seed=b"2" * 32)
    with pytest.raises(NoteError, match="no known key"):
        open_note(NOTE, [other.verifier])


def test_it_refuses_a_wrong_signature_beside_a_right_one():
    note = parse_note(NOTE)
    wrong = Signature(name=AI.name, key_id=AI.verifier.key_id, body=bytes(64))
    with pytest.raises(NoteError, match="is wrong"):
        open_note(NOTE + wrong.line(), [AI.verifier])
    assert open_note(NOTE + note.signatures[0].line(), [AI.verifier]) == note


def test_it_signs_under_a_context_what_no_note_can_be():
    signature = AI.sign_under("shouxin-statement/v1", b"payload")
    assert AI.verifier.accepts_under("shouxin-statement/v1", b"payload", signature)
    assert not AI.verifier.accepts_under("shouxin-receipt/v1", b"payload", signature)
    assert not AI.verifier.accepts_under("shouxin-statement/v1", b"payload2", signature)
    assert not AI.verifier.accepts_under("shouxin-statement/v1", b"payload", signature[:-1])


def test_it_never_prints_a_private_key():
    assert repr(AI) == "Signer(name='log.example')"


def test_it_refuses_to_sign_a_text_that_does_not_end():
    for text in ("abc", "", NOTE[:-1]):
        with pytest.raises(NoteError, match="ends in a line feed"):
            sign_note(text, [AI])


def test_it_refuses_keys_that_cannot_be():
    for made in (
        lambda: Signer(name="a", seed=b""),
        lambda: Verifier(name="a b", kind=1, public=bytes(32)),
        lambda: Verifier(name="a", kind=6, public=bytes(32)),
        lambda: Verifier(name="a", kind=1, public=b""),
    ):
        with pytest.raises(NoteError):
            made()
