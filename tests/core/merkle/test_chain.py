import hashlib
import hmac
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.merkle.chain import BEFORE_THE_FIRST, Epoch, LeafError, commit, label, leaf

u64 = st.integers(0, 2**64 - 1)
hashes = st.binary(min_size=32, max_size=32)


@given(hashes, u64)
def test_a_label_is_a_keyed_hash_of_the_number(key, j):
    assert label(key, j) == hmac.new(key, b"access-label/v1\0" + struct.pack(">Q", j), hashlib.sha256).digest()


@given(hashes, u64, hashes, st.binary())
def test_a_commitment_binds_number_record_and_the_entry_before(salt, j, before, record):
    said = b"access-commit/v1\0" + struct.pack(">Q", j) + before + record
    assert commit(salt=salt, j=j, before=before, record=record) == hmac.new(salt, said, hashlib.sha256).digest()


def test_golden_values_stay_as_they_are_for_ever():
    key, salt = bytes(range(32)), bytes(range(32, 64))
    first = label(key, 1)
    committed = commit(salt=salt, j=1, before=BEFORE_THE_FIRST, record=b'{"kind":"enrolled"}')
    assert first.hex() == "093b6eac9fa6dac790d12df83ba4ee7bfefba3bd85df9981cdc400fffc456a38"
    assert committed.hex() == "0fbf3e057538931015f0cfdda3a3f2911a38c4cc64c8ae590f4e3cc12ccb3d0b"
    assert leaf(first, committed)[:1] == b"\x01"
    assert len(leaf(first, committed)) == 65


@given(st.integers(1, 2**63), st.integers(0, 2**63), hashes, u64)
def test_an_epoch_leaf_is_57_bytes_and_reads_back(epochs, entries, root, ms):
    if epochs + entries < 2**64:
        epoch = Epoch(size=epochs + entries, entries=entries, map_root=root, ms=ms)
        assert epoch.to_leaf() == b"\x02" + struct.pack(">QQ", epoch.size, entries) + root + struct.pack(">Q", ms)
        assert Epoch.parse(epoch.to_leaf()) == epoch
        assert (epoch.number, epoch.index) == (epochs, epoch.size - 1)


GOOD = Epoch(size=5, entries=3, map_root=bytes(32), ms=1).to_leaf()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        GOOD[:-1],
        GOOD + b"\0",
        b"\x01" + GOOD[1:],
        b"\x02" + bytes(56),
        Epoch(size=5, entries=5, map_root=bytes(32), ms=1).to_leaf(),
    ],
)
def test_it_refuses_bytes_that_are_no_epoch(data):
    with pytest.raises(LeafError):
        Epoch.parse(data)
