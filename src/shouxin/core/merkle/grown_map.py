"""The map's root for somebody who goes over a log once: the same tree as `prefix_tree`, in memory and without pages.

`prefix_tree` keeps pages that one label's path can be read from; whoever only needs the root after each batch pays for
them several times over. A node is its hash and its two children; a leaf stands at its shallowest depth.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any, TypeAlias

from shouxin.core.merkle.prefix_tree import EMPTY_MAP, LABEL_BITS, DuplicateLabelError, Item

_Leaf: TypeAlias = tuple[bytes, int]
"""Hash of the node, and the label as a number."""
_Node: TypeAlias = Any
"""A `_Leaf`, or the list [hash, left, right] with None for a missing child."""


class GrownMap:
    """Takes batches of labels and says the root after each."""

    def __init__(self) -> None:
        self._top: _Node = None

    def add(self, items: Sequence[Item]) -> bytes:
        """The root once ``items``, which rise strictly by label, are in the map. Raises ``DuplicateLabelError``."""
        if any(after[0] <= before[0] for before, after in pairwise(items)):
            raise DuplicateLabelError("labels must rise strictly")
        leaves = [(sha256(b"\x02" + label + leaf).digest(), int.from_bytes(label, "big")) for label, leaf in items]
        if leaves:
            self._top = _grown(self._top, leaves, [number for _, number in leaves], 0, len(leaves), 0)
        return self._top[0] if self._top else EMPTY_MAP


def _grown(node: _Node, leaves: list[_Leaf], numbers: list[int], start: int, end: int, depth: int) -> _Node:  # noqa: PLR0917  called once a node
    """The node with leaves [start, end) added below it; at least one stands there."""
    if node is None:
        if end - start == 1:
            return leaves[start]
        node = [b"", None, None]
    elif type(node) is tuple:
        node = _pushed_down(node, depth)
    shift = LABEL_BITS - 1 - depth
    middle = ((numbers[start] >> shift) | 1) << shift
    cut = bisect_left(numbers, middle, start, end)
    if cut > start:
        node[1] = _grown(node[1], leaves, numbers, start, cut, depth + 1)
    if end > cut:
        node[2] = _grown(node[2], leaves, numbers, cut, end, depth + 1)
    left, right = node[1], node[2]
    node[0] = sha256(b"\x03" + (left[0] if left else EMPTY_MAP) + (right[0] if right else EMPTY_MAP)).digest()
    return node


def _pushed_down(leaf: _Leaf, depth: int) -> _Node:
    """An inner node that holds the one leaf, which another one joins."""
    if depth == LABEL_BITS:
        raise DuplicateLabelError("a label is already in the map")
    node: _Node = [b"", None, None]
    node[1 + (leaf[1] >> (LABEL_BITS - 1 - depth) & 1)] = leaf
    return node
