"""The last signed note, in a file beside the database: what tells a restored backup.

It is written and synced after each commit and before anything is released. A database that is
behind it has lost entries that somebody may hold a proof of, and must never sign again.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import parse_note
from shouxin.vault.stopped import VaultStoppedError


class LogBehindError(VaultStoppedError):
    """The database is older than the last note that was signed (a restored backup?)."""


class LogForkedError(VaultStoppedError):
    """Database and note have the same size and different contents."""


def check(path: Path, note: str, size: int) -> None:
    """Compare the database's tip with the last signed note before anything is signed."""
    last = _read(path)
    if last is None:
        return
    last_size = size_of(last)
    if last_size > size:
        raise LogBehindError(f"the log has {size} leaves, its last signed note {last_size}: it never signs when behind")
    if last_size == size and last != note:
        raise LogForkedError(f"two different notes of {size} leaves")


def write(path: Path, note: str, size: int) -> None:
    """Replace the file by the newer note, atomically and synced. An older one is left alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.parent):
        last = _read(path)
        if last is not None and size_of(last) >= size:
            return
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8", newline="") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        _sync_folder(path.parent)


def size_of(note: str) -> int:
    """The tree size that a note speaks of."""
    return Checkpoint.parse(parse_note(note).text).size


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
