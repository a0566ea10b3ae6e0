"""Epoch keys: each wraps the keys of people and of the vault itself; the root wraps the epoch's key.

The root is asked once an epoch, when the vault opens or first meets one. Re-wrapping everyone under a new epoch and
destroying the old one is what makes erasure survive a restored backup (`rotate`).
"""

from dataclasses import dataclass, field
from threading import Lock

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from shouxin.vault import models
from shouxin.vault.root.choose import Roots
from shouxin.vault.stopped import VaultStoppedError

KEY_BYTES = 32


class KeyLostError(VaultStoppedError):
    """A wrapped key doesn't open under the epoch key of its row."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch: its number and key. The key never leaves the vault."""

    number: int
    key: bytes = field(repr=False)

    def wrap(self, key: bytes) -> bytes:
        """A key as it is stored (RFC 3394)."""
        return aes_key_wrap(self.key, key)

    def unwrap(self, wrapped: bytes | memoryview) -> bytes:
        """The key again. Raises `KeyLostError`."""
        try:
            return aes_key_unwrap(self.key, bytes(wrapped))
        except InvalidUnwrap:
            raise KeyLostError(f"a key doesn't open under epoch {self.number}") from None


class Epochs:
    """The epochs whose keys are in use: one, and while everyone is being re-wrapped two."""

    def __init__(self, roots: Roots) -> None:
        """Asks the roots for every epoch that there is. Raises `KeyLostError`, `RootError`."""
        self.roots = roots
        self._lock = Lock()
        self._open: dict[int, Epoch] = {}
        for number in _numbers():
            self.of(number)

    def of(self, number: int) -> Epoch:
        """The epoch of this number; its root is asked when it is met for the first time."""
        found = self._open.get(number)
        if found is None:
            with self._lock:
                found = self._open.get(number) or self._unwrapped(number)
                self._open[number] = found
        return found

    def newest(self) -> Epoch:
        """The epoch that wraps what is new. Asked of the table, because another process may have begun it."""
        return self.of(_numbers()[-1])

    def add(self, epoch: Epoch) -> None:
        """One that this process has just begun."""
        with self._lock:
            self._open[epoch.number] = epoch

    def let_go(self) -> None:
        """Forget the keys of epochs that are gone; costs a question only while there are two."""
        if len(self._open) > 1:
            there = set(_numbers())
            with self._lock:
                self._open = {number: one for number, one in self._open.items() if number in there}

    def _unwrapped(self, number: int) -> Epoch:
        row = models.Epoch.objects.filter(number=number).first()
        if row is None:
            raise KeyLostError(f"the key of epoch {number} is gone")
        return Epoch(number, self.roots.called(row.root).unwrap(bytes(row.wrapped), epoch=number))


def create(roots: Roots, number: int, *, key: bytes, ms: int) -> Epoch:
    """A new epoch under the root in force, inside the caller's transaction; `ms` says since when."""
    root = roots.in_force()
    wrapped = root.wrap(key, epoch=number)
    models.Epoch.objects.create(number=number, root=root.name, wrapped=wrapped, since=ms)
    return Epoch(number, key)


def secret(epochs: Epochs, name: str) -> bytes:
    """A key of the vault itself."""
    row = models.Secret.objects.filter(name=name).first()
    if row is None:
        raise KeyLostError(f"the vault has no {name}")
    return epochs.of(row.epoch).unwrap(row.wrapped)


def keep_secret(epoch: Epoch, name: str, key: bytes) -> None:
    """Store a key of the vault itself."""
    models.Secret.objects.create(name=name, epoch=epoch.number, wrapped=epoch.wrap(key))


def _numbers() -> list[int]:
    """The epochs that there are, rising. Raises `KeyLostError`."""
    numbers = list(models.Epoch.objects.order_by("number").values_list("number", flat=True))
    if not numbers:
        raise KeyLostError("the vault has no epoch key")
    return numbers
