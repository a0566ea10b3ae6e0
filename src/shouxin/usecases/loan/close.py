"""The nightly close: every loan folded as of a date, counted by bucket of delinquency.

It runs on pseudonyms and writes nothing, neither a row a loan nor an entry (preparing a contact
would). A loan that hasn't begun, and one with nothing owed, is not on the book.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby

from shouxin.core.loan import event, terms
from shouxin.core.loan.account import fold
from shouxin.core.loan.event import Type
from shouxin.core.money import format_amount
from shouxin.records.loan.models import Loan, LoanEvent
from shouxin.records.loan.reading import SIGNED
from shouxin.usecases.lender import BadInput, Date, Lender, Request, Text

_AT_ONCE = 2000
_REMEMBERED = 50_000


class Close(Request):
    """The book as of the end of this date, in this currency if there are several."""

    date: Date
    currency: Text | None = None


@dataclass(frozen=True)
class Closed:
    """`buckets` in order of lateness; `bucket` None is what no bucket of the terms holds, which is
    what has nothing past due where the terms name buckets from the first day on.
    """

    date: date
    currency: str
    loans: int
    balance: str
    buckets: list[dict[str, object]]
    settled: int


@dataclass
class _Sums:
    """What is counted for one bucket, and how late its least late loan is."""

    loans: int = 0
    balance: int = 0
    days: int = field(default=0)


def close(lender: Lender, request: Close) -> Closed:
    """Fold and count. Raises `BadInput` when the book has several currencies and none is named."""
    currency = request.currency or _only_currency(lender)
    sums: dict[str | None, _Sums] = {}
    settled = 0
    for loan in _standings(currency, request.date):
        if not loan.outstanding:
            settled += 1
            continue
        one = sums.setdefault(loan.bucket, _Sums(days=loan.days))
        one.loans += 1
        one.balance += loan.balance
        one.days = min(one.days, loan.days)
    ordered = sorted(sums.items(), key=lambda pair: (pair[0] is not None, pair[1].days))
    return Closed(
        date=request.date,
        currency=currency,
        loans=sum(one.loans for one in sums.values()),
        balance=format_amount(sum(one.balance for one in sums.values()), currency),
        buckets=[
            {"bucket": bucket, "loans": one.loans, "balance": format_amount(one.balance, currency)}
            for bucket, one in ordered
        ],
        settled=settled,
    )


def _only_currency(lender: Lender) -> str:
    found = sorted(set(Loan.objects.values_list("currency", flat=True).distinct()))
    if len(found) > 1:
        raise BadInput(f"the book has several: {', '.join(found)}", where="currency")
    return found[0] if found else lender.policy.house.currency


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the close asks of one loan; amounts in minor units."""

    balance: int
    outstanding: int
    bucket: str | None
    days: int


def _standings(currency: str, day: date) -> Iterator[_Standing]:
    """Every loan that has begun by the day; events are read beside the loans, both by loan id.

    A fold is a pure function, so loans of one wording and one course are folded once.
    """
    folded = lru_cache(maxsize=_REMEMBERED)(_standing)
    loans = Loan.objects.filter(currency=currency, opened_on__lte=day).order_by("id")
    events = LoanEvent.objects.filter(loan__currency=currency, loan__opened_on__lte=day)
    rows = events.order_by("loan_id", "seq").values_list("loan_id", "body")
    beside = groupby(rows.iterator(_AT_ONCE), key=lambda row: row[0])
    waiting = next(beside, None)
    for name, source, text in loans.values_list("id", "source", "terms").iterator(_AT_ONCE):
        bodies: tuple[str, ...] = ()
        if waiting is not None and waiting[0] == name:
            bodies = tuple(body for _, body in waiting[1])
            waiting = next(beside, None)
        standing = folded(text, bodies, day, imported=source != SIGNED)
        if standing is not None:
            yield standing


def _standing(text: str, bodies: tuple[str, ...], day: date, *, imported: bool) -> _Standing | None:
    """The loan as of the day; None when it was signed and not paid out by then."""
    agreed = terms.parse(json.loads(text))
    happened = [event.parse(json.loads(body), agreed) for body in bodies]
    if not imported and not any(one.type is Type.DISBURSE and one.on <= day for one in happened):
        return None
    account = fold(agreed, happened, as_of=day)
    return _Standing(account.principal, account.outstanding, account.behind.bucket, account.behind.delinquent_days)
