"""`verify.js` says of every history what the Python verifier says: the same reason, at the same place."""

import hashlib
import hmac
import os
import random
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from shouxin.assurance import forge
from shouxin.assurance.little_log import Files
from shouxin.core.merkle.bundle import Bundle
from shouxin.core.merkle.canonical import encode
from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import ED25519, Note, Verifier, parse_note, sign_note
from shouxin.core.merkle.statement import Held
from shouxin.core.merkle.trust import LogKey, Trust
from shouxin.core.privacy import entry, purpose
from shouxin.verify import Reason
from shouxin.verify.check import MAX_BYTES
from tests.verify import recorder, spoiling
from tests.verify.node import VERIFY_JS, Case, running_node
from tests.verify.story import (
    HOUR,
    LOG_KEY,
    MINUTE,
    ORIGIN,
    START,
    Story,
    agreed,
    case_opened,
    consented,
    enrolled,
    granted,
    honest,
    used,
)

NOW = START + HOUR
GOLDEN = Path(__file__).parent / "golden"
HELD = Held(field="borrower.phone", party="platform:self", since=START, until="", basis="contract 2")
# The second key sorts after the first by code point, and before it by halves of letters.
QUESTION = {"\ue000": 1, "😀": "没有通讯录", "__proto__": 2, "1": '\u0001\t"\\/é\u2028\x7f'}
FILES = honest().files(held=[HELD], questions=[QUESTION])


@pytest.fixture(scope="module")
def js():
    with running_node() as running:
        yield running


def golden_files(folder):
    return Files(*((folder / name).read_bytes() for name in ("bundle.json", "trust.json", "person.key")))


# FIPS 180-4 (the examples published with it) and RFC 4231, test cases 1 to 7 without 5, which is cut short.
SHA256 = [
    (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ),
    (
        b"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
    ),
    (b"a" * 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
]
RFC_4231 = [
    (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (bytes(range(1, 26)), b"\xcd" * 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    (
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        b"\xaa" * 131,
        (
            b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be"
            b" hashed before being used by the HMAC algorithm."
        ),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
]


def hashed(js, messages):
    return list(js.ask({"do": "sha256", "message": one.hex()} for one in messages))


def test_it_hashes_as_fips_180_4_says(js):
    assert hashed(js, [message for message, _ in SHA256]) == [digest for _, digest in SHA256]


def test_it_hashes_messages_of_every_length_about_a_block(js):
    messages = [bytes(range(length)) for length in range(200)]
    assert hashed(js, messages) == [hashlib.sha256(one).hexdigest() for one in messages]


def test_it_makes_hmacs_as_rfc_4231_says(js):
    questions = [{"do": "hmac", "key": key.hex(), "message": message.hex()} for key, message, _ in RFC_4231]
    assert list(js.ask(questions)) == [digest for _, _, digest in RFC_4231]
    assert [hmac.digest(key, message, "sha256").hex() for key, message, _ in RFC_4231] == [row[2] for row in RFC_4231]


def test_it_verifies_the_golden_histories_for_ever(js):
    cases = [Case(golden_files(folder), NOW, folder.name) for folder in sorted(GOLDEN.iterdir())]
    assert cases
    assert js.differences(cases) == []
    assert [answer["ok"] for answer in js.ask(case.question() for case in cases)] == [True] * len(cases)


def test_it_hands_the_page_the_opened_records(js):
    (answer,) = js.ask([Case(FILES, NOW).question()])
    kinds = ["enrolled", "agreed", "case_opened", "granted", "used"]
    assert [(one["j"], one["record"]["kind"]) for one in answer["records"]] == list(enumerate(kinds, start=1))
    assert [one["time"] for one in answer["records"]] == [START + n * MINUTE for n in range(1, 6)]


@pytest.fixture(scope="module")
def recorded(project, tmp_path_factory):
    """Every history that the tests of the Python verifier look at; their run writes them down."""
    path = tmp_path_factory.mktemp("recorded") / "cases.jsonl"
    names = ("any_bytes", "forgeries", "honest_history", "lawful_uses", "replaced_key", "signatures")
    tests = [str(Path(__file__).with_name(f"test_{name}.py")) for name in names]
    command = [sys.executable, "-m", "pytest", "-q", "-p", recorder.__name__, *tests]
    env = os.environ | {recorder.FILE: str(path)}
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout.decode()[-2000:]
    return list(recorder.recorded(path))


@pytest.mark.slow
def test_it_judges_every_history_of_the_other_tests_as_python_does(js, recorded):
    both = js.both(recorded)
    assert [one for one in both if one[1] != one[2]] == []
    answers = [python for _, python, _ in both]
    assert {one["reason"] for one in answers if not one["ok"]} == set(Reason)
    assert sum(one["ok"] for one in answers) > 20
    assert len(answers) > 500


@pytest.mark.parametrize("name", [*forge.forgeries(FILES.bundle, seed=b"F" * 32)])
def test_it_refuses_each_forgery_as_python_does(js, name):
    forged = forge.forgeries(FILES.bundle, seed=b"F" * 32)[name]
    assert js.differences([Case(replace(FILES, bundle=forged), NOW, name)]) == []


@pytest.mark.parametrize("seed", range(4))
def test_it_finds_files_spoilt_by_chance_wrong_where_python_does(js, seed):
    cases = [Case(files, NOW, name) for name, files in spoiling.spoilt(FILES, seed=seed, count=250)]
    assert js.differences([case for case in cases if not has_trailing_comma(case)]) == []


def has_trailing_comma(case):
    """Since 3.13 Python's reader names the comma and no longer the bracket after it."""
    return sys.version_info >= (3, 13) and re.search(rb",\s*[\]}]", case.files.bundle + case.files.person)


BITS = golden_files(GOLDEN / "v1")
FLIPS, SEED = 2_000, 20_261_124


def test_it_judges_a_history_with_a_bit_turned_as_python_does(js):
    """A sample; all 31,952 agreed too, which takes a minute (`test_every_bit` turns them all for Python)."""
    bits = random.Random(SEED).sample(range(8 * len(BITS.bundle)), FLIPS)
    cases = [Case(replace(BITS, bundle=forge.flip_bit(BITS.bundle, bit)), NOW, f"bit {bit}") for bit in bits]
    assert js.differences(cases) == []


SMALL = [
    *('{"a":1,"a":2}', '{"b":1,"a":2}', '{"a":null,"a":1}', '{"😀":1,"\ue000":2}', '{"\ue000":1,"😀":2}', '{"é":1,"e":2}'),
    *("", " ", "1", '"a"', "[]", "{}", "[[[]]]", "[1,]", "[,1]", "[1 2]", '{"a"}', '{"a":}', '{"a" :1}', "{a:1}"),
    *("-0", "-1", "0", "00", "1.0", "1e2", "1E", "9007199254740991", "9007199254740992", "9" * 16, "9" * 17, "+1", ".5"),
    *('"\\ud83d"', '"\\ude00\\ud83d"', '"\\ud83d\\ude00"', '"\\u00e9"', '"\\u0041"', '"\\/"', '"\\x"', '"\\u12"', '"\\'),
    *('"\t"', '"\x7f"', '"\u2028"', '"e\u0301"', '"é"', '"\ufeff"', "\ufeff{}", '"a\\', '"\\u123', '"\\u1234', '"\\ud83d\\u1'),
    *("[" * 32 + "]" * 32, "[" * 33 + "]" * 33, "[" * 34, "[" * 800 + "]" * 799, "[" * 100_000, '{"a":' * 100_000),
    *('{"a":' * 32 + "1" + "}" * 32, '{"a":' * 33 + "1" + "}" * 33, '{"a":' * 32 + "[]" + "}" * 32),
    *("nul", "null", "tru", "true", "Infinity", "-Infinit", "NaN", "[1]x", "[1] ", "\v1", "{}\0"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["bundle", "person"])
def test_it_reads_canonical_json_as_python_does(js, name):
    cases = [Case(replace(FILES, **{name: text.encode()}), NOW, text[:30]) for text in SMALL]
    assert js.differences([case for case in cases if not has_trailing_comma(case)]) == []


@pytest.mark.parametrize("text", SMALL)
def test_it_reads_a_trust_file_as_python_does(js, text):
    trust = FILES.trust.replace(b'"quorum":0', b'"quorum":' + text.encode())
    extra = FILES.trust.replace(b'{"log', b'{"x":' + text.encode() + b',"log')
    cases = [Case(replace(FILES, trust=one), NOW, text[:30]) for one in (text.encode(), trust, extra)]
    assert js.differences(cases) == []


def test_it_reads_long_numbers_of_a_trust_file_as_python_does(js):
    numbers = [b"9" * 4300, b"9" * 4301, b"-" + b"9" * 4300, b"9" * 4301 + b".5", b"1" + b"0" * 5000 + b"e1"]
    trusts = [FILES.trust.replace(b'"quorum":0', b'"quorum":' + one) for one in numbers]
    assert js.differences([Case(replace(FILES, trust=one), NOW) for one in trusts]) == []


def test_it_reads_a_record_as_python_does(js):
    records = [*(text.encode() for text in SMALL), b"\xff", b'{"kind":"agreed","v":1}', b'{"kind":"__proto__","v":1}']
    cases = []
    for record in records:
        story = Story().tell(enrolled())
        story.scribe.write([record], ms=story.now)
        cases.append(Case(story.files(), NOW, repr(record[:30])))
    assert js.differences(cases) == []


VALUES = ("", "case-1", 0, 1, [], [1, "a"], ["consent", 2], [[1]], {"a": 1})


def about(story, record, name):
    """The history of `story` with one more entry."""
    story.tell(record)
    return Case(story.files(), NOW, f"{name}: {record}")


@pytest.mark.parametrize("kind", entry.KINDS)
def test_it_knows_the_keys_of_each_kind_as_python_does(js, kind):
    must, more = (keys.split() for keys in entry._SHAPES[kind])
    may = must + more
    right = {key: next(one for one in VALUES[::-1] if entry._FITS[kind][key](one)) for key in may}
    records = [right, {key: right[key] for key in must}, right | {"imported_time": 1}, right | {"imported_time": ""}]
    records += [{key: value for key, value in right.items() if key != left_out} for left_out in may]
    records += [right | {key: value} for key in may for value in VALUES]
    records += [right | {"zz": 1}, right | {"a": 1}, right | {"v": 2}, right | {"v": "1"}, right | {"time": "1"}]
    cases = [about(Story().tell(enrolled()), {"kind": kind} | one, kind) for one in records]
    assert js.differences(cases) == []


BASES = [["consent", 2], ["consent", 9], ["consent", "2"], ["contract", 3], ["contract", 2], ["own_request"], [], [1]]
BASES += [
    ["duty", "CN.AML.34"],
    ["duty", "CN.PIPL.17"],
    ["own_request", 2],
    ["contract", 3, 3],
    ["consent"],
    ["duty", 3],
]


@pytest.mark.parametrize("whose", ["borrower", "contact_person", "staff"])
@pytest.mark.parametrize("name", [*purpose.PURPOSES, "curiosity", "__proto__"])
def test_it_asks_of_each_purpose_what_python_asks(js, name, whose):
    cases = []
    for basis in BASES:
        for more in (
            {},
            {"kind": "disclosed", "recipient": "agency:a07", "case": 4, "grant": 5},
            {"actor": "borrower:self"},
        ):
            story = Story().tell(
                enrolled() | {"as": whose}, consented(name), agreed(), case_opened(), granted(4, "system:self")
            )
            cases.append(about(story, used(name, basis) | more, whose))
    assert js.differences(cases) == []


def test_it_does_not_read_a_file_longer_than_any_history(js):
    question = Case(FILES, NOW).question(spaces=MAX_BYTES)
    assert list(js.ask([question])) == [{"ok": False, "reason": "malformed", "where": "trust"}]


SIZE = Bundle.parse(FILES.bundle).epochs[-1].size


def resigned(signed, **epoch):
    """A bundle whose last epoch and checkpoint say what they like; the log itself signs it."""
    bundle = Bundle.parse(FILES.bundle)
    epochs = (*bundle.epochs[:-1], replace(bundle.epochs[-1], **epoch))
    root = Checkpoint.parse(parse_note(bundle.note).text).root
    note = sign_note(Checkpoint(ORIGIN, signed, root).to_text(), [LOG_KEY])
    return replace(FILES, bundle=replace(bundle, epochs=epochs, note=note).encode())


def test_it_does_not_round_numbers_of_eight_bytes(js):
    huge = [(2**53, 2**53 + 1), (2**64 - 1, 2**64 - 2), (2**64 - 1, 2**64 - 1), (2**53 + 1, 2**53 + 1)]
    cases = [Case(resigned(size, size=said), NOW, f"{size} {said}") for size, said in huge]
    cases += [Case(resigned(SIZE, ms=ms), NOW, f"ms {ms}") for ms in (2**64 - 1, 2**63, NOW + 300_000, NOW + 300_001)]
    assert js.differences(cases) == []
    assert cases[0].answer()["where"] == "epoch"


ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the group in which Ed25519 signs (RFC 8032)."""


def signed_oddly(key, signature):
    """Note and statement signed by these 64 bytes, under this public key."""
    bundle = Bundle.parse(FILES.bundle)
    verifier = Verifier(name=ORIGIN, kind=ED25519, public=key)
    note = parse_note(bundle.note)
    line = replace(note.signatures[0], key_id=verifier.key_id, body=signature)
    trust = encode(Trust(origin=ORIGIN, log_keys=(LogKey(verifier),)).to_doc())
    changed = replace(bundle, note=Note(note.text, (line,)).to_text(), signature=signature)
    return replace(FILES, bundle=changed.encode(), trust=trust)


def test_it_takes_odd_signatures_as_python_does(js):
    """A second spelling of a signature, points of small order, points that are none, lengths that can't be."""
    good = parse_note(Bundle.parse(FILES.bundle).note).signatures[0].body
    second = good[:32] + (int.from_bytes(good[32:], "little") + ORDER).to_bytes(32, "little")
    one, minus_one = (1).to_bytes(32, "little"), (2**255 - 20).to_bytes(32, "little")
    public = LOG_KEY.verifier.public
    odd = [
        (public, second),
        (public, one + bytes(32)),
        (public, bytes(64)),
        (public, good[:63]),
        (public, good + b"\0"),
    ]
    odd += [(key, point + bytes(32)) for key in (one, minus_one, bytes(32), b"\xff" * 32) for point in (one, minus_one)]
    cases = [Case(signed_oddly(key, body[:64].ljust(64, b"\0")), NOW) for key, body in odd]
    assert js.differences(cases) == []
    assert cases[0].answer() == {"ok": False, "reason": "bad_signature", "where": "note.signatures[0]"}


def test_it_takes_no_key_whose_name_holds_half_a_letter(js):
    key = LOG_KEY.verifier.text.replace("log", "\\ud83dlog")
    trust = FILES.trust.replace(LOG_KEY.verifier.text.encode(), key.encode())
    (answer,) = js.ask([Case(replace(FILES, trust=trust), NOW).question()])
    assert answer == {"ok": False, "reason": "malformed", "where": "trust.log_keys[0].key"}


@pytest.mark.parametrize("missing", ["subtle", "Ed25519"])
def test_it_says_when_the_browser_is_too_old(js, missing):
    question = Case(FILES, NOW).question() | {"do": "without", "missing": missing}
    assert list(js.ask([question])) == [{"ok": False, "reason": "unsupported", "where": "Ed25519"}]
    (malformed,) = js.ask([question | {"bundle": ""}])
    assert malformed["reason"] == "malformed"


def hundred_entries():
    story = Story().tell(enrolled(), agreed(), consented())
    for _ in range(97):
        story.tell(used("marketing", ["consent", 3]))
    return Case(story.files(), story.now)


def test_it_verifies_a_hundred_entries_in_a_tenth_of_a_second(js):
    case = hundred_entries()
    assert case.answer()["entries"] == 100
    assert js.differences([case]) == []
    (best,) = js.ask([case.question() | {"do": "time", "times": 20}])
    assert best < 100


def test_it_is_small_and_does_nothing_but_verify():
    source = VERIFY_JS.read_text(encoding="utf-8")
    assert len(source.encode()) < 40_000
    banned = r"\beval\b|\bFunction\s*\(|innerHTML|outerHTML|\bimport\b|\bfetch\b|XMLHttpRequest|WebSocket|sendBeacon|document\b\."
    assert re.findall(banned, source) == []
    assert set(re.findall(r'require\("([^"]+)"\)', source)) == {"node:fs", "node:util", "node:crypto"}
