"""A payment arrives, today or dated back; it is taken as the terms say and counted once."""

from dataclasses import dataclass
from datetime import date

from shouxin.core.loan.event import Type
from shouxin.core.money import format_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.reading import begun, events_of, terms_of
from shouxin.usecases.lender import Amount, BadInput, Date, Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.booking import Key, book
from shouxin.usecases.loan.ending import end_if_settled


class Pay(Request):
    """So much for this loan. `paid_on` may lie back, never ahead; it defaults to today."""

    loan: Text
    amount: Amount
    currency: Text
    key: Key
    paid_on: Date | None = None


@dataclass(frozen=True)
class Paid:
    """Where the loan stands now. `already`: this key had been booked before."""

    loan: str
    event: str
    paid_on: date
    amount: str
    currency: str
    balance: str
    arrears: str
    dpd: int
    already: bool
    ended: bool


class Settle(Pay):
    """So much to pay everything off: interest to that day and no further. Less than that is bad input."""


def pay(lender: Lender, request: Pay) -> Paid | Refusal:
    """Book a payment. When it pays the loan off, the contract's end is entered in the history."""
    return _take(lender, request, Type.PAY)


def settle(lender: Lender, request: Settle) -> Paid | Refusal:
    """Book the payment that pays everything off early. Raises `BadInput` at `amount` when it doesn't."""
    return _take(lender, request, Type.SETTLE)


def _take(lender: Lender, request: Pay, type_: Type) -> Paid | Refusal:
    loan = found.loan(request.loan)
    if isinstance(loan, Refusal):
        return loan
    if request.currency != loan.currency:
        return Refusal(Reason.WRONG_AMOUNT, (), "currency")
    if not begun(loan, events_of(loan, terms_of(loan))):
        return Refusal(Reason.NOT_ALLOWED_BY_TERMS, (), "loan")
    today = lender.today()
    paid_on = request.paid_on or today
    if paid_on > today:
        raise BadInput("lies ahead", where="paid_on")
    fields = {"on": paid_on.isoformat(), "type": type_.value, "amount": request.amount}
    booked = book(lender, loan, fields, key=request.key, as_of=today)
    if isinstance(booked, Refusal):
        return booked
    account = booked.account
    return Paid(
        loan=loan.id,
        event=booked.event.id,
        paid_on=paid_on,
        amount=request.amount,
        currency=loan.currency,
        balance=format_amount(account.principal, loan.currency),
        arrears=format_amount(account.behind.arrears, loan.currency),
        dpd=account.behind.dpd,
        already=booked.already,
        ended=end_if_settled(lender, loan, account),
    )
