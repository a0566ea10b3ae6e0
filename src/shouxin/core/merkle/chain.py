"""What stands in the log: entries of persons' chains, blinded, and the epochs that close batches.

The j-th entry of a person (j = 1, 2, …) is the leaf 0x01 ‖ label ‖ commitment. The label
is a keyed hash of j, so nobody without the person's key can tell whose entry it is. The
commitment covers the record and the leaf hash of entry j - 1, so that a chain can't be
cut or reordered. A batch is closed by an epoch leaf, which holds the map's root and the time.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from shouxin.core.merkle.tree import HASH_SIZE

KEY_SIZE = 32
SALT_SIZE = 32
BEFORE_THE_FIRST = bytes(HASH_SIZE)

_LABEL = b"access-label/v1\0"
_COMMIT = b"access-commit/v1\0"
_ENTRY_LEAF = b"\x01"
_EPOCH_LEAF = b"\x02"
_EPOCH_SIZE = 57


class LeafError(ValueError):
    """The bytes are not a leaf of this kind."""


def label(key: bytes, j: int) -> bytes:
    r"""HMAC-SHA256(key, "access-label/v1\0" ‖ u64 j): 32 bytes that name entry ``j``."""
    return hmac.digest(key, _LABEL + _u64(j), "sha256")


def commit(*, salt: bytes, j: int, before: bytes, record: bytes) -> bytes:
    r"""HMAC-SHA256(salt, "access-commit/v1\0" ‖ u64 j ‖ leaf hash of j - 1 ‖ record).

    ``before`` is ``BEFORE_THE_FIRST`` when j is 1; ``salt`` is 32 random bytes.
    """
    assert len(salt) == SALT_SIZE, "a salt is 32 bytes"
    assert len(before) == HASH_SIZE, "a leaf hash is 32 bytes"
    return hmac.digest(salt, _COMMIT + _u64(j) + before + record, "sha256")


def leaf(label: bytes, commit: bytes) -> bytes:
    """The 65 bytes of an entry: 0x01 ‖ label ‖ commitment."""
    assert len(label) == len(commit) == HASH_SIZE, "label and commitment are 32 bytes"
    return _ENTRY_LEAF + label + commit


@dataclass(frozen=True, slots=True)
class Epoch:
    """What an epoch leaf says about the log that ends in it.

    ``size``: leaves up to and with this one; ``entries``: labels in the map, of all
    batches so far; ``map_root``: the map after this batch; ``ms``: when, in milliseconds
    since 1970 UTC.
    """

    size: int
    entries: int
    map_root: bytes
    ms: int

    @property
    def index(self) -> int:
        """Where the epoch leaf itself stands in the log."""
        return self.size - 1

    @property
    def number(self) -> int:
        """How many epochs the log has with this one: every leaf is an entry or an epoch."""
        return self.size - self.entries

    def to_leaf(self) -> bytes:
        """0x02 ‖ u64 size ‖ u64 entries ‖ map root ‖ u64 ms: 57 bytes."""
        assert len(self.map_root) == HASH_SIZE, "a root is 32 bytes"
        return _EPOCH_LEAF + _u64(self.size) + _u64(self.entries) + self.map_root + _u64(self.ms)

    @classmethod
    def parse(cls, data: bytes) -> Epoch:
        """Read an epoch leaf; raises ``LeafError`` if it is none or its numbers can't be."""
        if len(data) != _EPOCH_SIZE or data[:1] != _EPOCH_LEAF:
            raise LeafError("an epoch leaf is 57 bytes and begins with 02")
        numbers = (data[1:9], data[9:17], data[49:57])
        size, entries, ms = (int.from_bytes(one, "big") for one in numbers)
        if entries >= size:
            raise LeafError("more entries than leaves before the epoch")
        return cls(size=size, entries=entries, map_root=data[17:49], ms=ms)


def _u64(number: int) -> bytes:
    return number.to_bytes(8, "big")
