"""Going over a log's blinded leaves as anybody can: the tree, the map and the clock, without learning whose they are.

Each epoch leaf closes a batch and says how many leaves and entries there are, what the map's root is and what time it
is; the replay computes all four again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from shouxin.core.merkle.chain import Epoch, LeafError
from shouxin.core.merkle.grown_map import GrownMap
from shouxin.core.merkle.prefix_tree import EMPTY_MAP, DuplicateLabelError
from shouxin.core.merkle.tree import Frontier, leaf_hash

_ENTRY, _ENTRY_SIZE = 1, 65
_EPOCH = 2


class ReplayError(ValueError):
    """A leaf that no honest log holds: ``why`` is a word of the witness's closed list, ``index`` the leaf."""

    def __init__(self, why: str, index: int) -> None:
        super().__init__(f"{why} at leaf {index}")
        self.why = why
        self.index = index


@dataclass
class Replay:
    """What was gone over so far; it stands at the end of a batch after each epoch that is given back."""

    frontier: Frontier = field(default_factory=Frontier)
    entries: int = 0
    ms: int = 0
    map_root: bytes = EMPTY_MAP
    _map: GrownMap = field(default_factory=GrownMap, repr=False)

    def epochs(self, leaves: Iterable[bytes]) -> Iterator[Epoch]:
        """Each epoch in turn, once its batch was checked. Raises ``ReplayError``."""
        batch: list[bytes] = []
        index = self.frontier.size
        for data in leaves:
            kind = data[0] if data else 0
            if kind == _ENTRY and len(data) == _ENTRY_SIZE:
                batch.append(data)
            elif kind == _EPOCH:
                yield self._closed(batch, data, index)
                batch = []
            else:
                raise ReplayError("malformed", index)
            index += 1
        if batch:
            raise ReplayError("open_batch", index - 1)

    def _closed(self, batch: list[bytes], last: bytes, index: int) -> Epoch:
        try:
            epoch = Epoch.parse(last)
        except LeafError:
            raise ReplayError("malformed", index) from None
        hashes = [leaf_hash(data) for data in batch]
        items = [(data[1:33], digest) for data, digest in zip(batch, hashes, strict=True)]
        try:
            self.map_root = self._map.add(items)
        except DuplicateLabelError:
            raise ReplayError("label_twice", index) from None
        self.frontier, _ = self.frontier.append_many([*hashes, leaf_hash(last)])
        self.entries += len(batch)
        if (epoch.size, epoch.entries) != (index + 1, self.entries):
            raise ReplayError("wrong_count", index)
        if epoch.map_root != self.map_root:
            raise ReplayError("wrong_map", index)
        if epoch.ms < self.ms:
            raise ReplayError("time_backwards", index)
        self.ms = epoch.ms
        return epoch
