"""The arithmetic of one instalment, so that anybody can do it again on paper."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from shouxin.core.loan.account import Account, Instalment, fold
from shouxin.core.loan.agreed import MOST_INSTALMENTS, Part
from shouxin.core.loan.schedule import Row, build
from shouxin.core.money import format_amount, format_percent, round_ratio
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.reading import begun, events_of, terms_of
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found

_YEAR = 365
"""Days over which penalty interest runs (`core.loan.agreed.Penalty`)."""


class OwnRow(Request):
    """Instalment `number` of this person's loan, as it stands today."""

    subject: Text
    loan: Text
    number: Annotated[int, Field(ge=1, le=2 * MOST_INSTALMENTS)]


@dataclass(frozen=True)
class PenaltySum:
    """`base` × `annual` × `days` / 365 = `amount`."""

    base: str
    annual: str
    days: int
    amount: str


@dataclass(frozen=True)
class RowExplained:
    """`before` × `rate` = `interest`; `level` − `interest` = `principal`, or all that is left in the `last` row.

    `rate` is what one period bears, in percent; `rounded` says that it has more decimals than are shown. `extra` is
    interest that deferrals added, `penalty` its sum where one line is enough to say it.
    """

    number: int
    due_on: date
    currency: str
    before: str
    rate: str
    rounded: bool
    annual: str
    days: int
    interest: str
    level: str
    principal: str
    total: str
    last: bool
    extra: str
    penalties: str
    penalty: PenaltySum | None


def own_row(lender: Lender, request: OwnRow) -> RowExplained | Refusal:
    """Explain it; a row that the plan doesn't have is refused as what isn't theirs."""
    loan = found.own_loan(request.loan, request.subject)
    if isinstance(loan, Refusal):
        return loan
    agreed = terms_of(loan)
    events = events_of(loan, agreed)
    account = fold(agreed, events, as_of=lender.today()) if begun(loan, events) else None
    schedule = build(account.terms if account else agreed)
    planned = next((row for row in schedule.rows if row.number == request.number), None)
    if planned is None:
        return Refusal(Reason.NOT_YOURS, found.RULES, "row")
    now = next((row for row in account.instalments if row.number == planned.number), None) if account else None
    return _explained(planned, now, account, level=schedule.level, last=planned.number == len(schedule.rows))


def _explained(
    planned: Row, now: Instalment | None, account: Account | None, *, level: int, last: bool
) -> RowExplained | Refusal:
    if account is None or now is None:
        return Refusal(Reason.NOT_ALLOWED_BY_TERMS, (), "loan")
    currency = account.terms.currency

    def money(minor: int) -> str:
        return format_amount(minor, currency)

    rate = format_percent(planned.rate, places=4)
    return RowExplained(
        number=planned.number,
        due_on=now.due_on,
        currency=currency,
        before=money(planned.balance + planned.principal),
        rate=f"{rate}%",
        rounded=(planned.rate * 1_000_000).denominator != 1,
        annual=format_percent(account.terms.annual, places=4) + "%",
        days=planned.days,
        interest=money(planned.interest),
        level=money(level),
        principal=money(planned.principal),
        total=money(planned.total),
        last=last,
        extra=money(max(0, now.asked.interest - planned.interest)),
        penalties=money(now.asked.penalties),
        penalty=_penalty(account, now),
    )


def _penalty(account: Account, row: Instalment) -> PenaltySum | None:
    """The sum in one line, when nothing was paid of the row since it was due; else None."""
    penalty, currency = account.terms.penalty, account.terms.currency
    if penalty is None or not row.asked.penalties or row.paid_late or not row.outstanding:
        return None
    owed = {
        Part.PRINCIPAL: row.asked.principal - row.paid.principal,
        Part.INTEREST: row.asked.interest - row.paid.interest,
    }
    base = sum(owed.get(part, 0) for part in penalty.base)
    days = (account.as_of - row.due_on - timedelta(days=penalty.after_days)).days
    unit, mode = account.terms.rounding.unit_minor, account.terms.rounding.mode
    run = base * days * penalty.annual.numerator
    if round_ratio(run, penalty.annual.denominator * _YEAR, unit=unit, mode=mode) != row.asked.penalties:
        return None
    return PenaltySum(
        base=format_amount(base, currency),
        annual=format_percent(penalty.annual, places=4) + "%",
        days=days,
        amount=format_amount(row.asked.penalties, currency),
    )
