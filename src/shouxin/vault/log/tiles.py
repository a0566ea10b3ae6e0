"""The hashes of the tree, kept as tiles of 256 (C2SP tlog-tiles, height 8).

Tile (L, N) holds the hashes of the complete subtrees of 256^L leaves, numbers 256·N and on. Any
complete subtree's hash follows from at most 256 of them.
"""

from collections.abc import Iterator, Sequence

from shouxin.core.merkle.tree import node_hash
from shouxin.vault import models

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH_BYTES = 32


class Tiles:
    """Reads and extends the tiles; what was read is remembered for this object's life only."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree of 2^level leaves, number `index`."""
        tile_level, inside = divmod(level, HEIGHT)
        first = index << inside
        number, offset = divmod(first, WIDTH)
        tile = self._tile(tile_level, number)
        found = tile[HASH_BYTES * offset : HASH_BYTES * (offset + (1 << inside))]
        assert len(found) == HASH_BYTES << inside, "a hash the log doesn't have yet"
        return _fold(found)

    def append(self, size: int, leaf_hashes: Sequence[bytes]) -> None:
        """Add the hashes of leaves `size`, `size + 1`, …, and those of each tile they complete."""
        level, first, hashes = 0, size, b"".join(leaf_hashes)
        changed: dict[tuple[int, int], bytes] = {}
        while hashes:
            parents, begin = [], first // WIDTH
            for number, part in _by_tile(first, hashes):
                tile = self._tile(level, number) + part
                self._read[level, number] = changed[level, number] = tile
                if len(tile) == HASH_BYTES * WIDTH:
                    parents.append(_fold(tile))
            level, first, hashes = level + 1, begin, b"".join(parents)
        _save(changed)

    def _tile(self, level: int, number: int) -> bytes:
        if (level, number) not in self._read:
            row = models.Tile.objects.filter(level=level, index=number).first()
            self._read[level, number] = bytes(row.hashes) if row else b""
        return self._read[level, number]


def _by_tile(first: int, hashes: bytes) -> Iterator[tuple[int, bytes]]:
    """Cut hashes that begin at number `first` at the borders of the tiles."""
    at = 0
    while at < len(hashes):
        number, offset = divmod(first + at // HASH_BYTES, WIDTH)
        end = at + HASH_BYTES * (WIDTH - offset)
        yield number, hashes[at:end]
        at = end


def _fold(hashes: bytes) -> bytes:
    """The root of a power of two of hashes that stand one after the other."""
    while len(hashes) > HASH_BYTES:
        pairs = range(0, len(hashes), 2 * HASH_BYTES)
        hashes = b"".join(
            node_hash(hashes[at : at + HASH_BYTES], hashes[at + HASH_BYTES : at + 2 * HASH_BYTES]) for at in pairs
        )
    return hashes


def _save(changed: dict[tuple[int, int], bytes]) -> None:
    rows = [models.Tile(level=at[0], index=at[1], hashes=tile) for at, tile in changed.items()]
    models.Tile.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["level", "index"],
        update_fields=["hashes"],
    )
