"""The last signed note, in a file beside the database: what tells a restored backup.

It is written and synced after each commit and before anything is released. A database that is
behind it has lost entries that somebody may hold a proof of, and must never sign again. So the log
doesn't go on without it either: only a log that holds its first epoch alone has had no time to
write one.
"""

from contextlib import AbstractContextManager
from pathlib import Path

from shouxin.core.merkle.checkpoint import Checkpoint, CheckpointError
from shouxin.core.merkle.note import NoteError, Signer, open_note, parse_note
from shouxin.vault import on_disk
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
    last = _read(path)
    if last == note:
        return
    size = size_of(note)
    if last is None:
        if size > FIRST_SIZE:
            raise NoteLostError("the last signed note is missing: without it nobody can tell a restored backup")
        return
    last_size = _signed_size(last, signer)
    if last_size > size:
        raise LogBehindError(f"the log has {size} leaves, its last signed note {last_size}: it never signs when behind")
    if last_size == size and last != note:
        raise LogForkedError(f"two different notes of {size} leaves")


def alone(path: Path) -> AbstractContextManager[None]:
    """One process at a time at the note and what else lies beside it; taken inside the database's exclusive transaction
    and held beyond it, until what it wrote is there.
    """
    return on_disk.alone(path.parent / "lock")


def write(path: Path, note: str) -> None:
    """Replace the file by the newer note, atomically and synced. An older one is left alone. Called `alone`."""
    last = _read(path)
    if last is not None and size_of(last) >= size_of(note):
        return
    on_disk.replace(path, note.encode())
    on_disk.sync(path.parent)


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
