"""What the doors need inside: keys in use, policies, clock and chance. Never handed out."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from shouxin.core.merkle.note import Signer
from shouxin.core.privacy.field import Catalogue
from shouxin.core.privacy.gate import Policies
from shouxin.policy.witnesses import Watch
from shouxin.vault.epoch import Epochs
from shouxin.vault.line import Line
from shouxin.vault.map.grown import GrownMap


class Clock(Protocol):
    """The only source of the present moment."""

    def now(self) -> datetime:
        """An aware datetime."""


class Chance(Protocol):
    """The only source of unpredictable bytes."""

    def token_bytes(self, count: int) -> bytes:
        """`count` bytes that nobody can guess."""


class Ids(Protocol):
    """The only source of identifiers."""

    def new(self) -> str:
        """A UUIDv7 in its text form."""


@dataclass(frozen=True)
class Interior:
    """Set once, when the vault is opened. No key prints itself."""

    clock: Clock
    chance: Chance
    ids: Ids
    note_path: Path
    tiles_path: Path
    catalogue: Catalogue
    policies: Policies
    policy_hash: str
    watch: Watch
    epochs: Epochs = field(repr=False)
    signer: Signer = field(repr=False)
    index_key: bytes = field(repr=False)
    map: GrownMap = field(repr=False)
    line: Line = field(default_factory=Line, repr=False)
    """Where calls wait for a commit (`log.together.Call`)."""
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
