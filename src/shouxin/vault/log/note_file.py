"""The last signed note, in a file beside the database: what tells a restored backup.

It is written and synced after each commit and before anything is released. A database that is
behind it has lost entries that somebody may hold a proof of, and must never sign again. So the log
doesn't go on without it either: only a log that holds its first epoch alone has had no time to
write one.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shouxin.core.merkle.checkpoint import Checkpoint, CheckpointError
from shouxin.core.merkle.note import NoteError, Signer, open_note, parse_note
from shouxin.vault.stopped import VaultStoppedError

FIRST_SIZE = 1
"""Leaves of a log that holds its first epoch alone."""


class LogBehindError(VaultStoppedError):
    """The database is older than the last note that was signed (a restored backup?)."""


class LogForkedError(VaultStoppedError):
    """Database and note have the same size and different contents."""


class NoteLostError(VaultStoppedError):
    """The last signed note is missing, can't be read, or isn't one that this log signed."""

    where = "log/checkpoint"


def check(path: Path, note: str, signer: Signer) -> None:
    """Compare the database's newest note with the last signed one before anything is signed.

    Raises `NoteLostError`, `LogBehindError`, `LogForkedError`.
    """
    last, size = _read(path), size_of(note)
    if last == note:
        return
    if last is None:
        if size > FIRST_SIZE:
            raise NoteLostError("the last signed note is missing: without it nobody can tell a restored backup")
        return
    last_size = _signed_size(last, signer)
    if last_size > size:
        raise LogBehindError(f"the log has {size} leaves, its last signed note {last_size}: it never signs when behind")
    if last_size == size and last != note:
        raise LogForkedError(f"two different notes of {size} leaves")


def write(path: Path, note: str) -> None:
    """Replace the file by the newer note, atomically and synced. An older one is left alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.parent):
        last = _read(path)
        if last is not None and size_of(last) >= size_of(note):
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


def _signed_size(note: str, signer: Signer) -> int:
    """The size in a note of this log's own; raises `NoteLostError` for any other text."""
    try:
        signed = Checkpoint.parse(open_note(note, [signer.verifier]).text)
    except (NoteError, CheckpointError):
        raise NoteLostError("the last signed note is damaged, or this log's key didn't sign it") from None
    if signed.origin != signer.name:
        raise NoteLostError("the last signed note is of another log")
    return signed.size


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise NoteLostError("the last signed note can't be read") from None


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
