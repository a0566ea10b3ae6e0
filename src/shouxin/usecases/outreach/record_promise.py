"""Records what a borrower promised to pay and by when. It changes nothing that is owed, and contact rests until then.

The promise is about the loan that is longest overdue. Who promises less than is owed, or later than we would like, is
written down as they said it. Who asks for a reminder on that day gets one letter.
"""

from dataclasses import dataclass
from typing import Literal

from shouxin.core.loan.promise import promised
from shouxin.core.money import format_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.outbound import outbox
from shouxin.records.loan.reading import events_of, terms_of
from shouxin.usecases.lender import ActorName, Amount, BadInput, Date, Lender, Request, Text
from shouxin.usecases.loan.booking import Booked, Key, book
from shouxin.usecases.outreach import asked_reminder
from shouxin.usecases.outreach.cases import OpenCase, holder_of
from shouxin.usecases.outreach.desk import EMAIL, Late, late_loan
from shouxin.usecases.outreach.may_call import PURPOSE
from shouxin.usecases.outreach.open_case import RULES
from shouxin.usecases.outreach.resting import at_rest, entered


class RecordPromise(Request):
    """In this case, this amount by this day (today at the earliest), in the borrower's words.

    `reminder`: they asked to be reminded on that day, in this language.
    """

    case: Text
    actor: ActorName
    amount: Amount
    by: Date
    key: Key
    reminder: Literal["zh", "en"] | None = None


@dataclass(frozen=True)
class PromiseRecorded:
    """The event, and how the promise stands. `already`: this key had been recorded before.

    `reminder`: `queued`, `no_address` when there is none to write to, or empty when none was asked for.
    """

    case: str
    event: str
    amount: str
    currency: str
    by: str
    word: str
    already: bool
    reminder: str = ""


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
        reminder=_reminder(lender, case, late, booked, request),
    )


def _reminder(lender: Lender, case: OpenCase, late: Late, booked: Booked, request: RecordPromise) -> str:
    if request.reminder is None:
        return ""
    if EMAIL not in case.facts.held:
        return "no_address"
    asked_reminder.queue(lender, late.loan, message=booked.event.id, by=request.by, lang=request.reminder)
    return outbox.QUEUED
