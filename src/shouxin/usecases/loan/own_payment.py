"""One order of a borrower's, as it stands: waiting, paid (what it repaid), declined, another amount, paid twice."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shouxin.core.loan.account import fold
from shouxin.core.loan.event import Type
from shouxin.core.money import format_amount
from shouxin.core.rules.refusal import Refusal
from shouxin.outbound.payment import PAID
from shouxin.records.loan.models import LoanEvent, PaymentArrival, PaymentOrder
from shouxin.records.loan.reading import events_of, terms_of
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.paying import repaid
from shouxin.usecases.loan.simulate_pay import RepaidLine, lines_of


class Outcome(StrEnum):
    """What became of an order. `UNOPENED`: the gateway couldn't be reached yet."""

    UNOPENED = "unopened"
    PENDING = "pending"
    PAID = "paid"
    OTHER_AMOUNT = "other_amount"
    TWICE = "twice"
    DECLINED = "declined"


class OwnPayment(Request):
    """One order of this person's."""

    subject: Text
    order: Text


class PendingPayments(Request):
    """The orders of one loan of this person's that nothing has been heard of yet."""

    subject: Text
    loan: Text


@dataclass(frozen=True)
class Arrival:
    """One payment that arrived: how much, when, what it repaid in order, and what fitted nowhere."""

    amount: str
    at: datetime
    lines: tuple[RepaidLine, ...]
    saved: str
    credit: str


@dataclass(frozen=True)
class PaymentShown:
    """`amount` is what was asked for; `page` is where it is paid at the gateway; `balance` and `outstanding` are what
    is left now, principal alone and all that is to come.
    """

    order: str
    loan: str
    currency: str
    amount: str
    choice: str
    outcome: Outcome
    page: str
    made_at: datetime
    arrivals: tuple[Arrival, ...]
    balance: str
    outstanding: str


def own_payment(lender: Lender, request: OwnPayment) -> PaymentShown | Refusal:
    """The order, or the refusal of what isn't theirs."""
    order = found.own_order(request.order, request.subject)
    if isinstance(order, Refusal):
        return order
    agreed = terms_of(order.loan)
    account = fold(agreed, events_of(order.loan, agreed), as_of=lender.today())
    rows = list(order.arrivals.order_by("received_at", "id"))
    return PaymentShown(
        order=order.id,
        loan=order.loan_id,
        currency=order.currency,
        amount=format_amount(order.amount_minor, order.currency),
        choice=order.choice,
        outcome=_outcome(order, rows),
        page=order.page,
        made_at=order.made_at,
        arrivals=tuple(_arrival(order, row) for row in rows if row.status == PAID),
        balance=format_amount(account.principal, order.currency),
        outstanding=format_amount(account.outstanding, order.currency),
    )


def pending_payments(lender: Lender, request: PendingPayments) -> tuple[PaymentShown, ...] | Refusal:
    """The newest three."""
    loan = found.own_loan(request.loan, request.subject)
    if isinstance(loan, Refusal):
        return loan
    waiting = loan.orders.filter(arrivals=None).order_by("-made_at", "-id").values_list("id", flat=True)[:3]
    shown = [own_payment(lender, OwnPayment(subject=request.subject, order=name)) for name in waiting]
    return tuple(one for one in shown if not isinstance(one, Refusal))


def _outcome(order: PaymentOrder, rows: list[PaymentArrival]) -> Outcome:
    paid = [row for row in rows if row.status == PAID]
    if len(paid) > 1:
        return Outcome.TWICE
    if paid:
        return Outcome.PAID if paid[0].amount_minor == order.amount_minor else Outcome.OTHER_AMOUNT
    if rows:
        return Outcome.DECLINED
    return Outcome.PENDING if order.page else Outcome.UNOPENED


def _arrival(order: PaymentOrder, row: PaymentArrival) -> Arrival:
    """What its event repaid, with all that was known of the loan up to it."""
    agreed = terms_of(order.loan)
    event = LoanEvent.objects.get(id=row.event)
    known = events_of(order.loan, agreed)[: event.seq]
    before = fold(agreed, known[:-1], as_of=event.on)
    after = fold(agreed, known, as_of=event.on)
    settles = json.loads(event.body)["type"] == Type.SETTLE.value
    credit = after.credit - before.credit
    saved = before.outstanding - after.outstanding - row.amount_minor + credit if settles else 0
    return Arrival(
        amount=format_amount(row.amount_minor, order.currency),
        at=row.at,
        lines=lines_of(repaid(before, after), order.currency),
        saved=format_amount(saved, order.currency),
        credit=format_amount(credit, order.currency),
    )
