"""Checkpoints (C2SP tlog-checkpoint): what a log signs about itself.

Three lines, origin, size in decimal and root in base64, then any extension lines.
"""

from __future__ import annotations

from dataclasses import dataclass

from shouxin.core.merkle.spelling import CONTROL, SpellingError, from_base64, from_decimal, to_base64
from shouxin.core.merkle.tree import HASH_SIZE


class CheckpointError(ValueError):
    """The text is not a checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree of ``size`` leaves of the log called ``origin`` has this ``root``."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def to_text(self) -> str:
        """The note text: every line ends in a line feed."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(line + "\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a note text; raises ``CheckpointError`` for any other spelling of it."""
        *lines, rest = text.split("\n")
        if rest or len(lines) < 3 or not all(lines) or CONTROL.search(text):
            raise CheckpointError("three lines or more, none empty, each ended by a line feed and nothing else")
        try:
            size, root = from_decimal(lines[1]), from_base64(lines[2], size=HASH_SIZE)
        except SpellingError as error:
            raise CheckpointError(f"size or root: {error}") from error
        return cls(origin=lines[0], size=size, root=root, extensions=tuple(lines[3:]))
