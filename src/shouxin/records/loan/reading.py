"""Rows of the book as the core's values, and the other way round. The one place that knows both."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shouxin.core.loan import event, terms
from shouxin.core.loan.account import Account, fold
from shouxin.core.loan.event import Event, Type
from shouxin.core.loan.terms import Terms
from shouxin.records.loan.models import Loan

SIGNED = "signed"
"""`Loan.source` of a loan that was signed here and begins when it is paid out."""


def terms_of(loan: Loan) -> Terms:
    """The terms as signed."""
    return terms.parse(json.loads(loan.terms))


def events_of(loan: Loan, agreed: Terms) -> list[Event]:
    """What happened to the loan, in the order in which it became known."""
    bodies = loan.events.order_by("seq").values_list("body", flat=True)
    return [event.parse(json.loads(body), agreed) for body in bodies]


def account_of(loan: Loan, *, as_of: date) -> Account:
    """The state of the loan on a day. Raises `EventError` for a day before it was paid out."""
    agreed = terms_of(loan)
    return fold(agreed, events_of(loan, agreed), as_of=as_of)


def begun(loan: Loan, events: Sequence[Event]) -> bool:
    """Was the money paid out? An imported loan was; one signed here when an event says so."""
    return loan.source != SIGNED or any(one.type is Type.DISBURSE for one in events)


def frozen(document: Mapping[str, Any]) -> tuple[str, str]:
    """A document as the text that is kept, always the same for the same content, and its SHA-256."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text, hashlib.sha256(text.encode()).hexdigest()
