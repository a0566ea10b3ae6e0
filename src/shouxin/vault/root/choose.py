"""Which roots a lender has: the one in force, and while it moves to another, the one before.

The configuration is read each time a root is needed, so that a process which holds a vault open follows a move.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shouxin.vault.root import Root, RootError, pkcs11, transit
from shouxin.vault.root.file import FOLDER, FileRoot

FILE = "file"


@dataclass(frozen=True)
class Roots:
    """`named` gives the roots' words as configured, the one in force first; `chance` gives bytes of new key files."""

    named: Callable[[], Sequence[str]]
    data_dir: Path
    origin: str
    chance: Callable[[int], bytes] = field(repr=False)

    def in_force(self) -> Root:
        """The root that wraps the next epoch."""
        return self.made(self.named()[0])

    def all(self) -> tuple[Root, ...]:
        """The one in force, and the one it replaces."""
        return tuple(map(self.made, self.named()))

    def called(self, name: str) -> Root:
        """The root that wrapped an epoch. Raises `RootError` when the configuration doesn't name it."""
        for root in self.all():
            if root.name == name:
                return root
        raise RootError(f"the vault's keys are under {name}, and config.toml names another root")

    def made(self, text: str) -> Root:
        """A root by its words; it isn't reached before it is asked. Raises `RootError`."""
        if text == FILE:
            return FileRoot(self.data_dir / FOLDER, chance=self.chance)
        if text.startswith(pkcs11.SCHEME):
            return pkcs11.TokenRoot(text, origin=self.origin)
        if text.startswith(transit.SCHEME):
            return transit.TransitRoot(text, origin=self.origin)
        raise RootError("a root is file, pkcs11:… or transit:…")
