"""Agrees on putting instalments off, one deferral at a time. The history says so first, then the loan changes.

1. Inside the log's own batch, which no other act shares: a deferral that is being kept, or is being agreed at this
   very moment, is a refusal; the plan is computed; nothing to put off is a refusal.
2. `decided` and `paused` are entered together: collection stops from this moment until the new due date.
3. The event is booked, and that transaction too refuses a second deferral.
A crash between 2 and 3 leaves a person who isn't collected from and a loan that hasn't moved; asking again for the
same deferral moves it, without new entries.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shouxin.core.loan import event, forbearance
from shouxin.core.loan.account import fold
from shouxin.core.loan.event import Type
from shouxin.core.loan.forbearance import Plan
from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.facts import Facts
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import begun, events_of, terms_of
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.booking import Key, book
from shouxin.usecases.loan.own_loans import deferred_until
from shouxin.usecases.loan.simulate_defer import Instalments, plan_of

WHY = "deferral"


class Defer(Request):
    """This person and the lender agree: everything unpaid of this loan moves by so many due dates."""

    subject: Text
    loan: Text
    instalments: Instalments
    key: Key


@dataclass(frozen=True)
class Deferred:
    """The plan as agreed, the event, and the entries `decided` and `paused` in the history.

    `already`: this key had been agreed before; then there are no new entries.
    """

    loan: str
    currency: str
    event: str
    plan: dict[str, object]
    entries: tuple[int, ...]
    paused_until: datetime | None
    already: bool


@dataclass(frozen=True)
class _Agreed:
    """`entries` is empty when an earlier call entered this deferral and hasn't booked it."""

    plan: Plan
    until: datetime
    entries: tuple[int, ...]


def defer(lender: Lender, request: Defer) -> Deferred | Refusal:
    """Put off, once for each key; `already_done` while a deferral of this loan is being kept."""
    loan = found.own_loan(request.loan, request.subject)
    if isinstance(loan, Refusal):
        return loan
    agreed = _enter(lender, loan, request)
    if isinstance(agreed, Refusal):
        return _again(lender, loan, request) if _booked(loan, request.key) else agreed
    plan = agreed.plan
    booked = book(lender, loan, event.to_doc(plan.event, terms_of(loan)), key=request.key, as_of=plan.on)
    if isinstance(booked, Refusal):
        return booked
    already = booked.already and not agreed.entries
    document = forbearance.to_doc(plan)
    return Deferred(loan.id, loan.currency, booked.event.id, document, agreed.entries, agreed.until, already)


def _booked(loan: Loan, key: str) -> bool:
    return loan.events.filter(key=key).exists()


def _again(lender: Lender, loan: Loan, request: Defer) -> Deferred | Refusal:
    """The key stands: the same deferral gets the first answer's event, another one a refusal."""
    stands = loan.events.get(key=request.key)
    fields = {"on": stands.on.isoformat(), "type": "defer", "instalments": request.instalments}
    booked = book(lender, loan, fields, key=request.key, as_of=lender.today())
    if isinstance(booked, Refusal):
        return booked
    return Deferred(loan.id, loan.currency, booked.event.id, {}, (), None, already=True)


def _enter(lender: Lender, loan: Loan, request: Defer) -> _Agreed | Refusal:
    """Decide on the history as it stands inside the batch, and enter both entries or none."""
    made: list[_Agreed] = []

    def decide(facts: Facts) -> list[Record] | Refusal:
        agreed = _decided(lender, loan, request, facts)
        if isinstance(agreed, Refusal):
            return agreed
        made.append(agreed)
        return _entries(lender, agreed) if agreed.entries else Refusal(Reason.ALREADY_DONE, (), "loan")

    answer = lender.vault.record_all(loan.subject_id, decide)
    if made:
        return made[0]
    assert isinstance(answer, Refusal), "what was entered was decided first"
    return answer


def _decided(lender: Lender, loan: Loan, request: Defer, facts: Facts) -> _Agreed | Refusal:
    taken = Refusal(Reason.ALREADY_DONE, (), "loan")
    if _booked(loan, request.key) or _kept(lender, loan):
        return taken
    plan = plan_of(loan, instalments=request.instalments, on=lender.today())
    if isinstance(plan, Refusal):
        return plan
    assert plan.next_due is not None, "what was put off is still to come"
    until = _until(lender, plan.next_due.due_on)
    if not _under_way(lender, loan, facts):
        return _Agreed(plan, until, (facts.n + 1, facts.n + 2))
    return _Agreed(plan, until, ()) if facts.paused_until == _ms(until) else taken


def _kept(lender: Lender, loan: Loan) -> bool:
    """Is a deferral of this loan, as booked, being kept today?"""
    agreed = terms_of(loan)
    events = events_of(loan, agreed)
    if not begun(loan, events):
        return False
    return deferred_until(agreed, events, fold(agreed, events, as_of=lender.today())) is not None


def _under_way(lender: Lender, loan: Loan, facts: Facts) -> bool:
    """Has the history a deferral that no loan of this person's shows yet?

    A pause without an end is none; the pause of another loan's deferral ends when that one says.
    """
    if not facts.paused_until or not facts.paused_at(_ms(lender.clock.now())):
        return False
    others = Loan.objects.filter(subject_id=loan.subject_id).exclude(id=loan.id)
    return all(_ms(_until(lender, day)) != facts.paused_until for other in others for day in _ends(other))


def _ends(loan: Loan) -> list[date]:
    """The day up to which each deferral of this loan was agreed."""
    agreed = terms_of(loan)
    events = sorted(events_of(loan, agreed), key=lambda one: one.on)
    deferrals = [(n, one) for n, one in enumerate(events, start=1) if one.type is Type.DEFER]
    accounts = [fold(agreed, events[:n], as_of=one.on) for n, one in deferrals]
    return [account.next_due.due_on for account in accounts if account.next_due]


def _until(lender: Lender, due_on: date) -> datetime:
    """The pause ends with the day on which the next payment under the plan is due."""
    return datetime.combine(due_on + timedelta(days=1), time(0), lender.settings.zone).astimezone(UTC)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def _entries(lender: Lender, agreed: _Agreed) -> list[Record]:
    decided: Record = {"kind": "decided", "what": WHY, "outcome": "agreed", "policy": lender.policy.hash}
    paused: Record = {"kind": "paused", "why": WHY, "until": _ms(agreed.until)}
    return [decided, paused]
