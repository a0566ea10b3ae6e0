"""What a borrower owes, and when: every loan of theirs as a page shows it, the most pressing first.

Asking for one's own loans writes no entry.  All figures are the core's; amounts are decimal strings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shouxin.core.loan import statement
from shouxin.core.loan.account import Account, Instalment, fold
from shouxin.core.loan.agreed import CIVIL_CODE_561
from shouxin.core.loan.event import Event, Type
from shouxin.core.loan.terms import Terms
from shouxin.core.money import format_amount, format_percent
from shouxin.core.rules.refusal import Refusal
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import begun, events_of, loans_of, terms_of
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.paying import due_now

SOON_DAYS = 10
"""From so many days before its due date on, an instalment is what the page is about."""


class Standing(StrEnum):
    """How a loan stands for its borrower, the most pressing first."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    COMING = "coming"
    WAITING = "waiting"
    SETTLED = "settled"


class OwnLoans(Request):
    """Whose."""

    subject: Text


class OwnLoan(Request):
    """One loan of this person's."""

    subject: Text
    loan: Text


@dataclass(frozen=True)
class DueRow:
    """An instalment that is due or next: what is still to be paid of it, penalty interest left out."""

    number: int
    due_on: date
    amount: str


@dataclass(frozen=True)
class LoanShown:
    """One loan. `amount` is what to pay now (or next) and is the sum of `rows` and `penalties`.

    `days` are days late, or days until `due_on`; `more_tomorrow` is by how much `penalties` grow until tomorrow.
    `deferred_until` is the day up to which a deferral is kept. `account` is the document of the core's statement, empty
    while the money wasn't paid out; `saves` what paying all today spares of interest; `usual_order` says that
    money goes to costs, interest, principal of one instalment after the other.
    """

    loan: str
    currency: str
    opened_on: date
    standing: Standing
    principal: str
    annual: str
    amount: str
    rows: tuple[DueRow, ...]
    penalties: str
    more_tomorrow: str
    due_on: date | None
    days: int
    deferred_until: date | None
    paid_count: int
    last_due: date | None
    saves: str
    usual_order: bool
    account: dict[str, object]


def own_loans(lender: Lender, request: OwnLoans) -> tuple[LoanShown, ...]:
    """All loans of the person; nobody's are none."""
    shown = [_shown(lender, *held) for held in loans_of(request.subject)]
    order = list(Standing)
    return tuple(sorted(shown, key=lambda one: (order.index(one.standing), one.due_on or date.max)))


def own_loan(lender: Lender, request: OwnLoan) -> LoanShown | Refusal:
    """The loan, or the refusal of what isn't theirs."""
    loan = found.own_loan(request.loan, request.subject)
    if isinstance(loan, Refusal):
        return loan
    agreed = terms_of(loan)
    return _shown(lender, loan, agreed, events_of(loan, agreed))


def _shown(lender: Lender, loan: Loan, agreed: Terms, events: Sequence[Event]) -> LoanShown:
    account = fold(agreed, events, as_of=lender.today()) if begun(loan, events) else None
    return _waiting(loan, agreed) if account is None else _running(loan, agreed, events, account)


def _waiting(loan: Loan, agreed: Terms) -> LoanShown:
    nothing = format_amount(0, loan.currency)
    return LoanShown(
        loan=loan.id,
        currency=loan.currency,
        opened_on=loan.opened_on,
        standing=Standing.WAITING,
        principal=format_amount(agreed.principal_minor, loan.currency),
        annual=_percent(agreed),
        amount=nothing,
        rows=(),
        penalties=nothing,
        more_tomorrow=nothing,
        due_on=None,
        days=0,
        deferred_until=None,
        paid_count=0,
        last_due=None,
        saves=nothing,
        usual_order=_usual(agreed),
        account={},
    )


def _running(loan: Loan, agreed: Terms, events: Sequence[Event], account: Account) -> LoanShown:
    def money(minor: int) -> str:
        return format_amount(minor, loan.currency)

    rows = due_now(account)
    penalties = sum(_penalty(row) for row in rows)
    oldest = rows[0].due_on if rows else None
    return LoanShown(
        loan=loan.id,
        currency=loan.currency,
        opened_on=loan.opened_on,
        standing=_standing(account, oldest),
        principal=money(account.terms.principal_minor),
        annual=_percent(agreed),
        amount=money(sum(row.outstanding for row in rows)),
        rows=tuple(DueRow(row.number, row.due_on, money(row.outstanding - _penalty(row))) for row in rows),
        penalties=money(penalties),
        more_tomorrow=money(_tomorrow(agreed, events, account, rows) - penalties),
        due_on=oldest,
        days=abs((account.as_of - oldest).days) if oldest else 0,
        deferred_until=deferred_until(agreed, events, account),
        paid_count=sum(1 for row in account.instalments if not row.outstanding),
        last_due=account.instalments[-1].due_on,
        saves=money(account.outstanding - account.settle.amount),
        usual_order=_usual(agreed),
        account=statement.to_doc(account),
    )


def _standing(account: Account, due_on: date | None) -> Standing:
    if due_on is None:
        return Standing.SETTLED
    days = (due_on - account.as_of).days
    if days < 0:
        return Standing.LATE
    return Standing.TODAY if days == 0 else Standing.SOON if days <= SOON_DAYS else Standing.COMING


def _penalty(row: Instalment) -> int:
    return row.asked.penalties - row.paid.penalties


def _tomorrow(agreed: Terms, events: Sequence[Event], account: Account, rows: Sequence[Instalment]) -> int:
    """The penalties of the same instalments a day later."""
    if not rows or rows[0].due_on > account.as_of:
        return sum(map(_penalty, rows))  # nothing is late tomorrow either
    numbers = {row.number for row in rows}
    later = fold(agreed, events, as_of=account.as_of + timedelta(days=1))
    return sum(_penalty(row) for row in later.instalments if row.number in numbers)


def deferred_until(agreed: Terms, events: Sequence[Event], account: Account) -> date | None:
    """The due date up to which the newest deferral is being kept; None when there is none, or it is over."""
    ordered = sorted(events, key=lambda one: one.on)
    last = max((n for n, one in enumerate(ordered) if one.type is Type.DEFER), default=None)
    if last is None:
        return None
    then = fold(agreed, ordered[: last + 1], as_of=ordered[last].on)
    until = then.next_due.due_on if then.next_due else None
    return until if until and account.as_of <= until and account.outstanding else None


def _usual(agreed: Terms) -> bool:
    return agreed.allocation == CIVIL_CODE_561 and not agreed.by_component


def _percent(agreed: Terms) -> str:
    """The yearly rate to four decimals (`14.4000%`)."""
    return format_percent(agreed.annual, places=4) + "%"
