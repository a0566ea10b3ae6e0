"""Fields about a person that live in the book: computed from terms and events at the moment they may be shown.

Only `use` asks this room, after the vault's entry is durable; a test lists every query here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from shouxin.core.loan import event, terms
from shouxin.core.loan.account import Account, fold
from shouxin.core.money import format_amount
from shouxin.records.loan.models import Loan
from shouxin.usecases.lender import CannotNow, Lender


def check(subject: str) -> None:
    """Raise `CannotNow` when this person's loans can't be added up: they are in two currencies."""
    if len(set(Loan.objects.filter(subject_id=subject).values_list("currency", flat=True))) > 1:
        raise CannotNow("loans in two currencies: ask loan by loan", where="subject", code="two_currencies")


def fields(lender: Lender, subject: str, names: Iterable[str]) -> dict[str, object]:
    """The named fields over all loans of the person, as of the lender's today; amounts are decimal strings."""
    accounts = [_account(loan, lender) for loan in Loan.objects.filter(subject_id=subject).order_by("opened_on", "id")]
    return {name: _COMPUTED[name](accounts) for name in names}


def _account(loan: Loan, lender: Lender) -> Account:
    agreed = terms.parse(json.loads(loan.terms))
    events = [event.parse(json.loads(row.body), agreed) for row in loan.events.order_by("seq")]
    return fold(agreed, events, as_of=lender.today())


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
