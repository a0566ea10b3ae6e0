"""The log's tree: RFC 6962 hashing with SHA-256, grown at its right edge.

A *complete node* (level, index) is the hash over the 2**level leaves that begin at
index * 2**level. It never changes once all its leaves are there, so stores keep complete
nodes and every root or proof is put together from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count, repeat
from typing import Protocol, TypeAlias

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


Node: TypeAlias = tuple[int, int, bytes]
"""(level, index, hash) of a complete node."""


class HashSource(Protocol):
    """Where complete nodes are looked up; asked only for nodes that the tree has."""

    def node(self, level: int, index: int) -> bytes:
        """The 32-byte hash of that complete subtree."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data), RFC 6962 section 2.1."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: one hash for each 1 in the binary size, largest subtree first.

    It is all that is needed to append and to know the root.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        assert len(self.hashes) == self.size.bit_count(), "one hash for each 1 in the size"

    def append_many(self, leaf_hashes: Iterable[bytes]) -> tuple[Frontier, list[Node]]:
        """The frontier after these leaves, and every complete node that they completed.

        Nodes come level by level, from the leaves up, and from left to right in each.
        """
        nodes: list[Node] = []
        row, first, level = list(leaf_hashes), self.size, 0
        size, left, right = first + len(row), list(self.hashes), []
        while row:
            nodes += zip(repeat(level), count(first), row)  # as long as the row
            if first & 1:
                row = [left.pop(), *row]
            if len(row) & 1:
                right.append(row.pop())
            pairs = zip(row[::2], row[1::2], strict=True)
            row = [sha256(b"\x01" + one + other).digest() for one, other in pairs]
            first, level = first >> 1, level + 1
        return Frontier(size, (*left, *reversed(right))), nodes

    def root(self) -> bytes:
        """The RFC 6962 root; of size 0 the SHA-256 of nothing."""
        return fold_right(self.hashes) if self.hashes else EMPTY_ROOT


def fold_right(hashes: Sequence[bytes]) -> bytes:
    """One root over neighbouring subtrees, largest first; at least one must stand."""
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root of a whole list of leaf hashes."""
    return Frontier().append_many(leaf_hashes)[0].root()


def frontier_of(size: int, source: HashSource) -> Frontier:
    """The frontier of a stored tree of ``size`` leaves."""
    return Frontier(size, tuple(source.node(*place) for place in places(0, size)))


def places(start: int, end: int) -> list[tuple[int, int]]:
    """(level, index) of the complete nodes that make up leaves [start, end), left to right.

    ``start`` must be a multiple of the smallest power of two that holds the range, as it
    is for every range that the tree splits into.
    """
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def range_root(start: int, end: int, source: HashSource) -> bytes:
    """The root over leaves [start, end), a range that the tree of some size splits into."""
    return fold_right([source.node(*place) for place in places(start, end)])


def split_of(size: int) -> int:
    """The largest power of two below ``size`` (RFC 6962's k); size must exceed 1."""
    return 1 << ((size - 1).bit_length() - 1)
