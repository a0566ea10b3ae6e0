"""Where a tiled log keeps what (C2SP tlog-tiles): paths of tiles and entry bundles, and what a bundle holds.

A tile holds up to 256 hashes of one level, an entry bundle up to 256 entries; a narrower one is partial and says its
width in its path: ``tile/0/x001/x234/067``, ``tile/entries/273.p/112``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shouxin.core.merkle.spelling import U64_MAX

FULL = 256
LAST_LEVEL = 63
ENTRIES = "entries"

_PATH = re.compile(r"tile/(0|[1-9][0-9]?|entries)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


class TileError(ValueError):
    """Not a tile's path, or not an entry bundle."""


@dataclass(frozen=True, slots=True)
class TilePath:
    """``level``: 0 to 63, or ``entries``; ``index`` of the tile in its level; ``width``: 1 to 256."""

    level: int | str
    index: int
    width: int = FULL

    def to_text(self) -> str:
        """The path below the log's prefix."""
        groups = [f"{self.index % 1000:03d}"]
        above = self.index // 1000
        while above:
            groups.append(f"x{above % 1000:03d}")
            above //= 1000
        partial = "" if self.width == FULL else f".p/{self.width}"
        return f"tile/{self.level}/{'/'.join(reversed(groups))}{partial}"

    @classmethod
    def parse(cls, text: str) -> TilePath:
        """Read a path; the one spelling of it and no other. Raises ``TileError``."""
        found = _PATH.fullmatch(text)
        if found is None:
            raise TileError("not the path of a tile")
        level, groups, width = found.groups()
        path = cls(
            level=level if level == ENTRIES else int(level),
            index=int(groups.replace("x", "").replace("/", "")),
            width=FULL if width is None else int(width),
        )
        if path.to_text() != text or path.index > U64_MAX or (level != ENTRIES and int(level) > LAST_LEVEL):
            raise TileError("not the spelling of a tile's path")
        return path


def bundle_of(entry: int, *, size: int) -> TilePath:
    """The bundle that holds this entry in a log of ``size``."""
    assert 0 <= entry < size
    index = entry // FULL
    return TilePath(ENTRIES, index, min(FULL, size - index * FULL))


def pack(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry after its length, 16 bits big-endian."""
    return b"".join(len(one).to_bytes(2, "big") + one for one in entries)


def unpack(data: bytes) -> list[bytes]:
    """The entries of a bundle, 1 to 256, each after its length (16 bits big-endian).

    Raises ``TileError`` when the bundle is cut short, empty or too wide.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    if at != len(data) or not 0 < len(entries) <= FULL:
        raise TileError("not whole entries, 1 to 256 of them")
    return entries
