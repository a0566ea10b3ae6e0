"""Today's list of one collector: their own cases in order, and of each person no more than is needed to begin.

One batch opens what the list shows of each person: an entry in each one's history, all of them durable before the
first figure is shown. Of somebody who is left in peace it shows that they are, and until when: that alone is opened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Annotated, Literal

from pydantic import Field

from shouxin.core.loan.promise import Promised
from shouxin.core.money import format_amount
from shouxin.core.outreach.caps import Tally
from shouxin.core.outreach.local_day import day_of
from shouxin.core.outreach.next_step import GAVE_LESS, Act, Step, Why, in_order
from shouxin.core.outreach.question import REACHED
from shouxin.core.rules.refusal import Refusal
from shouxin.records.outreach.models import Attempt
from shouxin.usecases.lender import ActorName, Lender, Request
from shouxin.usecases.outreach.desk import PAUSE, PROMISE, OnDesk, on_desk, open_hours, receipt_name
from shouxin.usecases.outreach.may_call import PURPOSE
from shouxin.usecases.privacy.use import Use, Used
from shouxin.usecases.privacy.use_many import use_many

LOOK = ("arrears", "days_past_due", "contact_history")
"""What the list opens of each person: no more than is needed to know where to begin. A promise besides, if any."""
A_PAGE = 20
NOW, LATER, PROMISED, PAUSED = "now", "later", "promised", "paused"
Show = Literal["all", "now", "later", "promised", "paused"]


class Worklist(Request):
    """The list of this actor; `show` leaves only what is in that state."""

    actor: ActorName
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    show: Show = "all"


@dataclass(frozen=True)
class GivenWord:
    """A promise as staff may know it: what, by when, and whether it is open, kept, partly kept or broken."""

    amount: str
    currency: str
    by: str
    word: str


@dataclass(frozen=True)
class Listed:
    """One row. `opened` is empty where a value doesn't open; of somebody who is left in peace it holds `pause` alone.

    `promise` and `tallies` are given only where the entry names them.
    """

    case: str
    state: str
    step: Step
    promise: GivenWord | None
    tallies: tuple[Tally, ...]
    currency: str
    opened: Mapping[str, object] = field(repr=False)
    receipt: str = ""


@dataclass(frozen=True)
class Done:
    """A try of today by this actor. Of which case it was is said only where that case is opened."""

    at: datetime
    channel: str
    outcome: str
    reached: bool


@dataclass(frozen=True)
class Today:
    """The list. `counts` by state over all of the actor's cases; contact is allowed from `opens` to `closes`."""

    rows: tuple[Listed, ...]
    page: int
    pages: int
    found: int
    counts: Mapping[str, int]
    done: tuple[Done, ...]
    opens: str
    closes: str


def worklist(lender: Lender, request: Worklist) -> Today:
    """The actor's open cases in order, at most twenty a page; a case that the vault doesn't grant is left out."""
    desks = {one.case.name: one for one in on_desk(lender, request.actor)}
    order = [desks[case] for case in in_order((one.standing, one.step) for one in desks.values())]
    shown = [one for one in order if request.show in ("all", state_of(one))]
    pages = max(1, -(-len(shown) // A_PAGE))
    page = min(request.page, pages)
    rows = _opened(lender, request.actor, shown[(page - 1) * A_PAGE : page * A_PAGE])
    states = [state_of(one) for one in order]
    opens, closes = open_hours(lender)
    return Today(
        rows=tuple(rows),
        page=page,
        pages=pages,
        found=len(shown),
        counts={state: states.count(state) for state in (NOW, LATER, PROMISED, PAUSED)},
        done=done_today(lender, request.actor),
        opens=f"{opens:%H:%M}",
        closes=f"{closes:%H:%M}",
    )


def state_of(one: OnDesk) -> str:
    """`now`, `later`, `promised` or `paused`."""
    if one.standing.paused:
        return PAUSED
    if one.step.why is Why.PROMISE_OPEN:
        return PROMISED
    return NOW if one.step.act in (Act.CALL, Act.MESSAGE) else LATER


def given_word(promise: Promised | None, currency: str) -> GivenWord | None:
    """A promise for staff."""
    if promise is None:
        return None
    amount = format_amount(promise.amount, currency)
    return GivenWord(amount, currency, promise.by.isoformat(), promise.word.value)


def done_today(lender: Lender, actor: str) -> tuple[Done, ...]:
    """What this actor tried today, in order."""
    today = lender.today()
    zone = lender.settings.zone
    start = datetime.combine(today, time(0), zone)
    rows = Attempt.objects.filter(actor=actor, at__gte=start).order_by("at")
    return tuple(
        Done(row.at, row.channel, row.outcome, row.outcome in REACHED) for row in rows if day_of(row.at, zone) == today
    )


def _opened(lender: Lender, actor: str, desks: Sequence[OnDesk]) -> list[Listed]:
    """The rows; the book's row of a grant may be behind, and where the vault says no there is none."""
    answers = use_many(lender, [_use(one, actor) for one in desks])
    pairs = zip(desks, answers, strict=True)
    return [_row(lender, one, answer) for one, answer in pairs if not isinstance(answer, Refusal)]


def _use(one: OnDesk, actor: str) -> Use:
    return Use(subject=one.case.subject, actor=actor, purpose=PURPOSE, fields=_looked_at(one), case=one.case.name)


def _looked_at(one: OnDesk) -> tuple[str, ...]:
    """A promise is shown where it holds or wasn't kept whole; a kept one is no concern of the list."""
    if one.standing.paused:
        return (PAUSE,)
    return (*LOOK, PROMISE) if one.step.why in (Why.PROMISE_OPEN, *GAVE_LESS) else LOOK


def _row(lender: Lender, one: OnDesk, answer: Used | None) -> Listed:
    opened = answer.opened if answer else {}
    promise = one.late.promise if one.late and PROMISE in opened else None
    return Listed(
        case=one.case.name,
        state=state_of(one),
        step=one.step,
        promise=given_word(promise, one.late.loan.currency) if one.late else None,
        tallies=one.tallies if "contact_history" in opened else (),
        currency=one.late.loan.currency if one.late else lender.policy.house.currency,
        opened=opened,
        receipt=receipt_name(answer.receipt.leaf_hash) if answer else "",
    )
