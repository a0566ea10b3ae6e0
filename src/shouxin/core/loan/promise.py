"""A promise to pay: an amount by a day, in the borrower's words. It changes nothing that is owed; it can be kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shouxin.core.loan.event import Event, Type
from shouxin.core.loan.replay import in_force


class Word(StrEnum):
    """How it stands on a day: the amount came in time; else its last day isn't over; else a part came, or nothing."""

    OPEN = "open"
    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """The newest promise of a loan; amounts in minor units, `received` is what was paid from its day to its last."""

    made_on: date
    by: date
    amount: int
    received: int
    word: Word


def promised(events: Sequence[Event], *, as_of: date) -> Promised | None:
    """Return the newest promise that was not taken back, on the day `as_of`; None when there is none."""
    standing = [event for event, undone in in_force(events, as_of=as_of) if not undone]
    made = [event for event in standing if event.type is Type.PROMISE]
    if not made:
        return None
    newest = made[-1]
    assert newest.by is not None, "a promise was read without its day"
    paid = (event for event in standing if event.type in (Type.PAY, Type.SETTLE))
    received = sum(event.amount for event in paid if newest.on <= event.on <= newest.by)
    return Promised(
        made_on=newest.on,
        by=newest.by,
        amount=newest.amount,
        received=received,
        word=_word(newest.by, amount=newest.amount, received=received, as_of=as_of),
    )


def _word(by: date, *, amount: int, received: int, as_of: date) -> Word:
    if received >= amount:
        return Word.KEPT
    if as_of <= by:
        return Word.OPEN
    return Word.PARTLY if received else Word.BROKEN
