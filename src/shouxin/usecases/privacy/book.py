"""Fields about a person that live in the book: computed from terms and events at the moment they may be shown.

Only `use` asks this room, after the vault's entry is durable, and the person's own answer; a test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from shouxin.core.loan import terms
from shouxin.core.loan.account import Account
from shouxin.core.loan.event import EventError
from shouxin.core.money import format_amount
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import account_of
from shouxin.usecases.lender import CannotNow, Lender


def check(subject: str) -> None:
    """Raise `CannotNow` when this person's loans can't be added up: they are in two currencies."""
    if len(set(Loan.objects.filter(subject_id=subject).values_list("currency", flat=True))) > 1:
        raise CannotNow("loans in two currencies: ask loan by loan", where="subject", code="two_currencies")


def fields(lender: Lender, subject: str, names: Iterable[str]) -> dict[str, object]:
    """The named fields over all loans of the person, as of the lender's today; amounts are decimal strings."""
    accounts = _accounts(lender, subject)
    return {name: _COMPUTED[name](accounts) for name in names}


def next_due_on(lender: Lender, subject: str) -> date | None:
    """The day of the person's next instalment, for an answer to that person."""
    dates = [one.next_due.due_on for one in _accounts(lender, subject) if one.next_due]
    return min(dates, default=None)


def _accounts(lender: Lender, subject: str) -> list[Account]:
    loans = Loan.objects.filter(subject_id=subject).order_by("opened_on", "id")
    return [account for loan in loans if (account := _account(loan, lender.today()))]


def _account(loan: Loan, as_of: date) -> Account | None:
    """None for a loan that was signed and not paid out yet: nothing is owed on it."""
    try:
        return account_of(loan, as_of=as_of)
    except EventError:
        return None


def _sum(accounts: Sequence[Account], amount: Callable[[Account], int]) -> str:
    currency = accounts[0].terms.currency if accounts else "CNY"
    return format_amount(sum(map(amount, accounts)), currency)


def _next_due(accounts: Sequence[Account]) -> str:
    dates = [one.next_due.due_on for one in accounts if one.next_due]
    return min(dates).isoformat() if dates else ""


_COMPUTED: Mapping[str, Callable[[Sequence[Account]], object]] = {
    "balance": lambda accounts: _sum(accounts, lambda one: one.principal),
    "arrears": lambda accounts: _sum(accounts, lambda one: one.behind.arrears),
    "days_past_due": lambda accounts: max((one.behind.dpd for one in accounts), default=0),
    "next_due": _next_due,
    "terms": lambda accounts: [terms.to_doc(one.terms) for one in accounts],
}
