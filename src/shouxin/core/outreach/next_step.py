"""What to do next about one late payment, and why: a short list of sentences, the first that fits holds.

It chooses among what the rulings allow and asks for nothing that they forbid. Nobody is scored: the order is that of
a promise, of what was tried, and of the days past due, and each row says which of them it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shouxin.core.rules.ruling import Ruling

ENOUGH_TRIES = 2
"""Unanswered calls of one day after which a message is the kinder try (house policy of this list)."""


class Act(StrEnum):
    """What is next."""

    CALL = "call"
    MESSAGE = "message"
    WAIT = "wait"
    NOTHING = "nothing"


class Why(StrEnum):
    """Why that, and not something else."""

    PAUSED = "paused"
    PROMISE_BROKEN = "promise_broken"
    PROMISE_OPEN = "promise_open"
    FIRST_WORD = "first_word"
    NO_ANSWER_TODAY = "no_answer_today"
    NOT_REACHED = "not_reached"
    AGREE_A_WAY = "agree_a_way"
    CALLS_ARE_OVER = "calls_are_over"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One case as the list sees it.

    `call` and `message` are the rulings of this moment (`message` None: no message can be sent at all); `promise` is
    the last day of a promise that is open, `broken` whether the newest one was not kept; `tried` whether anybody was
    ever tried in this case, `unanswered` today's calls without an answer, `reached` whether they were ever reached.
    """

    case: str
    dpd: int
    paused: bool
    call: Ruling
    message: Ruling | None
    promise: date | None = None
    broken: bool = False
    tried: bool = False
    reached: bool = False
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What, why, and for waiting until when (None: nothing but the borrower ends it)."""

    act: Act
    why: Why
    until: datetime | None = None


def next_step(one: Standing) -> Step:
    """The step for one case."""
    if one.paused:
        return Step(Act.NOTHING, Why.PAUSED)
    if one.promise is not None:
        return Step(Act.WAIT, Why.PROMISE_OPEN)
    may_write = one.message is not None and one.message.allow
    if one.call.allow and one.broken:
        return Step(Act.CALL, Why.PROMISE_BROKEN)
    if may_write and not one.tried:
        return Step(Act.MESSAGE, Why.FIRST_WORD)
    if may_write and one.unanswered >= ENOUGH_TRIES:
        return Step(Act.MESSAGE, Why.NO_ANSWER_TODAY)
    if one.call.allow:
        return Step(Act.CALL, Why.AGREE_A_WAY if one.reached else Why.NOT_REACHED)
    if may_write:
        return Step(Act.MESSAGE, Why.CALLS_ARE_OVER)
    return Step(Act.WAIT, Why.NOT_NOW, _first_moment(one))


def in_order(cases: Iterable[Standing]) -> list[Standing]:
    """Broken promises, then what may be done now, then what may be later today or on another day, then who gave a
    word that still holds, then who is left in peace; among those the longest overdue first.
    """
    return sorted(cases, key=_rank)


_RANKS = {Act.CALL: 1, Act.MESSAGE: 1, Act.WAIT: 2, Act.NOTHING: 4}


def _rank(one: Standing) -> tuple[int, int, str]:
    step = next_step(one)
    rank = 0 if step.why is Why.PROMISE_BROKEN else 3 if step.why is Why.PROMISE_OPEN else _RANKS[step.act]
    return rank, -one.dpd, one.case


def _first_moment(one: Standing) -> datetime | None:
    moments = [one.call.next_permitted, one.message.next_permitted if one.message else None]
    return min((moment for moment in moments if moment), default=None)
