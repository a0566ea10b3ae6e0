"""What to do next about one late payment, and why: a table of lines, of which the first that fits holds.

It chooses among what the rulings allow and asks for nothing that they forbid; the lines themselves are the lender's
(`policy/steps.toml`). Nobody is scored: the order is that of a promise, of what was tried, and of the days past due,
and each row says which of them it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shouxin.core.loan.promise import Word
from shouxin.core.outreach.local_day import moment_of
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.ruling import Ruling


class Act(StrEnum):
    """What is next."""

    CALL = "call"
    MESSAGE = "message"
    WAIT = "wait"
    NOTHING = "nothing"


class Why(StrEnum):
    """Why that, and not something else."""

    PAUSED = "paused"
    PROMISE_OPEN = "promise_open"
    WRITTEN = "written"
    SPOKEN = "spoken"
    NO_ANSWER_TODAY = "no_answer_today"
    ENOUGH_TODAY = "enough_today"
    PROMISE_BROKEN = "promise_broken"
    PROMISE_PARTLY = "promise_partly"
    FIRST_WORD = "first_word"
    AGREE_A_WAY = "agree_a_way"
    NOT_REACHED = "not_reached"
    CALLS_ARE_OVER = "calls_are_over"
    NOT_NOW = "not_now"


GAVE_LESS = (Why.PROMISE_BROKEN, Why.PROMISE_PARTLY)
"""The day of a promise is over, and what was promised isn't here."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: the act, and what must be so for it; None, 0 and () ask for nothing.

    `unanswered_today`: so many calls, or more. `written_within` and `spoken_within`: days, today being the first.
    """

    act: Act
    why: Why
    promise_runs: bool | None = None
    promise: tuple[Word, ...] = ()
    tried: bool | None = None
    reached: bool | None = None
    unanswered_today: int = 0
    written_within: int = 0
    spoken_within: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One case as the list sees it on `today`, a day of the person's clock in `zone` that opens at `opens`.

    `call` and `message` are the rulings of this moment (`message` None: no message can be sent at all); `promise` is
    what became of the newest promise; `tried` whether anybody was ever tried in this case, `reached` whether they were
    ever reached, `unanswered` today's calls without an answer; `written_on` and `spoken_on` the last day of each.
    """

    case: str
    dpd: int
    paused: bool
    call: Ruling
    message: Ruling | None
    today: date
    zone: ZoneInfo
    opens: time
    promise: Word | None = None
    tried: bool = False
    reached: bool = False
    unanswered: int = 0
    written_on: date | None = None
    spoken_on: date | None = None

    @property
    def promise_runs(self) -> bool:
        """Does a promise keep people away at this moment?"""
        return any(rule.reason is Reason.PROMISE_RUNS for rule in self.call.blocking)


@dataclass(frozen=True, slots=True)
class Step:
    """What, why, and for waiting until when (None: nothing but the borrower ends it)."""

    act: Act
    why: Why
    until: datetime | None = None


def next_step(one: Standing, lines: Sequence[Line]) -> Step:
    """The step for one case. The last line of a table is a wait that fits everybody."""
    if one.paused:
        return Step(Act.NOTHING, Why.PAUSED)
    line = next(line for line in lines if _allowed(line.act, one) and _fits(line, one))
    return Step(line.act, line.why, _until(line, one) if line.act is Act.WAIT else None)


def in_order(cases: Iterable[tuple[Standing, Step]]) -> list[str]:
    """The names of the cases: broken promises, then what may be done now, then what may be later today or on another
    day, then who gave a word that still holds, then who is left in peace; among those the longest overdue first.
    """
    return [one.case for one, _ in sorted(cases, key=lambda pair: _rank(*pair))]


def _allowed(act: Act, one: Standing) -> bool:
    ruling = {Act.CALL: one.call, Act.MESSAGE: one.message}.get(act)
    return act is Act.WAIT or (ruling is not None and ruling.allow)


def _fits(line: Line, one: Standing) -> bool:
    return (
        line.promise_runs in (None, one.promise_runs)
        and (not line.promise or one.promise in line.promise)
        and line.tried in (None, one.tried)
        and line.reached in (None, one.reached)
        and one.unanswered >= line.unanswered_today
        and (not line.written_within or _within(one.written_on, line.written_within, one.today))
        and (not line.spoken_within or _within(one.spoken_on, line.spoken_within, one.today))
    )


def _within(day: date | None, days: int, today: date) -> bool:
    return day is not None and (today - day).days < days


def _until(line: Line, one: Standing) -> datetime | None:
    """Not before the days that the line counts are over, and not before the rules allow anything."""
    days = [
        day + timedelta(days=count)
        for day, count in (
            (one.written_on, line.written_within),
            (one.spoken_on, line.spoken_within),
            (one.today, min(line.unanswered_today, 1)),
        )
        if day and count
    ]
    permitted = _first_moment(one)
    if not days or permitted is None:
        return permitted
    return max(permitted, moment_of(max(days), one.opens, one.zone))


def _first_moment(one: Standing) -> datetime | None:
    moments = [one.call.next_permitted, one.message.next_permitted if one.message else None]
    return min((moment for moment in moments if moment), default=None)


_RANKS = {Act.CALL: 1, Act.MESSAGE: 1, Act.WAIT: 2, Act.NOTHING: 4}


def _rank(one: Standing, step: Step) -> tuple[int, int, str]:
    rank = 0 if step.why in GAVE_LESS else 3 if step.why is Why.PROMISE_OPEN else _RANKS[step.act]
    return rank, -one.dpd, one.case
