"""Epoch keys: each wraps the keys of people; the root wraps the epoch key.

The root is asked once when the vault opens. Re-wrapping everyone under a new epoch and destroying
the old one is what makes erasure survive a restored backup.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from shouxin.vault import models
from shouxin.vault.root import Root
from shouxin.vault.stopped import VaultStoppedError

KEY_BYTES = 32


class KeyLostError(VaultStoppedError):
    """A wrapped key doesn't open under the epoch key of its row."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """The current epoch: its number and key. The key never leaves the vault."""

    number: int
    key: bytes

    def wrap(self, key: bytes) -> bytes:
        """A person's key as it is stored (RFC 3394)."""
        return aes_key_wrap(self.key, key)

    def unwrap(self, wrapped: bytes | memoryview) -> bytes:
        """A person's key. Raises `KeyLostError`."""
        try:
            return aes_key_unwrap(self.key, bytes(wrapped))
        except InvalidUnwrap:
            raise KeyLostError("a person's key doesn't open under this epoch") from None

    def __repr__(self) -> str:
        return f"Epoch(number={self.number})"


def create(root: Root, *, key: bytes) -> Epoch:
    """The first epoch."""
    models.Epoch.objects.create(number=1, wrapped=root.wrap(key))
    return Epoch(1, key)


def current(root: Root) -> Epoch:
    """The newest epoch, its key unwrapped by the root."""
    row = models.Epoch.objects.order_by("-number").first()
    if row is None:
        raise KeyLostError("the vault has no epoch key")
    return Epoch(row.number, root.unwrap(bytes(row.wrapped)))


def secret(root: Root, name: str) -> bytes:
    """A key of the vault itself, unwrapped by the root."""
    row = models.Secret.objects.filter(name=name).first()
    if row is None:
        raise KeyLostError(f"the vault has no {name}")
    return root.unwrap(bytes(row.wrapped))


def keep_secret(root: Root, name: str, key: bytes) -> None:
    """Store a key of the vault itself, wrapped by the root."""
    models.Secret.objects.create(name=name, wrapped=root.wrap(key))
