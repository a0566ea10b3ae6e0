"""The nightly close: every loan folded as of a date, counted by bucket of delinquency.

It runs on pseudonyms and writes nothing, neither a row a loan nor an entry (preparing a contact
would). A loan that hasn't begun, and one with nothing owed, is not on the book.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from shouxin.core.loan import event, terms
from shouxin.core.loan.account import Account, fold
from shouxin.core.loan.event import Type
from shouxin.core.money import format_amount
from shouxin.records.loan.models import Loan, LoanEvent
from shouxin.records.loan.reading import SIGNED
from shouxin.usecases.lender import BadInput, Date, Lender, Request, Text

_AT_ONCE = 2000


class Close(Request):
    """The book as of the end of this date, in this currency if there are several."""

    date: Date
    currency: Text | None = None


@dataclass(frozen=True)
class Closed:
    """`buckets` in order of lateness; `bucket` None is what no bucket holds: nothing past due."""

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
    for account in _accounts(currency, request.date):
        if not account.outstanding:
            settled += 1
            continue
        one = sums.setdefault(account.behind.bucket, _Sums(days=account.behind.delinquent_days))
        one.loans += 1
        one.balance += account.principal
        one.days = min(one.days, account.behind.delinquent_days)
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


def _accounts(currency: str, day: date) -> Iterator[Account]:
    """Every loan that has begun by the day; events are read beside the loans, both by loan id."""
    loans = Loan.objects.filter(currency=currency, opened_on__lte=day).order_by("id")
    events = LoanEvent.objects.filter(loan__currency=currency, loan__opened_on__lte=day)
    rows = events.order_by("loan_id", "seq").values_list("loan_id", "body")
    beside = groupby(rows.iterator(_AT_ONCE), key=lambda row: row[0])
    waiting = next(beside, None)
    for loan in loans.values_list("id", "source", "terms").iterator(_AT_ONCE):
        bodies: list[str] = []
        if waiting is not None and waiting[0] == loan[0]:
            bodies = [body for _, body in waiting[1]]
            waiting = next(beside, None)
        agreed = terms.parse(json.loads(loan[2]))
        happened = [event.parse(json.loads(body), agreed) for body in bodies]
        if loan[1] != SIGNED or any(one.type is Type.DISBURSE and one.on <= day for one in happened):
            yield fold(agreed, happened, as_of=day)
