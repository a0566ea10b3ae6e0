"""What anybody may know of the log: where it stands, since when, whose signature to believe, and what to check it with.

Reading it writes nothing: a log in which nothing happens stays where it is, and its age is said as it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources

from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import cosigned_at, parse_note
from shouxin.core.merkle.tile_path import TileError, TilePath
from shouxin.core.merkle.trust import Trust
from shouxin.usecases.lender import Lender

VERIFIER = "verify.js"
CHECKPOINT = "checkpoint"


@dataclass(frozen=True)
class Witness:
    """Somebody outside who went over the whole log and signed its checkpoint."""

    name: str
    at: datetime


@dataclass(frozen=True)
class PublishedLog:
    """The newest checkpoint: `note` as it is signed, `at` when it was written, `size` in leaves.

    `behind`: it is older than a verifier that trusts this log accepts (`max_age_seconds`). `witnesses` signed it too,
    each at the time it says. `in_files`: the log can be fetched file by file.
    """

    origin: str
    size: int
    root: str
    at: datetime
    age_minutes: int
    max_age_seconds: int
    behind: bool
    note: str
    witnesses: tuple[Witness, ...]
    in_files: bool


@dataclass(frozen=True)
class Verifier:
    """The file that checks a history in a browser or under Node, and its SHA-256 in hex."""

    data: bytes
    sha256: str


def published_log(lender: Lender) -> PublishedLog:
    """Where the log stands now."""
    note = lender.vault.checkpoint()
    trust, signed = Trust.parse(lender.vault.trust()), parse_note(note)
    found, most = Checkpoint.parse(signed.text), trust.max_age
    at = lender.vault.last_moment()
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
        witnesses=tuple(
            Witness(one.name, datetime.fromtimestamp(cosigned_at(one), UTC).astimezone(lender.settings.zone))
            for one in signed.signatures
            if any(witness.made(one) for witness in trust.witnesses)
        ),
        in_files=published_file(lender, CHECKPOINT) is not None,
    )


def published_file(lender: Lender, name: str) -> bytes | None:
    """A file of the published log (C2SP tlog-tiles): `checkpoint`, or a tile by its path; None where there is none."""
    folder = lender.settings.data_dir / "tiles"
    try:
        return (folder / (name if name == CHECKPOINT else TilePath.parse(name).to_text())).read_bytes()
    except (FileNotFoundError, TileError):
        return None


def trust_file(lender: Lender) -> bytes:
    """trust.json: the key of the log. Whoever checks should keep a copy of an earlier day, or get it from elsewhere."""
    return lender.vault.trust()


def verifier() -> Verifier:
    """The verifier that this release ships, byte for byte."""
    data = resources.files("shouxin.verify").joinpath(VERIFIER).read_bytes()
    return Verifier(data, hashlib.sha256(data).hexdigest())
