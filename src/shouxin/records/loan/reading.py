"""Rows of the book as the core's values, and the other way round. The one place that knows both."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connections

from shouxin.core.loan import event, terms
from shouxin.core.loan.account import Account, fold
from shouxin.core.loan.event import Event, Type
from shouxin.core.loan.terms import Terms
from shouxin.records.loan.models import Loan, Offer

SIGNED = "signed"
"""`Loan.source` of a loan that was signed here and begins when it is paid out."""

# In plain words: a borrower's pages ask these at each visit, and to build such a question anew takes longer than the
# database takes to answer it.
_LOANS = "SELECT * FROM loan_loan WHERE subject_id = %s ORDER BY opened_on, id"
_LOAN = "SELECT * FROM loan_loan WHERE id = %s AND subject_id = %s"
_BODIES = "SELECT body FROM loan_loanevent WHERE loan_id = %s ORDER BY seq"
_BODIES_OF_ALL = (
    "SELECT loan_id, body FROM loan_loanevent "
    "WHERE loan_id IN (SELECT id FROM loan_loan WHERE subject_id = %s) ORDER BY seq"
)
_OPEN_OFFER = (
    "SELECT * FROM loan_offer WHERE subject_id = %s AND valid_until >= %s "
    "AND NOT EXISTS (SELECT 1 FROM loan_loan WHERE loan_loan.id = loan_offer.id) ORDER BY made_at DESC LIMIT 1"
)


def terms_of(loan: Loan) -> Terms:
    """The terms as signed."""
    return terms.parse(json.loads(loan.terms))


def events_of(loan: Loan, agreed: Terms) -> list[Event]:
    """What happened to the loan, in the order in which it became known."""
    return [_event(body, agreed) for (body,) in _rows(_BODIES, loan.id)]


def loan_of(name: str, subject: str) -> Loan | None:
    """This loan if it is this person's."""
    return next(iter(Loan.objects.raw(_LOAN, [name, subject])), None)


def loans_of(subject: str) -> list[tuple[Loan, Terms, list[Event]]]:
    """All loans of this person, the oldest first, each with its terms and its events, by two questions in all."""
    loans = list(Loan.objects.raw(_LOANS, [subject]))
    bodies: dict[str, list[str]] = {loan.id: [] for loan in loans}
    for loan_id, body in _rows(_BODIES_OF_ALL, subject) if loans else ():
        bodies.setdefault(loan_id, []).append(body)
    agreed = {loan.id: terms_of(loan) for loan in loans}
    return [(loan, agreed[loan.id], [_event(body, agreed[loan.id]) for body in bodies[loan.id]]) for loan in loans]


def open_offer(subject: str, *, on: date) -> Offer | None:
    """The newest offer of this person that may still be signed on that day."""
    return next(iter(Offer.objects.raw(_OPEN_OFFER, [subject, on.isoformat()])), None)


def account_of(loan: Loan, *, as_of: date) -> Account:
    """The state of the loan on a day. Raises `EventError` for a day before it was paid out."""
    agreed = terms_of(loan)
    return fold(agreed, events_of(loan, agreed), as_of=as_of)


def begun(loan: Loan, events: Sequence[Event]) -> bool:
    """Was the money paid out? An imported loan was; one signed here when an event says so."""
    return loan.source != SIGNED or any(one.type is Type.DISBURSE for one in events)


def _rows(question: str, name: str) -> list[tuple[str, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(question, [name])
        return list(cursor.fetchall())


def _event(body: str, agreed: Terms) -> Event:
    return event.parse(json.loads(body), agreed)


def frozen(document: Mapping[str, Any]) -> tuple[str, str]:
    """A document as the text that is kept, always the same for the same content, and its SHA-256."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text, hashlib.sha256(text.encode()).hexdigest()
