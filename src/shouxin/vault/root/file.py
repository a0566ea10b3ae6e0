"""A root key in a file of its own: the embedded default.

The file must belong to the process's user and be readable by nobody else (0600); otherwise it is
refused, because a key that others can read is not a key.
"""

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from shouxin.vault.root import RootError

KEY_BYTES = 32


class FileRoot:
    """AES key wrap (RFC 3394) under 32 bytes read from a file."""

    def __init__(self, path: Path) -> None:
        self._key = _read(path)

    def wrap(self, key: bytes) -> bytes:
        """The key as it may be stored."""
        return aes_key_wrap(self._key, key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key again. Raises `RootError`."""
        try:
            return aes_key_unwrap(self._key, wrapped)
        except InvalidUnwrap:
            raise RootError("the root key file is not the one this vault was made with") from None


def create(path: Path, key: bytes) -> None:
    """Write a new root key. Raises `FileExistsError`: a root is never overwritten."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        raise RootError(f"the root key file {path.name} is missing") from None
    except OSError:
        raise RootError(f"the root key file {path.name} can't be opened") from None
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(file.fileno())
        if stat.S_IMODE(state.st_mode) & 0o077:
            raise RootError(f"the root key file {path.name} is readable by others: chmod 600 it")
        if state.st_uid != os.geteuid():
            raise RootError(f"the root key file {path.name} belongs to another user")
        key = file.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise RootError(f"the root key file {path.name} doesn't hold {KEY_BYTES} bytes")
    return key
