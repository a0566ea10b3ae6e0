"""The root of the keys: what wraps the epoch key. Asked once an epoch, never once a use."""

from typing import Protocol

from shouxin.vault.stopped import VaultStoppedError


class RootError(VaultStoppedError):
    """The root can't be used; the message names the file or token, never key material."""

    where = "root"


class Root(Protocol):
    """Wraps and unwraps 32-byte keys."""

    def wrap(self, key: bytes) -> bytes:
        """The key as it may be stored."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key again. Raises `RootError` when it wasn't wrapped by this root."""
