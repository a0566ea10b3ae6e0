"""What an answer is made of, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from shouxin.usecases.oversight.fall_behind import Scene
from shouxin.usecases.oversight.questions import Question
from shouxin.usecases.oversight.told import Told
from shouxin.verify import NotVerified, Reason, Verified

UNLAWFUL = frozenset({Reason.NO_BASIS, Reason.NO_CASE, Reason.NO_GRANT, Reason.AFTER_WITHDRAWAL, Reason.AFTER_CLOSING})
"""Faults of a history that is whole and tells of something unlawful: findings, not a broken proof."""


@dataclass(frozen=True)
class Findings:
    """What the answer is made of, before it is put into words."""

    subject: str
    kind: str
    as_of: datetime
    told: Told
    questions: tuple[Question, ...]
    scenes: tuple[Scene, ...]
    verified: Verified | NotVerified

    @property
    def zone(self) -> tzinfo:
        """Where the lender's clock hangs."""
        assert self.as_of.tzinfo is not None, "a moment has an offset"
        return self.as_of.tzinfo

    @property
    def verdict(self) -> str:
        """What the verifier found, as one word of the contract."""
        if isinstance(self.verified, Verified):
            return self.verified.verdict
        return "findings" if self.verified.reason in UNLAWFUL else "not_verified"
