"""Reads a published log: a folder with a signed `checkpoint` and its entries in bundles (C2SP tlog-tiles)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from shouxin.core.merkle.tile_path import ENTRIES, FULL, TileError, TilePath, unpack

CHECKPOINT = "checkpoint"
LONGEST = FULL * (2 + 2**16)
LONGEST_NOTE = 2**20


class MissingTileError(Exception):
    """A file of the log can't be read, or isn't what its name says; ``where`` is its path below the folder."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


def note_in(folder: Path) -> str:
    """The signed note, unread."""
    try:
        return _read(folder, CHECKPOINT, LONGEST_NOTE).decode("utf-8")
    except UnicodeDecodeError:
        raise MissingTileError(CHECKPOINT) from None


def leaves_in(folder: Path, size: int) -> Iterator[bytes]:
    """The first ``size`` leaves. A partial bundle may have become the full one meanwhile."""
    for number in range((size + FULL - 1) // FULL):
        width = min(FULL, size - number * FULL)
        yield from _bundle(folder, number, width)[:width]


def _bundle(folder: Path, number: int, width: int) -> list[bytes]:
    full, partial = TilePath(ENTRIES, number).to_text(), TilePath(ENTRIES, number, width).to_text()
    where = full if width == FULL or not (folder / partial).exists() else partial
    try:
        entries = unpack(_read(folder, where, LONGEST))
    except TileError:
        raise MissingTileError(where) from None
    if len(entries) < width or len(entries) != TilePath.parse(where).width:
        raise MissingTileError(where)
    return entries


def _read(folder: Path, where: str, longest: int) -> bytes:
    try:
        with (folder / where).open("rb") as file:
            data = file.read(longest + 1)
    except OSError:
        raise MissingTileError(where) from None
    if len(data) > longest:
        raise MissingTileError(where)
    return data
