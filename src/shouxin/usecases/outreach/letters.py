"""What a reminder about a loan says today: which template, and the figures for its places."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shouxin.core.loan.account import Account, Instalment
from shouxin.outbound.render import money
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import account_of, begun, events_of, terms_of
from shouxin.usecases.lender import Lender

DUE_SOON, NOT_RECEIVED = "due_soon", "not_received"
FIELDS = {DUE_SOON: ("name", "email", "next_due"), NOT_RECEIVED: ("name", "email", "arrears")}
"""What each letter says of the person, and so what its carrier gets: the vault is asked for these and no other."""


@dataclass(frozen=True)
class Subject:
    """The template, how late the loan is, and the figures (a person's: never kept)."""

    template: str
    dpd: int
    figures: Mapping[str, str] = field(repr=False)


def subject_of(lender: Lender, loan: Loan, lang: str) -> Subject | None:
    """What there is to remind of today; None when nothing is owed or the loan hasn't begun."""
    if not begun(loan, events_of(loan, terms_of(loan))):
        return None
    account = account_of(loan, as_of=lender.today())
    if account.behind.dpd:
        oldest = next(row for row in account.instalments if row.outstanding)
        return _subject(NOT_RECEIVED, account, oldest, account.behind.arrears, lang)
    following = account.next_due
    return _subject(DUE_SOON, account, following, following.outstanding, lang) if following else None


def _subject(template: str, account: Account, row: Instalment, minor: int, lang: str) -> Subject:
    figures = {
        "number": str(row.number),
        "due_on": _day(row, lang),
        "amount": money(minor, account.terms.currency),
    }
    return Subject(template, account.behind.dpd, figures)


def _day(row: Instalment, lang: str) -> str:
    day = row.due_on
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%b} {day.year}"
