"""Pays a signed loan out: the vault opens the card number for the paying bank and this one purpose, then it is booked.

The order to the bank can't be given without the number, so the bank is entered as who receives it.
"""

import re
from dataclasses import dataclass
from datetime import date

from shouxin.core.money import format_amount
from shouxin.core.privacy.form import masked
from shouxin.core.privacy.party import PAYING_BANK
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.reading import SIGNED, begun, events_of, terms_of
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.booking import book
from shouxin.usecases.loan.opening import open_fields
from shouxin.vault.opening import Receipt
from shouxin.vault.use import UseRequest

_CARD = re.compile(r"[0-9]{12,19}")
"""ISO/IEC 7812: a card number has at most 19 digits."""
KEY = "disburse"
"""A single loan is paid out once, so all who try share one key."""


class Disburse(Request):
    """Pay this loan out today."""

    loan: Text
    actor: ActorName = "system:disbursement"


@dataclass(frozen=True)
class Disbursed:
    """What was paid out, and the end of the card number it goes to."""

    loan: str
    disbursed_on: date
    amount: str
    currency: str
    to: str
    receipt: Receipt


def disburse(lender: Lender, request: Disburse) -> Disbursed | Refusal:
    """The loan begins today, whatever day its cost sheet planned.

    That the bank gets the card number is entered first; the pay-out is booked after it, so a crash in
    between leaves an entry and no pay-out, and the next call pays.
    """
    loan = found.loan(request.loan)
    if isinstance(loan, Refusal):
        return loan
    if loan.source != SIGNED or begun(loan, events_of(loan, terms_of(loan))):
        return Refusal(Reason.ALREADY_DONE, (), "loan")
    wanted = UseRequest(loan.subject_id, request.actor, "disbursement", ("bank_card",), recipient=PAYING_BANK)
    opened = open_fields(lender, wanted)
    if isinstance(opened, Refusal):
        return opened
    card = "".join(opened.values["bank_card"].split())
    if not _CARD.fullmatch(card):
        return Refusal(Reason.MALFORMED, (), "bank_card")
    today, amount = lender.today(), format_amount(loan.principal_minor, loan.currency)
    fields = {"on": today.isoformat(), "type": "disburse", "amount": amount}
    booked = book(lender, loan, fields, key=KEY, as_of=today)
    if isinstance(booked, Refusal):
        return booked
    return Disbursed(loan.id, today, amount, loan.currency, masked("bank_card", card), opened.receipt)
