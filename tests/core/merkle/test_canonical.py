import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.merkle.canonical import NUMBER_MAX, CanonicalError, decode, encode

texts = st.text().map(lambda text: unicodedata.normalize("NFC", text))
values = st.recursive(
    texts | st.integers(0, NUMBER_MAX),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_it_reads_back_what_it_writes(value):
    assert decode(encode(value)) == value


@given(values, st.data())
def test_it_refuses_the_same_value_with_a_space_in_it(value, data):
    raw = encode({"a": value})
    place = data.draw(st.integers(0, len(raw)))
    spaced = raw[:place] + b" " + raw[place:]
    try:
        same = json.loads(spaced) == {"a": value}
    except ValueError:
        same = False
    if same:
        with pytest.raises(CanonicalError):
            decode(spaced)


def test_it_sorts_keys_and_writes_no_spaces():
    assert encode({"b": 1, "a": ["é", {"z": 0, "y": ""}]}) == '{"a":["é",{"y":"","z":0}],"b":1}'.encode()


def test_it_escapes_as_rfc_8785_does():
    assert (
        encode('"\\/\b\f\n\r\t\x00\x1f\x7f\u2028守') == '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\u2028守"'.encode()
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nul",
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b' {"a":1}',
        b"[1,]",
        b"01",
        b"-0",
        b"-1",
        b"1.0",
        b"1e3",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"null",
        b"true",
        b"9007199254740992",
        b"9" * 100_000,
        b"-" + b"9" * 5000,
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u001F"',
        b'"\\ud800"',
        b'"\\ud83d\\ude00"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b'"\xc0\x80"',
        b'"\n"',
        '"e\u0301"'.encode(),
        b'\xef\xbb\xbf"a"',
        b"'a'",
        b"[" * 33 + b"]" * 33,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 50_000,
        b"[" * 5_000_000,
    ],
)
def test_it_refuses_whatever_is_not_the_one_spelling(raw):
    with pytest.raises(CanonicalError):
        decode(raw)


@pytest.mark.parametrize("value", [1.5, True, None, -1, 2**53, b"a", {1: 2}, {"e\u0301": 1}, "\ud800", {"a"}, [0.0]])
def test_it_writes_only_text_whole_numbers_lists_and_objects(value):
    with pytest.raises(CanonicalError):
        encode(value)


def test_it_takes_thirty_two_levels():
    raw = b"[" * 32 + b"]" * 32
    assert encode(decode(raw)) == raw


@pytest.mark.parametrize(
    ("raw", "byte"),
    [(b'{"a": 1}', 5), ('{"守":"\xff'.encode("latin-1", "replace"), None), ('{"守":x}'.encode(), 7), (b'"ab\xff"', 3)],
)
def test_it_names_the_first_byte_that_is_wrong(raw, byte):
    with pytest.raises(CanonicalError) as caught:
        decode(raw)
    if byte is not None:
        assert caught.value.at == byte
