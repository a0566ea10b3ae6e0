"""The hashes of the tree, kept as tiles of 256 (C2SP tlog-tiles, height 8).

Tile (L, N) holds the hashes of the complete subtrees of 256^L leaves, numbers 256·N and on. Any
complete subtree's hash follows from at most 256 of them.
"""

from collections.abc import Sequence

from django.db import connections

from shouxin.core.merkle.tree import Node, node_hash
from shouxin.vault import models
from shouxin.vault.rows import ALIAS, write

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

    def append(self, nodes: Sequence[Node]) -> None:
        """Add what `Frontier.append_many` completed: of every eighth level the hashes, each beside the last."""
        grown: dict[tuple[int, int], list[bytes]] = {}
        for level, index, digest in nodes:
            if level % HEIGHT == 0:
                grown.setdefault((level // HEIGHT, index // WIDTH), []).append(digest)
        for place, hashes in grown.items():
            self._read[place] = self._tile(*place) + b"".join(hashes)
        rows = [(*place, self._read[place]) for place in grown]
        write(models.Tile, ("level", "index", "hashes"), rows, unique=["level", "index"], changing=["hashes"])

    def _tile(self, level: int, number: int) -> bytes:
        if (level, number) not in self._read:
            with connections[ALIAS].cursor() as cursor:
                cursor.execute('SELECT hashes FROM vault_tile WHERE level = %s AND "index" = %s', [level, number])
                row = cursor.fetchone()
            self._read[level, number] = bytes(row[0]) if row else b""
        return self._read[level, number]


def _fold(hashes: bytes) -> bytes:
    """The root of a power of two of hashes that stand one after the other."""
    while len(hashes) > HASH_BYTES:
        pairs = range(0, len(hashes), 2 * HASH_BYTES)
        hashes = b"".join(
            node_hash(hashes[at : at + HASH_BYTES], hashes[at + HASH_BYTES : at + 2 * HASH_BYTES]) for at in pairs
        )
    return hashes
