"""The map from label to leaf hash: an insert-only prefix tree, kept in small pages.

The tree reads a label from its most significant bit. A leaf sits at the shallowest depth
at which no other label shares its prefix; it hashes as SHA-256(0x02 ‖ label ‖ leaf hash),
an inner node as SHA-256(0x03 ‖ left ‖ right), a missing child and the empty root are 32
zero bytes. So the root depends on the set of labels alone, not on the order of inserts.

**Pages.** Each page holds the part of the tree below one prefix of whole nibbles; its key
is those nibbles, a byte each (the root page has the empty key). A page begins with the four
levels below its prefix as a heap of 31 nodes, whose lowest sixteen are its *slots*, one a
nibble: byte ``k`` says how many leaves stand below node ``k`` (0, 1, or more), bytes
``32k`` to ``32k + 32`` are its hash. Byte 0 tells the two kinds apart. A *bucket* holds up
to ``LIMIT`` leaves, sorted, after the heap. A *fork* has more below it; its slots speak for
the sixteen pages beneath. A lone leaf's hash rises unchanged through empty siblings, across
page borders too: that is how a leaf stands at its shallowest depth wherever its page is. An
insert into a million leaves rewrites five pages of 1 to 3 kB and hashes one path.
"""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Protocol, TypeAlias

from shouxin.core.merkle.proof import ProofError
from shouxin.core.merkle.tree import HASH_SIZE

Item: TypeAlias = tuple[bytes, bytes]
"""(label, leaf hash), 32 bytes each."""
_Entry: TypeAlias = tuple[bytes, bytes, bytes]
"""(the label's nibbles, a byte each; label; leaf hash): in the order of labels."""

LIMIT = 32
LABEL_BITS = 256
EMPTY_MAP = bytes(HASH_SIZE)
HEAP_SIZE = 1024

_BUCKET, _FORK = 0, 1
_LONE, _MORE = 1, 2
_SLOTS = 16
_ITEM_SIZE = 2 * HASH_SIZE
_INNER = sha256(b"\x03")  # copied for each node: cheaper than to begin anew
_NIBBLES = bytes(int(chr(sign), 16) if chr(sign) in "0123456789abcdef" else 0 for sign in range(256))
_DIGITS = [bytes([nibble]) for nibble in range(16)]


class DuplicateLabelError(ValueError):
    """A label is already in the map, or stands twice in one batch."""


class Pages(Protocol):
    """Where pages are looked up by their key."""

    def get(self, path: bytes, /) -> bytes | None:
        """The page, or None where there is none."""


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


def insert(pages: Pages, items: Sequence[Item], *, limit: int = LIMIT) -> Update:
    """Add ``items``, which rise strictly by label, to the map in ``pages``; pure.

    ``limit`` (up to 255) is a property of the stored pages: always pass the same. Raises
    ``DuplicateLabelError``.
    """
    if any(after[0] <= before[0] for before, after in pairwise(items)):
        raise DuplicateLabelError("labels must rise strictly")
    if not items:
        return Update(root=root(pages), pages={}, count=0)
    growth = _Growth(pages, limit)
    top = growth.page(b"", pages.get(b""), [(_nibbles(label), label, leaf) for label, leaf in items])
    changed = {path: bytes(page) for path, page in growth.changed.items()}
    return Update(root=bytes(top[32:64]), pages=changed, count=len(items))


def root(pages: Pages) -> bytes:
    """The root of the stored map; 32 zero bytes when it is empty."""
    page = pages.get(b"")
    return EMPTY_MAP if page is None else page[32:64]


def is_fork(page: bytes) -> bool:
    """Whether more pages stand below this one, one for each slot that isn't empty."""
    return page[0] == _FORK


def speaks_for(fork: bytes, nibble: int, page: bytes) -> bool:
    """Whether the fork's slot of this nibble and the page below it say the same."""
    slot = _SLOTS + nibble
    return page[1] == fork[slot] and page[32:64] == fork[32 * slot : 32 * slot + 32]


def prove(pages: Pages, label: bytes) -> PathProof:
    """The path of ``label``, whether it is in the map or not."""
    siblings: list[bytes] = []
    nibbles, depth = _nibbles(label), 0
    while (page := pages.get(nibbles[:depth])) is not None:
        node = 1
        for bit in (8, 4, 2, 1):
            if page[node] < _MORE:
                end = _lone_leaf(pages, nibbles[:depth], page, node) if page[node] else None
                return PathProof(tuple(siblings), end)
            node = 2 * node + bool(nibbles[depth] & bit)
            siblings.append(_hash(page, node ^ 1))
        if page[0] == _BUCKET:
            return _prove_in_slot(_slot(page, node - _SLOTS), 4 * depth + 4, label, siblings)
        depth += 1
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


class _Growth:
    """One batch on its way into the pages. Page and slot are looked at once, whatever comes below them."""

    def __init__(self, pages: Pages, limit: int) -> None:
        self._get = pages.get
        self._limit = limit
        self.changed: dict[bytes, bytearray] = {}

    def page(self, path: bytes, old: bytes | None, entries: Sequence[_Entry]) -> bytearray:
        """The page at ``path``, so far ``old``, with these entries below it."""
        if old is None or old[0] == _BUCKET:
            count = (len(old) - HEAP_SIZE) // _ITEM_SIZE if old else 0
            if count + len(entries) <= self._limit:
                return self._bucket(path, old, entries)
            # The bucket overflows: all its leaves move one page down, where no page exists yet.
            entries = _merged(old, entries) if old else entries
            old = None
        fork = bytearray(old or HEAP_SIZE)
        fork[0] = _FORK
        touched = []
        for nibble, group in _by_nibble(entries, len(path)):
            below = path + _DIGITS[nibble]
            page = self._one(below, group) if len(group) == 1 else self.page(below, self._get(below), group)
            slot = _SLOTS + nibble
            fork[slot], fork[32 * slot : 32 * slot + 32] = page[1], page[32:64]
            touched.append(slot)
        _rehash(fork, touched)
        self.changed[path] = fork
        return fork

    def _one(self, path: bytes, entries: Sequence[_Entry]) -> bytearray:
        """As `page` for a single entry: what most pages far down get of a batch, so nothing is grouped."""
        nibbles, depth, forks = entries[0][0], len(path), []
        old = self._get(path)
        while old is not None and old[0] == _FORK:
            forks.append(old)
            depth += 1
            old = self._get(nibbles[:depth])
        page = self.page(nibbles[:depth], old, entries)
        while forks:
            depth -= 1
            fork, slot = bytearray(forks.pop()), _SLOTS + nibbles[depth]
            fork[slot], fork[32 * slot : 32 * slot + 32] = page[1], page[32:64]
            _rehash(fork, (slot,))
            self.changed[nibbles[:depth]] = page = fork
        return page

    def _bucket(self, path: bytes, old: bytes | None, entries: Sequence[_Entry]) -> bytearray:
        """The page as a bucket that holds these entries too."""
        page, place = bytearray(old or HEAP_SIZE), len(path)
        touched = []
        for nibble, group in _by_nibble(entries, place):
            slot = _SLOTS + nibble
            start, count = _start(page, nibble), page[slot]
            if count == 0 and len(group) == 1:
                _, label, leaf = group[0]
                page[start:start] = label + leaf
                page[slot], page[32 * slot : 32 * slot + 32] = 1, sha256(b"\x02" + label + leaf).digest()
            else:
                items = _sorted([*_items(page, start, count), *[(label, leaf) for _, label, leaf in group]])
                page[start : start + count * _ITEM_SIZE] = b"".join([part for item in items for part in item])
                page[slot], page[32 * slot : 32 * slot + 32] = len(items), _node(items, 4 * place + 4)
            touched.append(slot)
        _rehash(page, touched)
        self.changed[path] = page
        return page


def _rehash(page: bytearray, touched: Sequence[int]) -> None:
    """Work out again every heap node above the touched ones."""
    nodes = touched
    while nodes[0] > 1:
        if len(nodes) == 1:
            _rise(page, nodes[0])
            return
        nodes = [*dict.fromkeys([node >> 1 for node in nodes])]
        for node in nodes:
            _join(page, node)


def _rise(page: bytearray, node: int) -> None:
    """As `_rehash` for one touched node: what most pages far down have, and where most of the time goes."""
    while node > 1:
        beside, node = page[node ^ 1], node >> 1
        if beside:
            inner = _INNER.copy()
            inner.update(page[node << 6 : (node << 6) + 64])
            page[node], page[node << 5 : (node << 5) + 32] = _MORE, inner.digest()
        else:
            _join(page, node)


def _join(page: bytearray, node: int) -> None:
    """The heap node over its two children; a lone leaf beside nothing rises unchanged."""
    at, half = node << 6, node << 5
    left, right = page[2 * node], page[2 * node + 1]
    if left + right > _LONE:
        inner = _INNER.copy()
        inner.update(page[at : at + 64])
        page[node], page[half : half + 32] = _MORE, inner.digest()
    else:
        page[node] = left + right
        page[half : half + 32] = page[at : at + 32] if left else page[at + 32 : at + 64]


def _node(items: Sequence[Item], depth: int) -> bytes:
    """The hash over these leaves, at least one, as a node at ``depth``; they agree in all bits before it."""
    if len(items) == 1:
        return _leaf_hash(items[0])
    first = int.from_bytes(items[0][0], "big")
    parts = LABEL_BITS - (first ^ int.from_bytes(items[-1][0], "big")).bit_length()
    cut = 1 if len(items) == 2 else sum(not _bit(label, parts) for label, _ in items)
    node = sha256(b"\x03" + _node(items[:cut], parts + 1) + _node(items[cut:], parts + 1)).digest()
    for level in range(parts - 1, depth - 1, -1):  # nothing else hangs here
        pair = EMPTY_MAP + node if _bit(items[0][0], level) else node + EMPTY_MAP
        node = sha256(b"\x03" + pair).digest()
    return node


def _prove_in_slot(items: Sequence[Item], depth: int, label: bytes, siblings: list[bytes]) -> PathProof:
    while len(items) > 1:
        cut = sum(not _bit(one, depth) for one, _ in items)
        here, beside = (items[cut:], items[:cut]) if _bit(label, depth) else (items[:cut], items[cut:])
        siblings.append(_node(beside, depth + 1) if beside else EMPTY_MAP)
        items, depth = here, depth + 1
    return PathProof(tuple(siblings), items[0] if items else None)


def _lone_leaf(pages: Pages, path: bytes, page: bytes, node: int) -> Item:
    """The only leaf below heap node ``node`` of the page at ``path``."""
    while node < _SLOTS:
        node = 2 * node + (page[2 * node] == 0)
    if page[0] == _BUCKET:
        return _slot(page, node - _SLOTS)[0]
    bucket = pages.get(path + _DIGITS[node - _SLOTS])
    assert bucket is not None, "a slot that isn't empty speaks for a page"
    return _items(bucket, HEAP_SIZE, 1)[0]


def _merged(bucket: bytes, entries: Sequence[_Entry]) -> list[_Entry]:
    items = _items(bucket, HEAP_SIZE, (len(bucket) - HEAP_SIZE) // _ITEM_SIZE)
    merged = _sorted([*items, *((label, leaf) for _, label, leaf in entries)])
    return [(_nibbles(label), label, leaf) for label, leaf in merged]


def _sorted(items: list[Item]) -> list[Item]:
    items.sort()
    if any(after[0] == before[0] for before, after in pairwise(items)):
        raise DuplicateLabelError("a label is already in the map")
    return items


def _by_nibble(entries: Sequence[_Entry], place: int) -> list[tuple[int, Sequence[_Entry]]]:
    """The entries in groups by their nibble number ``place``; they are sorted by label."""
    found, start, count = [], 0, len(entries)
    while start < count:
        nibble = entries[start][0][place]
        end = start + 1
        while end < count and entries[end][0][place] == nibble:
            end += 1
        found.append((nibble, entries[start:end]))
        start = end
    return found


def _slot(bucket: bytes, nibble: int) -> list[Item]:
    return _items(bucket, _start(bucket, nibble), bucket[_SLOTS + nibble])


def _start(bucket: bytes | bytearray, nibble: int) -> int:
    """Where the leaves of this slot begin: a bucket's slots count theirs."""
    return HEAP_SIZE + _ITEM_SIZE * sum(bucket[_SLOTS : _SLOTS + nibble])


def _items(page: bytes | bytearray, start: int, count: int) -> list[Item]:
    part = bytes(page[start : start + count * _ITEM_SIZE])
    return [
        (part[at : at + HASH_SIZE], part[at + HASH_SIZE : at + _ITEM_SIZE]) for at in range(0, len(part), _ITEM_SIZE)
    ]


def _hash(page: bytes, node: int) -> bytes:
    return page[32 * node : 32 * node + 32]


def _leaf_hash(item: Item) -> bytes:
    return sha256(b"\x02" + item[0] + item[1]).digest()


def _nibbles(label: bytes) -> bytes:
    """A byte for each nibble, and a 0 for the page that a limit of one puts below the last."""
    return hexlify(label).translate(_NIBBLES) + b"\0"


def _bit(label: bytes, depth: int) -> int:
    return label[depth >> 3] >> (7 - (depth & 7)) & 1


def _share_prefix(one: bytes, other: bytes, bits: int) -> bool:
    if len(one) != HASH_SIZE or len(other) != HASH_SIZE:
        return False
    apart = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return apart >> (LABEL_BITS - bits) == 0
