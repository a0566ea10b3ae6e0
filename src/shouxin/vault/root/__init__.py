"""The root of the keys: what wraps an epoch's key. Asked once an epoch, never once a use.

Each epoch has a root key of its own, so that an older epoch's can be destroyed: a backup that was made under it opens
no more, wherever it lies.
"""

from typing import Protocol

from shouxin.vault.stopped import VaultStoppedError


class RootError(VaultStoppedError):
    """The root can't be used; the message names the file or token, never key material."""

    where = "root"


class Root(Protocol):
    """Wraps and unwraps the 32-byte keys of epochs. Every method may raise `RootError`."""

    @property
    def name(self) -> str:
        """Kind and place, as it stands beside what this root wrapped. No secret, no way to reach it."""

    def wrap(self, key: bytes, *, epoch: int) -> bytes:
        """The key as it may be stored, under this epoch's own root key, which is made when there is none yet."""

    def unwrap(self, wrapped: bytes, *, epoch: int) -> bytes:
        """The key again."""

    def forget(self, *, but: tuple[int, bytes] | None) -> bool:
        """Destroy the root keys of the epochs before one (its number, and what it wrapped), or all of them.

        False when there was none to destroy.
        """
