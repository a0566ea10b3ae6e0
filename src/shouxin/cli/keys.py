"""Where what is handed out once goes (a person's key, their last file): a file of its own, for its owner, synced."""

from __future__ import annotations

import itertools
import os
from contextlib import suppress
from pathlib import Path

from shouxin.cli.output import note
from shouxin.usecases.lender import BadInput


class KeyFolder:
    """The folder of `--keys`; without one, keys are not kept (the person was told that they hold none)."""

    def __init__(self, folder: Path | None) -> None:
        """Raises `BadInput` when the folder can't take files, before anybody is enrolled."""
        self._folder = folder
        self._warned = False
        _make(folder, "--keys")

    def keep(self, subject: str, key: bytes) -> None:
        """Write `SUBJECT.key`, beside an earlier one `SUBJECT.2.key` and so on: none is ever overwritten.

        An empty key (handed out before) is not written.
        """
        if key and self._folder is None and not self._warned:
            note("shouxin: without --keys nobody holds the person's key, and without it no history can be verified")
            self._warned = True
        if self._folder is None or not key:
            return
        names = (f"{subject}.{number}.key" for number in itertools.count(2))
        for name in itertools.chain([f"{subject}.key"], names):
            with suppress(FileExistsError):
                _write_new(self._folder / name, key)
                break


class LastFiles:
    """The folder of `--out` for the last file of a history that ended; without one it stands in the answer."""

    def __init__(self, folder: Path | None) -> None:
        """Raises `BadInput` when the folder can't take files, before anything is erased."""
        self._folder = folder
        _make(folder, "--out")

    def hand_over(self, subject: str, bundle: bytes) -> dict[str, str]:
        """Write `SUBJECT.last.json`, or give what the answer's document says besides."""
        if self._folder is None:
            return {"last_file": bundle.decode()}
        _write_new(self._folder / f"{subject}.last.json", bundle)
        return {}


def _make(folder: Path | None, where: str) -> None:
    if folder is None:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"can't be made: {error.strerror}", where=where) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput("can't be written", where=where)


def _write_new(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
