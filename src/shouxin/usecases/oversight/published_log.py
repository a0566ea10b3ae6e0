"""What anybody may know of the log: where it stands, since when, whose signature to believe, and what to check it with.

Reading it writes nothing: a log in which nothing happens stays where it is, and its age is said as it is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from importlib import resources

from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.usecases.lender import Lender

VERIFIER = "verify.js"


@dataclass(frozen=True)
class PublishedLog:
    """The newest checkpoint: `note` as it is signed, `at` when it was written, `size` in leaves.

    `behind`: it is older than a verifier that trusts this log accepts (`max_age_seconds`).
    """

    origin: str
    size: int
    root: str
    at: datetime
    age_minutes: int
    max_age_seconds: int
    behind: bool
    note: str


@dataclass(frozen=True)
class Verifier:
    """The file that checks a history in a browser or under Node, and its SHA-256 in hex."""

    data: bytes
    sha256: str


def published_log(lender: Lender) -> PublishedLog:
    """Where the log stands now."""
    note = lender.vault.checkpoint()
    text, _, _ = note.partition("\n\n")
    found = Checkpoint.parse(text + "\n")
    at = lender.vault.last_moment()
    most = int(json.loads(lender.vault.trust())["max_age"])
    age = max(0, int((lender.clock.now() - at).total_seconds()))
    return PublishedLog(
        origin=found.origin,
        size=found.size,
        root=found.root.hex(),
        at=at.astimezone(lender.settings.zone),
        age_minutes=age // 60,
        max_age_seconds=most,
        behind=age > most,
        note=note,
    )


def trust_file(lender: Lender) -> bytes:
    """trust.json: the key of the log. Whoever checks should keep a copy of an earlier day, or get it from elsewhere."""
    return lender.vault.trust()


def verifier() -> Verifier:
    """The verifier that this release ships, byte for byte."""
    data = resources.files("shouxin.verify").joinpath(VERIFIER).read_bytes()
    return Verifier(data, hashlib.sha256(data).hexdigest())
