"""Agrees on putting instalments off. The history says so first, then the loan changes.

1. The plan is computed; nothing to put off is a refusal.
2. `decided` and `paused` are entered: collection stops from this moment until the new due date.
3. The event is booked. A crash between 2 and 3 leaves a person who isn't collected from and a
   loan that hasn't moved; the same call again (same key) moves it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from shouxin.core.loan import event, forbearance
from shouxin.core.loan.forbearance import Plan
from shouxin.core.privacy.entry import Record
from shouxin.core.rules.refusal import Refusal
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import terms_of
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.booking import Key, book
from shouxin.usecases.loan.entering import always
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


def defer(lender: Lender, request: Defer) -> Deferred | Refusal:
    """Put off, once for each key."""
    loan = found.own_loan(request.loan, request.subject)
    if isinstance(loan, Refusal):
        return loan
    if loan.events.filter(key=request.key).exists():
        return _again(lender, loan, request)
    plan = plan_of(loan, instalments=request.instalments, on=lender.today())
    if isinstance(plan, Refusal):
        return plan
    until = _until(lender, plan)
    entries = _enter(lender, loan, until)
    if isinstance(entries, Refusal):
        return entries
    booked = book(lender, loan, event.to_doc(plan.event, terms_of(loan)), key=request.key, as_of=plan.on)
    if isinstance(booked, Refusal):
        return booked
    document = forbearance.to_doc(plan)
    return Deferred(loan.id, loan.currency, booked.event.id, document, entries, until, already=booked.already)


def _again(lender: Lender, loan: Loan, request: Defer) -> Deferred | Refusal:
    """The key stands: the same deferral gets the first answer's event, another one a refusal."""
    stands = loan.events.get(key=request.key)
    fields = {"on": stands.on.isoformat(), "type": "defer", "instalments": request.instalments}
    booked = book(lender, loan, fields, key=request.key, as_of=lender.today())
    if isinstance(booked, Refusal):
        return booked
    return Deferred(loan.id, loan.currency, booked.event.id, {}, (), None, already=True)


def _until(lender: Lender, plan: Plan) -> datetime:
    """The pause ends with the day on which the next payment under the plan is due."""
    assert plan.next_due is not None, "what was put off is still to come"
    day = plan.next_due.due_on + timedelta(days=1)
    return datetime.combine(day, time(0), lender.settings.zone).astimezone(UTC)


def _enter(lender: Lender, loan: Loan, until: datetime) -> tuple[int, ...] | Refusal:
    decided: Record = {"kind": "decided", "what": WHY, "outcome": "agreed", "policy": lender.policy.hash}
    paused: Record = {"kind": "paused", "why": WHY, "until": int(until.timestamp()) * 1000}
    entries = []
    for body in (decided, paused):
        receipt = lender.vault.record(loan.subject_id, always(body))
        if isinstance(receipt, Refusal):
            return receipt
        entries.append(receipt.entry)
    return tuple(entries)
