"""Records what a borrower promised to pay and by when. It changes nothing that is owed, and contact rests until then.

The promise is about the loan that is longest overdue. Who promises less than is owed, or later than we would like, is
written down as they said it.
"""

from dataclasses import dataclass

from shouxin.core.loan.promise import promised
from shouxin.core.money import format_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.reading import events_of, terms_of
from shouxin.usecases.lender import ActorName, Amount, BadInput, Date, Lender, Request, Text
from shouxin.usecases.loan.booking import Key, book
from shouxin.usecases.outreach.cases import holder_of
from shouxin.usecases.outreach.desk import late_loan
from shouxin.usecases.outreach.may_call import PURPOSE
from shouxin.usecases.outreach.open_case import RULES
from shouxin.usecases.outreach.resting import at_rest, entered


class RecordPromise(Request):
    """In this case, this amount by this day (today at the earliest), in the borrower's words."""

    case: Text
    actor: ActorName
    amount: Amount
    by: Date
    key: Key


@dataclass(frozen=True)
class PromiseRecorded:
    """The event, and how the promise stands. `already`: this key had been recorded before."""

    case: str
    event: str
    amount: str
    currency: str
    by: str
    word: str
    already: bool


def record_promise(lender: Lender, request: RecordPromise) -> PromiseRecorded | Refusal:
    """Book it, once for each key. Raises `BadInput` for an amount of nothing and for a day that is over."""
    case = holder_of(lender, request.case, request.actor, purpose=PURPOSE)
    if isinstance(case, Refusal):
        return case
    resting = at_rest(lender, case, actor=request.actor)
    if resting:
        return resting
    late = late_loan(lender, case.subject)
    if late is None:
        return entered(lender, case, Refusal(Reason.NOT_OVERDUE, RULES, "case"), actor=request.actor)
    today = lender.today()
    if request.by < today:
        raise BadInput("is over already", where="by")
    fields = {"on": today.isoformat(), "type": "promise", "amount": request.amount, "by": request.by.isoformat()}
    booked = book(lender, late.loan, fields, key=request.key, as_of=today)
    if isinstance(booked, Refusal):
        return booked
    stands = promised(events_of(late.loan, terms_of(late.loan)), as_of=today)
    assert stands is not None, "it was booked a moment ago"
    return PromiseRecorded(
        case=case.name,
        event=booked.event.id,
        amount=format_amount(stands.amount, late.loan.currency),
        currency=late.loan.currency,
        by=request.by.isoformat(),
        word=stands.word.value,
        already=booked.already,
    )
