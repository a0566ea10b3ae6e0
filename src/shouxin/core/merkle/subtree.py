"""Subtrees [start, end) of a log's tree, and the proofs about them (draft-ietf-plants-merkle-tree-certs, section 4).

A subtree is the tree over a range of leaves by itself. The range is one that stands on its own: it begins at 0, or at a
multiple of the smallest power of two that is not below its length, so that most of its nodes are nodes of the whole
tree. The verifying functions return the roots that the proof leads to; comparing is the caller's step.
"""

from __future__ import annotations

from collections.abc import Sequence

from shouxin.core.merkle.proof import ProofError, verify_inclusion
from shouxin.core.merkle.spelling import U64_MAX
from shouxin.core.merkle.tree import EMPTY_ROOT, HASH_SIZE, node_hash, split_of


def stands_alone(start: int, end: int) -> bool:
    """Whether [start, end) is a subtree; an empty one is, wherever it stands."""
    if not 0 <= start <= end <= U64_MAX:
        return False
    return start in (0, end) or start % (1 << (end - start - 1).bit_length()) == 0


def verify_in_subtree(leaf_hash: bytes, *, index: int, start: int, end: int, proof: Sequence[bytes]) -> bytes:
    """The root that ``proof`` gives for leaf ``index`` of the log inside [start, end)."""
    if not stands_alone(start, end) or not start <= index < end:
        raise ProofError("no such leaf in a subtree")
    return verify_inclusion(leaf_hash, index=index - start, size=end - start, proof=proof)


def verify_subtree(
    *, start: int, end: int, size: int, root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes | None]:
    """The roots that the proof leads to: (of [start, end), of the tree of ``size``). Compare both.

    ``root`` is what the subtree's is said to be: it is the first one given back where it is itself a node of the tree.
    The empty subtree belongs to every tree: it says nothing of the second root, which is None then.
    """
    if not stands_alone(start, end) or end > size:
        raise ProofError("not a subtree of that tree")
    rest = list(proof)
    if any(len(one) != HASH_SIZE for one in rest):
        raise ProofError("a hash is not 32 bytes")
    roots = (EMPTY_ROOT, None) if start == end else _roots(start, end, size, root, rest)
    if rest:
        raise ProofError("hashes are left over")
    return roots


def _roots(start: int, end: int, size: int, known: bytes | None, rest: list[bytes]) -> tuple[bytes, bytes]:
    """`known`: the subtree's own root, while it may still be a node; the outermost hash stands last in `rest`."""
    if start == 0 and end == size:
        inside = known if known is not None else _take(rest)
        return inside, inside
    middle = split_of(size)
    beside = _take(rest)
    if end <= middle:
        inner, outer = _roots(start, end, middle, known, rest)
        return inner, node_hash(outer, beside)
    if middle <= start:
        inner, outer = _roots(start - middle, end - middle, size - middle, known, rest)
        return inner, node_hash(beside, outer)
    inner, outer = _roots(0, end - middle, size - middle, None, rest)
    return node_hash(beside, inner), node_hash(beside, outer)


def _take(rest: list[bytes]) -> bytes:
    if not rest:
        raise ProofError("hashes are missing")
    return rest.pop()
