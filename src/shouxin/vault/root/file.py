"""Root keys in files of their own, one an epoch: the embedded default.

`keys/root-N.key` holds 32 bytes and wraps the key of epoch N (AES key wrap, RFC 3394). Whoever copies it away can
still open what it wrapped, so a copy must be destroyed with the epoch.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from shouxin.vault.root import RootError, private

KEY_BYTES = 32
FOLDER = Path("keys")
_NAME = re.compile(r"root-([0-9]+)\.(?:key|new)")


class FileRoot:
    """Root keys in `folder`; `chance` gives the bytes of a new one."""

    name = "file"

    def __init__(self, folder: Path, *, chance: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._chance = chance

    def wrap(self, key: bytes, *, epoch: int) -> bytes:
        """The key as it may be stored; a root key that a killed run left is taken, since it wrapped nothing yet."""
        path = self._path(epoch)
        if not path.exists():
            _create(path, self._chance(KEY_BYTES))
        return aes_key_wrap(_read(path), key)

    def unwrap(self, wrapped: bytes, *, epoch: int) -> bytes:
        """The key again. Raises `RootError`."""
        path = self._path(epoch)
        try:
            return aes_key_unwrap(_read(path), wrapped)
        except InvalidUnwrap:
            raise RootError(f"the root key file {path.name} is not the one this vault was made with") from None

    def forget(self, *, but: tuple[int, bytes] | None) -> bool:
        """Overwrite and remove them. What the disk or a snapshot keeps below is out of reach."""
        found = ((path, _NAME.fullmatch(path.name)) for path in sorted(self._folder.glob("root-*")))
        old = [path for path, name in found if name and (but is None or int(name[1]) < but[0])]
        for path in old:
            _destroy(path)
        if old:
            _sync_folder(self._folder)
        return bool(old)

    def _path(self, epoch: int) -> Path:
        return self._folder / f"root-{epoch}.key"


def _create(path: Path, key: bytes) -> None:
    """The whole file or none of it, on the disk before anything is wrapped by it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    _sync_folder(path.parent)


def _read(path: Path) -> bytes:
    key = private.read(path, what="root key file", most=KEY_BYTES)
    if len(key) != KEY_BYTES:
        raise RootError(f"the root key file {path.name} doesn't hold {KEY_BYTES} bytes")
    return key


def _destroy(path: Path) -> None:
    try:
        with path.open("r+b") as file:
            file.write(bytes(os.fstat(file.fileno()).st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except OSError as error:
        raise RootError(f"the old root key file {path.name} can't be destroyed: {error.strerror}") from None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
