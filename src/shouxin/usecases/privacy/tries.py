"""How often something was tried: free at first, then with a wait that doubles, so that guessing gets nowhere.

A try is counted before it is looked at, so that many at once count as many. What was right is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from shouxin.records.access.models import Tries
from shouxin.usecases.lender import Lender

FREE = 5
"""Tries without a wait."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)
"""After a day without a try the count begins anew."""
SWEPT_AFTER = timedelta(days=7)


class Why(StrEnum):
    """Why somebody is not taken for who they say they are. Sentences: `proof.…`."""

    WRONG = "wrong"
    LATE = "late"
    USED = "used"
    TOO_MANY = "too_many"
    TOO_SOON = "too_soon"


@dataclass(frozen=True)
class NotProved:
    """Nobody is told more than this. `until`: when it may be tried again, where there is a wait."""

    why: Why
    until: datetime | None = None


def begin(lender: Lender, what: str, value: str, *, free: int = FREE) -> NotProved | None:
    """Count one more try of `what` about `value`; a `NotProved` when it has to wait, and then nothing is counted."""
    now = lender.clock.now()
    with transaction.atomic():
        row = _locked(lender, what, value)
        if row.not_before is not None and row.not_before > now:
            return NotProved(Why.TOO_MANY, row.not_before)
        row.count = 1 if now - row.since > FORGOTTEN_AFTER else row.count + 1
        row.since = now
        row.not_before = now + _wait(row.count - free) if row.count >= free else None
        row.save()
    return None


def forget(lender: Lender, what: str, value: str) -> None:
    """It was right: the count begins anew. The row stays, for those who count on it at this very moment."""
    Tries.objects.filter(name=_name(lender, what, value)).update(count=0, not_before=None)


def sweep(lender: Lender) -> int:
    """Drop what nobody counts on any more; how many that were."""
    return Tries.objects.filter(since__lt=lender.clock.now() - SWEPT_AFTER).delete()[0]


def lock(lender: Lender, what: str, value: str) -> None:
    """Let others who ask about the same value wait until this transaction ends."""
    assert transaction.get_connection().in_atomic_block, "a lock lasts as long as its transaction"
    _locked(lender, what, value)


def _locked(lender: Lender, what: str, value: str) -> Tries:
    name, found = _name(lender, what, value), None
    while found is None:  # not there yet, or swept a moment ago
        Tries.objects.bulk_create([Tries(name=name, since=lender.clock.now())], ignore_conflicts=True)
        found = Tries.objects.select_for_update().filter(name=name).first()
    return found


def _name(lender: Lender, what: str, value: str) -> str:
    return f"{what}:{lender.vault.token_of(what, value)}"


def _wait(over: int) -> timedelta:
    doubled: int = 2 ** min(over, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)
