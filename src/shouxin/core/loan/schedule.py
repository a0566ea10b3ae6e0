"""The schedule: what each instalment asks for, from the terms alone.

The steps, in order:
1. due dates, and the share of a year that each instalment bears interest for;
2. the level amount: the one payment that brings the balance to exactly zero over those shares, solved in whole
   numbers, then rounded once;
3. row by row: interest of the balance, rounded; the rest of the level amount repays principal;
4. the last row repays what is left, so that it alone takes the difference that rounding made;
5. what must balance is asserted: the sum of principal, the days, the parts of each total, 64 bits.
The caller owes nothing: a `Terms` is enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from shouxin.core.loan.accrual import Clock, due_dates, level_shares, shares
from shouxin.core.loan.agreed import Terms, TermsError
from shouxin.core.money import LARGEST, format_amount, round_ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One instalment as planned, in minor units. `days` run from the row before; `balance` is principal to come.

    `rate` is what one unit of principal bears over the row.
    """

    number: int
    due_on: date
    days: int
    principal: int
    interest: int
    balance: int
    rate: Fraction
    fees: int = 0
    penalties: int = 0

    @property
    def exact(self) -> Fraction:
        """Return its interest before rounding."""
        return (self.balance + self.principal) * self.rate

    @property
    def total(self) -> int:
        """Return what the row asks for in all."""
        return self.principal + self.interest + self.fees + self.penalties


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The plan of one loan: `level` is the regular amount, the rows hold every instalment."""

    terms: Terms
    rows: tuple[Row, ...]
    level: int
    clock: Clock

    @property
    def principal(self) -> int:
        """Return the sum of principal: what was paid out."""
        return sum(row.principal for row in self.rows)

    @property
    def interest(self) -> int:
        """Return the sum of interest."""
        return sum(row.interest for row in self.rows)

    @property
    def total(self) -> int:
        """Return all that the borrower pays."""
        return sum(row.total for row in self.rows)


def build(terms: Terms) -> Schedule:
    """Return the schedule of a loan. Raises `TermsError` when its sums are beyond 64 bits."""
    dues = due_dates(terms)
    real = shares(terms, dues)
    rates = [terms.annual * share for share in real]
    level = level_over([terms.annual * share for share in level_shares(terms, real)], terms)
    clock = Clock(terms.day_count, terms.grid(), (terms.disbursed_on, *dues))
    schedule = Schedule(terms=terms, rows=_rows(terms, dues, rates, level), level=level, clock=clock)
    _check(schedule)
    return schedule


def level_over(rates: Sequence[Fraction], terms: Terms) -> int:
    """Return the payment that, made at the end of each period, repays the principal at these rates a period.

    Solve `principal · grown = level · sum`, in whole numbers over one denominator, then round once:
    `grown` is what one unit becomes over all periods, `sum` what a payment of one at each due date becomes.
    """
    scale = lcm(*(rate.denominator for rate in rates))
    grown, paid, at_par = 1, 0, 1
    for rate in rates:
        step = scale + rate.numerator * (scale // rate.denominator)
        at_par *= scale
        grown, paid = grown * step, paid * step + at_par
    rounding = terms.rounding
    return round_ratio(
        terms.principal_minor * grown, paid, unit=rounding.instalment_unit_minor, mode=rounding.instalment_mode
    )


def _rows(terms: Terms, dues: Sequence[date], rates: Sequence[Fraction], level: int) -> tuple[Row, ...]:
    rows: list[Row] = []
    balance, before = terms.principal_minor, terms.disbursed_on
    for number, (due, rate) in enumerate(zip(dues, rates, strict=True), start=1):
        interest = round_ratio(
            balance * rate.numerator, rate.denominator, unit=terms.rounding.unit_minor, mode=terms.rounding.mode
        )
        # A level amount that a coarse unit pushed below the interest repays nothing; above, no more than is left.
        principal = balance if number == len(dues) else max(0, min(balance, level - interest))
        balance -= principal
        rows.append(
            Row(
                number=number,
                due_on=due,
                days=(due - before).days,
                principal=principal,
                interest=interest,
                balance=balance,
                rate=rate,
            )
        )
        before = due
    return tuple(rows)


def _check(schedule: Schedule) -> None:
    terms, rows = schedule.terms, schedule.rows
    assert schedule.principal == terms.principal_minor, "principal repaid is not principal paid out"
    assert sum(row.days for row in rows) == (rows[-1].due_on - terms.disbursed_on).days, "days charged, days elapsed"
    assert all(row.principal >= 0 and row.interest >= 0 for row in rows), "an instalment asks for less than nothing"
    if max(schedule.total, schedule.level) > LARGEST:
        raise TermsError("principal", "what is to be repaid is larger than 64 bits hold")


def to_doc(schedule: Schedule) -> dict[str, object]:
    """Return the document of `shouxin schedule`, without its `apr` (see `cost.schedule_doc`)."""
    currency = schedule.terms.currency
    return {
        "instalments": [row_doc(row, currency) for row in schedule.rows],
        "level": format_amount(schedule.level, currency),
        "totals": {
            "principal": format_amount(schedule.principal, currency),
            "interest": format_amount(schedule.interest, currency),
            "fees": format_amount(0, currency),
            "penalties": format_amount(0, currency),
            "total": format_amount(schedule.total, currency),
        },
    }


def row_doc(row: Row, currency: str) -> dict[str, object]:
    """Return one instalment as the contract writes it."""
    return {
        "number": row.number,
        "due_on": row.due_on.isoformat(),
        "days": row.days,
        "principal": format_amount(row.principal, currency),
        "interest": format_amount(row.interest, currency),
        "fees": format_amount(row.fees, currency),
        "penalties": format_amount(row.penalties, currency),
        "total": format_amount(row.total, currency),
        "balance": format_amount(row.balance, currency),
    }
