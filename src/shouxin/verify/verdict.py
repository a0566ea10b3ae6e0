"""What a verifier says: yes with what it saw and what nobody can prove, or no with a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.spelling import to_base64
from shouxin.core.merkle.statement import Statement
from shouxin.core.privacy.entry import Record

NOTHING_UNLAWFUL_FOUND = "nothing_unlawful_found"

CANNOT_PROVE = (
    "secret_by_law",
    "copies_before_adoption",
    "screenshots_and_memory",
    "a_collectors_own_phone",
    "other_lenders",
    "this_code_is_what_runs",
    "times_nobody_watched",
)
FIRST_KEY = "that_this_is_your_first_key"


class Reason(StrEnum):
    """Why a bundle is not believed. Closed; a name is never given another meaning."""

    MALFORMED = "malformed"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_SIGNATURE = "unknown_signature"
    STALE = "stale"
    NOT_IN_LOG = "not_in_log"
    LATE_ENTRY = "late_entry"
    CHAIN_BROKEN = "chain_broken"
    MISSING_ENTRY = "missing_entry"
    WRONG_PERSON = "wrong_person"
    NO_BASIS = "no_basis"
    NO_CASE = "no_case"
    NO_GRANT = "no_grant"
    AFTER_WITHDRAWAL = "after_withdrawal"
    AFTER_CLOSING = "after_closing"
    TIME_BACKWARDS = "time_backwards"
    UNKNOWN_KIND = "unknown_kind"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness that saw the checkpoint, and when (Unix seconds)."""

    witness: str
    seconds: int

    def to_doc(self) -> dict[str, object]:
        """As it stands in the answer."""
        return {"name": self.witness, "time": self.seconds}


@dataclass(frozen=True, slots=True)
class NotVerified:
    """No. ``where`` names the entry, byte, key path or file; never a person's value."""

    reason: Reason
    where: str

    def to_doc(self) -> dict[str, object]:
        """``{ok: false, reason, where}``."""
        return {"ok": False, "reason": self.reason.value, "where": self.where}


@dataclass(frozen=True, slots=True)
class Verified:
    """Yes: these records, in order, are all that the log holds about this person.

    ``at_ms``: when the checkpoint was made; ``statement``: what the lender says besides,
    signed but not proved; ``cannot_prove``: names of what no history can show.
    """

    checkpoint: Checkpoint
    at_ms: int
    witnesses: tuple[Cosigned, ...]
    cannot_prove: tuple[str, ...]
    records: tuple[Record, ...] = field(repr=False)
    statement: Statement = field(repr=False)
    verdict: str = NOTHING_UNLAWFUL_FOUND

    def to_doc(self) -> dict[str, object]:
        """``{ok: true, verdict, entries, complete, checkpoint, witnesses, cannot_prove}``."""
        return {
            "ok": True,
            "verdict": self.verdict,
            "entries": len(self.records),
            "complete": True,
            "checkpoint": {
                "origin": self.checkpoint.origin,
                "size": self.checkpoint.size,
                "root": to_base64(self.checkpoint.root),
                "time": self.at_ms,
            },
            "witnesses": [one.to_doc() for one in self.witnesses],
            "cannot_prove": list(self.cannot_prove),
        }
