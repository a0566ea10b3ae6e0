"""The site's own key: it signs sessions' forms and tells the payment gateway's calls from others'.

It opens no datum. Like the root it belongs to one user and is refused when others can read it.
"""

from __future__ import annotations

import hmac
import os
import stat
from pathlib import Path

from shouxin.usecases.lender import CannotNow

FILE = Path("keys") / "site.key"
SIZE = 32


def create(data_dir: Path, key: bytes) -> None:
    """Write a new key (32 bytes); one that is there is never overwritten."""
    (data_dir / FILE).parent.mkdir(mode=0o700, exist_ok=True)  # a root of files made it already, a token doesn't
    handle = os.open(data_dir / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())


def content(data_dir: Path) -> bytes:
    """The key itself, for a backup that seals it. Raises `CannotNow`."""
    return _read(data_dir / FILE)


def secret(data_dir: Path, purpose: str) -> bytes:
    """32 bytes for one purpose. Raises `CannotNow` naming what is wrong with the file."""
    return hmac.digest(_read(data_dir / FILE), f"shouxin/{purpose}/v1".encode(), "sha256")


def _read(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise CannotNow(f"can't be read: {error.strerror}", where=path.name, code="site_key") from None
    with os.fdopen(handle, "rb") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise CannotNow("readable by others: chmod 600 it", where=path.name, code="site_key")
        key = file.read(SIZE + 1)
    if len(key) != SIZE:
        raise CannotNow(f"doesn't hold {SIZE} bytes", where=path.name, code="site_key")
    return key
