"""Where a person's key goes when it is handed out: a file of its own, readable by its owner alone, synced."""

from __future__ import annotations

import os
from pathlib import Path

from shouxin.cli.output import note
from shouxin.usecases.lender import BadInput


class KeyFolder:
    """The folder of `--keys`; without one, keys are not kept (the person was told that they hold none)."""

    def __init__(self, folder: Path | None) -> None:
        """Raises `BadInput` when the folder can't take files, before anybody is enrolled."""
        self._folder = folder
        self._warned = False
        if folder is None:
            return
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"can't be made: {error.strerror}", where="--keys") from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise BadInput("can't be written", where="--keys")

    def keep(self, subject: str, key: bytes) -> None:
        """Write `SUBJECT.key`; an existing one is never overwritten, an empty key (handed out before) never written."""
        if key and self._folder is None and not self._warned:
            note("shouxin: without --keys nobody holds the person's key, and without it no history can be verified")
            self._warned = True
        if self._folder is None or not key:
            return
        handle = os.open(self._folder / f"{subject}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
