"""How a step of the check says no: it raises, and ``verify`` turns that into a value."""

from __future__ import annotations

from shouxin.verify.verdict import NotVerified, Reason


class RefusedError(Exception):
    """One step of the check failed; carries the verdict."""

    def __init__(self, reason: Reason, where: str) -> None:
        super().__init__(f"{reason.value}: {where}")
        self.verdict = NotVerified(reason=reason, where=where)


def demand(holds: bool, reason: Reason, where: str) -> None:  # noqa: FBT001 (reads as a sentence)
    """Go on if it holds."""
    if not holds:
        raise RefusedError(reason, where)
