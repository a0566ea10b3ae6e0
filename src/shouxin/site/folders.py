"""Folders that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shouxin.usecases.lender import CannotNow, Chance


@contextmanager
def sibling(place: Path, chance: Chance) -> Iterator[Path]:
    """A folder beside `place` to build in; it is gone afterwards, whatever happened, unless it was renamed."""
    folder = place.absolute().parent / f".{place.absolute().name}.{chance.token_bytes(6).hex()}"
    try:
        folder.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise CannotNow(f"can't be made: {error.strerror}", where=str(place), code="data_dir") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def take_place(folder: Path, place: Path) -> None:
    """Rename a finished folder, synced; the operating system lets only one of two through. Raises `OSError`."""
    folder.rename(place)
    sync_folder(place.absolute().parent)


def write_synced(path: Path, text: str) -> None:
    """A new file, on the disk when this returns."""
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def replace_synced(path: Path, text: str) -> None:
    """The whole new text or the old one, on the disk when this returns."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    write_synced(fresh, text)
    fresh.replace(path)
    sync_folder(path.absolute().parent)


def sync_file(path: Path) -> None:
    """What another program wrote, on the disk when this returns."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """The names in a folder, on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
