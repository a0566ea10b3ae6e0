"""Whatever the bytes, there is a verdict and no traceback."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.core.merkle.canonical import decode, encode
from shouxin.core.merkle.statement import Held
from shouxin.verify import NotVerified, Reason, Verified
from tests.verify.story import START, check, honest, refusal

HELD = Held(field="borrower.phone", party="platform:self", since=START, until="", basis="contract 2")
QUESTION = {"n": 2, "answer": "no", "evidence": "shown", "by": "statement", "detail": "没有通讯录"}
FILES = honest().files(held=[HELD], questions=[QUESTION])
DOC = decode(FILES.bundle)
NAMES = ("bundle", "trust", "person")

JUNK = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b"NaN",
    b"\x00",
    b"\xff\xfe{}",
    b"[" * 1_000_000,
    b'{"v":' * 100_000 + b"1" + b"}" * 100_000,
    b'{"v":' + b"9" * 1_000_000 + b"}",
    b'{"v":1e999999}',
    b'{"v":"\\ud800"}',
    b'{"\\ud800":1}',
    b'{"v":-0}',
    b"a" * 10_000_000,
    b'"' + b"a" * 10_000_000 + b'"',
    b"[" + b"0," * 3_000_000 + b"0]",
    b"\x1f\x8b\x08" + bytes(50),
]


def test_the_files_that_are_spoilt_here_are_good_ones():
    assert isinstance(check(FILES), Verified)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_it_calls_junk_malformed(name, junk):
    reason, where = refusal(replace(FILES, **{name: junk}))
    assert reason == "malformed"
    assert where.startswith(name)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=300))
def test_it_comes_to_a_verdict_about_any_bytes(name, raw):
    assert isinstance(check(replace(FILES, **{name: raw})), NotVerified)


values = st.recursive(
    st.text(max_size=5) | st.integers(-5, 2**70) | st.floats() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def places(doc, path=()):
    yield path
    inner = doc.items() if isinstance(doc, dict) else enumerate(doc) if isinstance(doc, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


PLACES = sorted(places(DOC), key=str)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PLACES), values)
def test_it_refuses_any_other_value_in_any_place(path, value):
    doc = json.loads(FILES.bundle)
    changed = put(doc, path, value)
    if changed == json.loads(FILES.bundle) and type(value) is not bool:
        return
    raw = json.dumps(changed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert isinstance(check(replace(FILES, bundle=raw.encode("utf-8", "surrogatepass"))), NotVerified)


def put(doc, path, value):
    if not path:
        return value
    inner = doc
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return doc


@pytest.mark.parametrize("path", [path for path in PLACES if path and isinstance(path[-1], str)], ids=str)
def test_it_misses_every_key_and_knows_no_other(path):
    without = json.loads(FILES.bundle)
    inner = without
    for key in path[:-1]:
        inner = inner[key]
    value = inner.pop(path[-1])
    assert isinstance(check(replace(FILES, bundle=encode(without))), NotVerified)
    inner[path[-1]], inner["zz"] = value, 1
    # What the lender answers to the questions has no fixed keys, but it is signed.
    signed_as_it_is = "questions" in path[:-1]
    reason, _ = refusal(replace(FILES, bundle=encode(without)))
    assert reason == ("bad_signature" if signed_as_it_is else "malformed")


def test_the_reasons_are_a_closed_list():
    assert " ".join(Reason) == (
        "malformed bad_signature unknown_signature stale not_in_log late_entry chain_broken missing_entry wrong_person "
        "no_basis no_case no_grant after_withdrawal after_closing time_backwards unknown_kind"
    )


def test_it_names_the_byte_at_which_a_bundle_is_spelt_otherwise():
    spaced = FILES.bundle.replace(b":", b": ", 1)
    assert refusal(replace(FILES, bundle=spaced)) == ("malformed", f"bundle, byte {FILES.bundle.index(b':') + 1}")
