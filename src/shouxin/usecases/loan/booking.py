"""Adds one event to a loan: once for each key, and only if the loan still adds up with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from django.db import IntegrityError, transaction
from pydantic import StringConstraints

from shouxin.core.loan import event
from shouxin.core.loan.account import Account, fold
from shouxin.core.loan.event import Event, EventError, Type
from shouxin.core.loan.terms import Terms, TermsError
from shouxin.core.money import MoneyError
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.models import Loan, LoanEvent
from shouxin.records.loan.reading import events_of, frozen, terms_of
from shouxin.usecases.lender import BadInput, Lender
from shouxin.usecases.loan.own_loans import deferred_until

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
"""What the sender chose so that sending twice counts once; it is also the event's `ref`."""

_TRIES = 3


@dataclass(frozen=True)
class Booked:
    """The event as it stands, the account on the day `as_of`, and whether it stood already."""

    event: LoanEvent
    account: Account
    already: bool


def book(lender: Lender, loan: Loan, fields: Mapping[str, object], *, key: str, as_of: date) -> Booked | Refusal:
    """Add the event that `fields` describe (the outside contract's shape, without `ref`).

    The same key with the same fields gives the first result again; with others it is refused.
    Two senders at once: one is first, the other finds the key. A deferral is refused while another
    is being kept. Raises `BadInput` when the event makes no sense, alone or among the others.
    """
    document = {**fields, "ref": key}
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return _booked(lender, loan, document, key=key, as_of=as_of)
        except IntegrityError:
            continue  # another sender took the next number or this very key: look again
    raise AssertionError("the next number of an event was taken again and again")


def _booked(lender: Lender, loan: Loan, document: Mapping[str, object], *, key: str, as_of: date) -> Booked | Refusal:
    agreed = terms_of(loan)
    known = events_of(loan, agreed)
    body, _ = frozen(document)
    stands = loan.events.filter(key=key).first()
    if stands is not None:
        if stands.body != body:
            return Refusal(Reason.ALREADY_DONE, (), "key")
        return Booked(stands, fold(agreed, known, as_of=as_of), already=True)
    try:
        happened = event.parse(json.loads(body), agreed, where="")
        if happened.type is Type.DEFER and _deferred(agreed, known, as_of=as_of):
            return Refusal(Reason.ALREADY_DONE, (), "loan")
        account = fold(agreed, [*known, happened], as_of=max(as_of, happened.on))
    except (EventError, TermsError, MoneyError) as error:
        raise BadInput(error.message, where=error.where.strip(".")) from None
    row = LoanEvent.objects.create(
        id=lender.ids.new(),
        subject_id=loan.subject_id,
        loan=loan,
        seq=len(known) + 1,
        on=happened.on,
        type=happened.type.value,
        body=body,
        key=key,
        recorded_at=lender.clock.now(),
    )
    return Booked(row, account, already=False)


def _deferred(agreed: Terms, known: Sequence[Event], *, as_of: date) -> bool:
    return deferred_until(agreed, known, fold(agreed, known, as_of=as_of)) is not None
