"""The map from label to leaf hash: an insert-only prefix tree, kept in small pages.

The tree reads a label from its most significant bit. A leaf sits at the shallowest depth
at which no other label shares its prefix; it hashes as SHA-256(0x02 ‖ label ‖ leaf hash),
an inner node as SHA-256(0x03 ‖ left ‖ right), a missing child and the empty root are 32
zero bytes. So the root depends on the set of labels alone, not on the order of inserts.

**Pages.** Each page holds the part of the tree below one prefix of whole nibbles; its key
is those nibbles, a byte each (the root page has the empty key). A page is a *bucket* of up to
``LIMIT`` leaves, or, with more below it, a *fork*: the four levels below the prefix as a heap
of 31 summaries, whose lowest sixteen speak for the sixteen pages beneath. A summary is one
byte (0 nothing, 1 a lone leaf, 2 an inner node) and the hash. A lone leaf's summary rises
unchanged through empty siblings, across page borders too: that is how a leaf stands at its
shallowest depth wherever its page is. An insert into a million leaves rewrites five pages
of 1 to 2 kB.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import TypeAlias

from shouxin.core.merkle.proof import ProofError
from shouxin.core.merkle.tree import HASH_SIZE

Item: TypeAlias = tuple[bytes, bytes]
"""(label, leaf hash), 32 bytes each."""

LIMIT = 32
LABEL_BITS = 256
EMPTY_MAP = bytes(HASH_SIZE)

_BUCKET, _FORK = b"\x00", b"\x01"
_NOTHING, _LEAF, _INNER = 0, 1, 2
_EMPTY = bytes(1 + HASH_SIZE)
_SUMMARY_SIZE = len(_EMPTY)
_FORK_SIZE = 1 + 31 * _SUMMARY_SIZE
_ITEM_SIZE = 2 * HASH_SIZE


class DuplicateLabelError(ValueError):
    """A label is already in the map, or stands twice in one batch."""


@dataclass(frozen=True, slots=True)
class Update:
    """What a batch changes: the new root, the pages to write, the number of new labels."""

    root: bytes
    pages: dict[bytes, bytes]
    count: int


@dataclass(frozen=True, slots=True)
class PathProof:
    """The path of a label: the hashes beside it from the root down, and the leaf it ends in.

    ``end`` is None when the path ends in an empty child. A leaf with another label there,
    or an empty child, proves that the label is not in the map.
    """

    siblings: tuple[bytes, ...]
    end: Item | None


def insert(pages: Mapping[bytes, bytes], items: Sequence[Item], *, limit: int = LIMIT) -> Update:
    """Add ``items``, which rise strictly by label, to the map in ``pages``; pure.

    ``limit`` is a property of the stored pages: always pass the same. Raises
    ``DuplicateLabelError``.
    """
    if any(after[0] <= before[0] for before, after in pairwise(items)):
        raise DuplicateLabelError("labels must rise strictly")
    changed: dict[bytes, bytes] = {}
    top = _insert(pages, changed, path=b"", items=items, limit=limit) if items else _top(pages)
    return Update(root=top[1:], pages=changed, count=len(items))


def root(pages: Mapping[bytes, bytes]) -> bytes:
    """The root of the stored map; 32 zero bytes when it is empty."""
    return _top(pages)[1:]


def prove(pages: Mapping[bytes, bytes], label: bytes) -> PathProof:
    """The path of ``label``, whether it is in the map or not."""
    siblings: list[bytes] = []
    path = b""
    while (page := pages.get(path)) is not None:
        if page[:1] == _BUCKET:
            return _prove_in_bucket(_items(page), 4 * len(path), label, siblings)
        node = 1
        for depth in range(4 * len(path), 4 * len(path) + 4):
            if _at(page, node)[0] == _LEAF:
                return PathProof(tuple(siblings), _lone_leaf(pages, path, node))
            if _at(page, node)[0] == _NOTHING:
                return PathProof(tuple(siblings), None)
            node = 2 * node + _bit(label, depth)
            siblings.append(_at(page, node ^ 1)[1:])
        path += bytes([node - 16])
    return PathProof(tuple(siblings), None)


def verify(root: bytes, label: bytes, proof: PathProof) -> bytes | None:
    """What the map with this root holds under ``label``: its leaf hash, or None for nothing.

    Raises ``ProofError`` when the path does not lead to the root, ends in a leaf that has
    no business there, or is longer than a tree of shallowest leaves would have it.
    """
    depth, end = len(proof.siblings), proof.end
    if depth > LABEL_BITS or any(len(one) != HASH_SIZE for one in proof.siblings):
        raise ProofError("a path of more than 256 hashes, or a hash that is not 32 bytes")
    if depth and proof.siblings[-1] == EMPTY_MAP:
        raise ProofError("a path that goes on below the shallowest depth")
    if end is not None and not _share_prefix(end[0], label, depth):
        raise ProofError("a leaf that is not on the path")
    node = EMPTY_MAP if end is None else _leaf_hash(end)
    for level in range(depth - 1, -1, -1):
        beside = proof.siblings[level]
        pair = beside + node if _bit(label, level) else node + beside
        node = sha256(b"\x03" + pair).digest()
    if node != root:
        raise ProofError("a path that does not lead to the root")
    return end[1] if end is not None and end[0] == label else None


def _insert(
    pages: Mapping[bytes, bytes],
    changed: dict[bytes, bytes],
    *,
    path: bytes,
    items: Sequence[Item],
    limit: int,
) -> bytes:
    """Write the changed pages at and below ``path``; the summary of the page at ``path``."""
    page = pages.get(path)
    if page is not None and page[:1] == _FORK:
        fork = bytearray(page)
    else:
        items = _merged(_items(page) if page else [], items)
        if len(items) <= limit:
            changed[path] = _BUCKET + b"".join(label + leaf for label, leaf in items)
            return _summary(items, 0, len(items), 4 * len(path))
        # The bucket overflows: all its leaves move one page down, where no page exists yet.
        fork = bytearray(_FORK_SIZE)
        fork[:1] = _FORK
    touched = set()
    for nibble, group in _by_nibble(items, len(path)):
        below = _insert(pages, changed, path=path + bytes([nibble]), items=group, limit=limit)
        _put(fork, 16 + nibble, below)
        touched.add(16 + nibble)
    _rehash(fork, touched)
    changed[path] = bytes(fork)
    return _at(fork, 1)


def _rehash(fork: bytearray, touched: set[int]) -> None:
    """Work out again every heap node above the touched ones."""
    while touched != {1}:
        touched = {node // 2 for node in touched}
        for node in touched:
            _put(fork, node, _join(_at(fork, 2 * node), _at(fork, 2 * node + 1)))


def _join(left: bytes, right: bytes) -> bytes:
    """The summary over two children; a lone leaf beside nothing rises unchanged."""
    if left[0] == _NOTHING and right[0] != _INNER:
        return right
    if right[0] == _NOTHING and left[0] == _LEAF:
        return left
    return b"\x02" + sha256(b"\x03" + left[1:] + right[1:]).digest()


def _summary(items: Sequence[Item], start: int, end: int, depth: int) -> bytes:
    """The summary over items [start, end), which agree in their first ``depth`` bits."""
    if start == end:
        return _EMPTY
    if end - start == 1:
        return b"\x01" + _leaf_hash(items[start])
    cut = _cut(items, start, end, depth)
    left = _summary(items, start, cut, depth + 1)
    return _join(left, _summary(items, cut, end, depth + 1))


def _prove_in_bucket(items: Sequence[Item], depth: int, label: bytes, siblings: list[bytes]) -> PathProof:
    start, end = 0, len(items)
    while end - start > 1:
        cut = _cut(items, start, end, depth)
        if _bit(label, depth):
            siblings.append(_summary(items, start, cut, depth + 1)[1:])
            start = cut
        else:
            siblings.append(_summary(items, cut, end, depth + 1)[1:])
            end = cut
        depth += 1
    return PathProof(tuple(siblings), items[start] if start < end else None)


def _lone_leaf(pages: Mapping[bytes, bytes], path: bytes, node: int) -> Item:
    """The only leaf below heap node ``node`` of the fork at ``path``."""
    while node < 16:
        node = 2 * node + (_at(pages[path], 2 * node)[0] == _NOTHING)
    (item,) = _items(pages[path + bytes([node - 16])])
    return item


def _top(pages: Mapping[bytes, bytes]) -> bytes:
    page = pages.get(b"")
    if page is None:
        return _EMPTY
    if page[:1] == _FORK:
        return _at(page, 1)
    items = _items(page)
    return _summary(items, 0, len(items), 0)


def _merged(old: list[Item], new: Sequence[Item]) -> list[Item]:
    merged = sorted([*old, *new])
    if any(after[0] == before[0] for before, after in pairwise(merged)):
        raise DuplicateLabelError("a label is already in the map")
    return merged


def _by_nibble(items: Sequence[Item], place: int) -> Iterator[tuple[int, Sequence[Item]]]:
    """The items in groups by their nibble number ``place``; they are sorted by label."""
    start = 0
    while start < len(items):
        nibble = _nibble(items[start][0], place)
        end = start + 1
        while end < len(items) and _nibble(items[end][0], place) == nibble:
            end += 1
        yield nibble, items[start:end]
        start = end


def _cut(items: Sequence[Item], start: int, end: int, depth: int) -> int:
    """The first position in [start, end) whose label has a 1 at ``depth``."""
    while start < end and not _bit(items[start][0], depth):
        start += 1
    return start


def _items(page: bytes) -> list[Item]:
    return [
        (page[at : at + HASH_SIZE], page[at + HASH_SIZE : at + _ITEM_SIZE]) for at in range(1, len(page), _ITEM_SIZE)
    ]


def _at(fork: bytes | bytearray, node: int) -> bytes:
    start = 1 + (node - 1) * _SUMMARY_SIZE
    return bytes(fork[start : start + _SUMMARY_SIZE])


def _put(fork: bytearray, node: int, summary: bytes) -> None:
    start = 1 + (node - 1) * _SUMMARY_SIZE
    fork[start : start + _SUMMARY_SIZE] = summary


def _leaf_hash(item: Item) -> bytes:
    return sha256(b"\x02" + item[0] + item[1]).digest()


def _bit(label: bytes, depth: int) -> int:
    return label[depth >> 3] >> (7 - (depth & 7)) & 1


def _nibble(label: bytes, place: int) -> int:
    return label[place >> 1] >> (0 if place & 1 else 4) & 15


def _share_prefix(one: bytes, other: bytes, bits: int) -> bool:
    if len(one) != HASH_SIZE or len(other) != HASH_SIZE:
        return False
    apart = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return apart >> (LABEL_BITS - bits) == 0
