"""The log as a folder of files that anybody may serve or copy (C2SP tlog-tiles): `checkpoint` and `tile/…`.

Everything in it can be made again from the database, so it may lag behind; but `checkpoint` is written last, and what
it speaks of is on the disk by then. A tile never changes once it is full; a partial one gives way to the full one.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shouxin.core.merkle.note import NoteError, open_note
from shouxin.core.merkle.tile_path import ENTRIES, FULL, TilePath, pack
from shouxin.vault import models, on_disk
from shouxin.vault.interior import Interior
from shouxin.vault.log import append, note_file, witnessed
from shouxin.vault.log.tiles import HASH_BYTES, HEIGHT

CHECKPOINT = "checkpoint"
FOLDER = Path("tiles")
"""Where the log is published, below a lender's directory."""
LOCK = "publishing"
"""One process at a time publishes: an older checkpoint must not take the place of a newer one."""


@dataclass(frozen=True, slots=True)
class Published:
    """How many leaves the folder holds now, and how many files were written for it."""

    size: int
    files: int


def publish(vault: Interior) -> Published:
    """Bring the folder up to the newest checkpoint. Raises `LogBehindError` when it knows of a later one."""
    with on_disk.alone(vault.note_path.parent / LOCK):
        tip = append.tip()
        places = [_put(vault.tiles_path, *one) for one in _tiles(check(vault, tip.note), tip.size)]
        _sync(vault.tiles_path, places)
        put_checkpoint(vault, tip.note)
        return Published(tip.size, len(places))


def put_checkpoint(vault: Interior, own: str) -> None:
    """Publish a note of the log with the lines of its witnesses; whoever does holds `LOCK`."""
    note = witnessed.note(vault, own).encode()
    if _read(vault) != note:
        on_disk.replace(vault.tiles_path / CHECKPOINT, note)
        on_disk.sync(vault.tiles_path)


def checkpoint(vault: Interior) -> str | None:
    """The published checkpoint as the log signed it, without the lines of others; None before the first."""
    try:
        return open_note(_read(vault).decode("utf-8"), [vault.signer.verifier]).to_text()
    except (UnicodeDecodeError, NoteError):
        return None


def check(vault: Interior, note: str) -> int:
    """How many leaves are published. Raises `LogBehindError`, `LogForkedError` when they aren't a part of this log:
    then the database with the newest note `note` is an older one, or another.
    """
    last = checkpoint(vault)
    before, now = note_file.size_of(last) if last else 0, note_file.size_of(note)
    if before > now:
        message = f"the log has {now} leaves, what it published {before}: it never signs when behind"
        raise note_file.LogBehindError(message)
    if before == now and last != note:
        raise note_file.LogForkedError(f"two different notes of {now} leaves")
    return before


def _read(vault: Interior) -> bytes:
    try:
        return (vault.tiles_path / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return b""


def _tiles(before: int, size: int) -> Iterator[tuple[TilePath, bytes]]:
    """What a log of `size` leaves has to publish that one of `before` leaves hasn't."""
    for number, width in _changed(before, size):
        first = number * FULL
        rows = models.Leaf.objects.filter(index__gte=first, index__lt=first + width).order_by("index")
        entries = [bytes(data) for data in rows.values_list("data", flat=True)]
        assert len(entries) == width, "the log lacks leaves"
        yield TilePath(ENTRIES, number, width), pack(entries)
    level = 0
    while size >> (HEIGHT * level):
        for number, width in _changed(before >> (HEIGHT * level), size >> (HEIGHT * level)):
            row = models.Tile.objects.get(level=level, index=number)
            yield TilePath(level, number, width), bytes(row.hashes)[: HASH_BYTES * width]
        level += 1


def _changed(before: int, size: int) -> Iterator[tuple[int, int]]:
    """(number, width) of each tile of a level that grew from `before` to `size` hashes."""
    if before == size:
        return
    for number in range(before // FULL, (size - 1) // FULL + 1):
        yield number, min(FULL, size - number * FULL)


def _put(folder: Path, place: TilePath, data: bytes) -> Path:
    path = folder / place.to_text()
    path.parent.mkdir(parents=True, exist_ok=True)
    on_disk.replace(path, data)
    if place.width == FULL:
        shutil.rmtree(folder / f"{place.to_text()}.p", ignore_errors=True)
    return path


def _sync(folder: Path, places: list[Path]) -> None:
    """Every name on the way to a tile is durable before the checkpoint that speaks of it; each folder once."""
    above = {parent for path in places for parent in path.parents if parent.is_relative_to(folder)}
    for one in sorted(above):
        on_disk.sync(one)
