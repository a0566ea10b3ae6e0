import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.merkle.canonical import encode
from shouxin.core.merkle.chain import label
from shouxin.core.merkle.form import FormError
from shouxin.core.merkle.person_key import PersonKey, fingerprint

KEY, LATER = b"1" * 32, b"2" * 32
ONE = PersonKey(origin="log.example", keys=((1, KEY),), leaf_1=b"3" * 32)
TWO = PersonKey(origin="log.example", keys=((1, KEY), (4, LATER)))
DOC = {"v": 1, "origin": "log.example", "keys": [{"from": 1, "key": KEY.hex()}], "leaf_1": "33" * 32}

keys = st.sets(st.integers(2, 2**53 - 1), max_size=4).map(
    lambda starts: tuple((start, start.to_bytes(32, "big")) for start in (1, *sorted(starts)))
)


@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=126)), keys, st.none() | st.binary(min_size=32, max_size=32)
)
def test_it_reads_back_what_it_writes(origin, some, leaf_1):
    key = PersonKey(origin=origin, keys=some, leaf_1=leaf_1)
    assert PersonKey.parse(key.encode()) == key


def test_it_is_written_as_the_formats_say():
    assert ONE.encode() == encode(DOC)


def test_an_entry_is_labelled_by_the_key_of_its_time():
    assert [TWO.label(j) for j in (1, 3, 4, 9)] == [label(KEY, 1), label(KEY, 3), label(LATER, 4), label(LATER, 9)]


@pytest.mark.parametrize(
    ("n", "absent"),
    [
        (1, [label(KEY, 2)]),
        (2, [label(KEY, 3)]),
        (3, [label(KEY, 4), label(LATER, 4)]),
        (4, [label(KEY, 4), label(LATER, 5)]),
        (9, [label(KEY, 4), label(LATER, 10)]),
    ],
)
def test_the_next_number_is_absent_under_every_key_in_use_by_then(n, absent):
    assert TWO.next_labels(n) == absent


def test_it_is_never_printed():
    assert KEY.hex() not in repr(ONE)
    assert repr(KEY) not in repr(ONE)


def test_a_key_is_named_by_a_hash_of_its_own_kind():
    assert fingerprint(KEY) != fingerprint(LATER)
    assert len(fingerprint(KEY)) == 64


FIRST = DOC["keys"][0]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"v": 2}, "v"),
        ({"v": "1"}, "v"),
        ({"origin": 1}, "origin"),
        ({"keys": []}, "keys"),
        ({"keys": {}}, "keys"),
        ({"keys": [1]}, "keys[0]"),
        ({"keys": [FIRST | {"from": 0}]}, "keys"),
        ({"keys": [FIRST | {"from": 2}]}, "keys"),
        ({"keys": [FIRST, FIRST]}, "keys"),
        ({"keys": [FIRST | {"key": KEY.hex().upper()[:-1] + "A"}]}, "keys[0].key"),
        ({"keys": [FIRST | {"key": KEY.hex()[:-2]}]}, "keys[0].key"),
        ({"keys": [FIRST | {"until": 3}]}, "keys[0].until"),
        ({"leaf_1": ""}, "leaf_1"),
        ({"leaf_2": ""}, "leaf_2"),
    ],
)
def test_it_names_what_is_wrong_in_the_file(changes, where):
    with pytest.raises(FormError) as caught:
        PersonKey.parse(encode(DOC | changes))
    assert caught.value.where == where


def test_it_misses_each_key():
    for name in ("v", "origin", "keys"):
        with pytest.raises(FormError) as caught:
            PersonKey.parse(encode({key: value for key, value in DOC.items() if key != name}))
        assert caught.value.where == name


def test_it_takes_no_other_layout():
    with pytest.raises(FormError):
        PersonKey.parse(ONE.encode() + b"\n")
