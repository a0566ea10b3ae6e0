"""Inclusion and consistency proofs (RFC 6962 section 2.1), and one proof for many leaves.

The verifying functions return the root that the proof leads to, or raise ``ProofError``
when the proof has the wrong number of hashes or makes no sense for the size; comparing
the root with a signed one is the caller's step.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from shouxin.core.merkle.spelling import U64_MAX
from shouxin.core.merkle.tree import HASH_SIZE, HashSource, node_hash, range_root, split_of


class ProofError(ValueError):
    """The proof does not fit the indices and the size."""


def inclusion(index: int, size: int, source: HashSource) -> list[bytes]:
    """The audit path of leaf ``index`` in a tree of ``size``, from the leaf upwards."""
    _must_hold([index], size)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split_of(end - start)
        if index < middle:
            path.append(range_root(middle, end, source))
            end = middle
        else:
            path.append(range_root(start, middle, source))
            start = middle
    return path[::-1]


def verify_inclusion(leaf_hash: bytes, *, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that ``proof`` gives for a leaf at ``index`` of ``size``."""
    _must_hold([index], size)
    hashes = _Hashes(proof)
    root, last = leaf_hash, size - 1
    while last:
        # The last node of a row without a right neighbour moves up unhashed.
        if index & 1:
            root = node_hash(hashes.take(), root)
        elif index < last:
            root = node_hash(root, hashes.take())
        index, last = index >> 1, last >> 1
    hashes.end()
    return root


def consistency(size1: int, size2: int, source: HashSource) -> list[bytes]:
    """The proof that the tree of ``size1`` is the beginning of the tree of ``size2``."""
    if not 0 < size1 <= size2:
        raise ProofError("needs 0 < size1 <= size2")
    path: list[bytes] = []
    start, end = 0, size2
    while end != size1:
        middle = start + split_of(end - start)
        if size1 <= middle:
            path.append(range_root(middle, end, source))
            end = middle
        else:
            path.append(range_root(start, middle, source))
            start = middle
    if start:
        path.append(range_root(start, end, source))
    return path[::-1]


def verify_consistency(*, size1: int, size2: int, root1: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Both roots that the proof leads to: (of size1, of size2). Compare both.

    ``root1`` is needed where it is itself a node of the larger tree, and is then the first
    root given back. Size 0 is refused: it would prove nothing.
    """
    if not 0 < size1 <= size2 <= U64_MAX:
        raise ProofError("needs 0 < size1 <= size2")
    hashes = _Hashes(proof)
    if size1 == size2:
        hashes.end()
        return root1, root1
    node, last = size1 - 1, size2 - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes.take() if node else root1
    while last:
        if node & 1:
            beside = hashes.take()
            old, new = node_hash(beside, old), node_hash(beside, new)
        elif node < last:
            new = node_hash(new, hashes.take())
        node, last = node >> 1, last >> 1
    hashes.end()
    return old, new


def multiproof(indices: Sequence[int], size: int, source: HashSource) -> list[bytes]:
    """One proof for several leaves: the roots of all largest ranges that hold none of them.

    ``indices`` rise strictly. Hashes stand in the order of their ranges, left to right.
    """
    _must_hold(indices, size)
    found: list[bytes] = []

    def visit(start: int, end: int, first: int, after: int) -> None:
        if first == after:
            found.append(range_root(start, end, source))
        elif end - start > 1:
            middle = start + split_of(end - start)
            border = _first_from(indices, middle, first, after)
            visit(start, middle, first, border)
            visit(middle, end, border, after)

    visit(0, size, 0, len(indices))
    return found


def verify_multiproof(items: Sequence[tuple[int, bytes]], *, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that ``proof`` gives for these (index, leaf hash) in a tree of ``size``."""
    indices = [index for index, _ in items]
    _must_hold(indices, size)
    hashes = _Hashes(proof)

    def visit(start: int, end: int, first: int, after: int) -> bytes:
        if first == after:
            return hashes.take()
        if end - start == 1:
            return items[first][1]
        middle = start + split_of(end - start)
        border = _first_from(indices, middle, first, after)
        left = visit(start, middle, first, border)
        return node_hash(left, visit(middle, end, border, after))

    root = visit(0, size, 0, len(items))
    hashes.end()
    return root


def _first_from(indices: Sequence[int], value: int, low: int, high: int) -> int:
    """The first position in [low, high) whose index is at least ``value``, else ``high``."""
    while low < high:
        middle = (low + high) // 2
        if indices[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


def _must_hold(indices: Sequence[int], size: int) -> None:
    if not 0 < size <= U64_MAX:
        raise ProofError("the size is out of range")
    if not indices or any(after <= before for before, after in pairwise(indices)):
        raise ProofError("the indices do not rise")
    if indices[0] < 0 or indices[-1] >= size:
        raise ProofError("an index is not in the tree")


class _Hashes:
    """The hashes of a proof, taken in order; exactly as many as the proof holds."""

    def __init__(self, proof: Sequence[bytes]) -> None:
        if any(len(one) != HASH_SIZE for one in proof):
            raise ProofError("a hash is not 32 bytes")
        self._rest = iter(proof)

    def take(self) -> bytes:
        found = next(self._rest, None)
        if found is None:
            raise ProofError("hashes are missing")
        return found

    def end(self) -> None:
        if next(self._rest, None) is not None:
            raise ProofError("hashes are left over")
