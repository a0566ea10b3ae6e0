"""What a loan costs, as money first and then as a rate (综合融资成本明示): got, repaid, and each item.

The yearly figure is `cn_simple`: the internal rate of one period times the periods of a year, with everything that
the borrower pays as agreed. What may come on top (penalty interest) is named with its rate, not added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shouxin.core.loan.account import fold
from shouxin.core.loan.agreed import Terms
from shouxin.core.loan.annual_rate import Flow, Method, solve
from shouxin.core.loan.event import Event
from shouxin.core.loan.schedule import Schedule, build
from shouxin.core.loan.schedule import to_doc as rows_doc
from shouxin.core.money import format_amount, format_percent, round_ratio

_PLACES = 2
FEES = ("guarantee", "service", "membership", "early_repayment")
"""What a borrower is used to be charged besides interest; each is listed, also when it is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One kind of cost: in minor units, and its part of the yearly rate in percent with two decimals."""

    code: str
    amount: int
    annual_percent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Early:
    """Paying everything off on the due date of instalment `after`: interest paid in all by then, and what is saved."""

    after: int
    on: date
    interest: int
    saved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSheet:
    """Amounts in minor units; `rate` is the exact yearly all-in rate to nine decimals of its percent.

    `compound_percent` is the same compounded over a year; `late_percent` what an overdue amount bears a year, or None.
    """

    currency: str
    borrow: int
    repay: int
    items: tuple[Item, ...]
    method: Method
    rate: Fraction
    compound_percent: str
    level: int
    instalments: int
    first_due: date
    last_due: date
    last: int
    late_percent: str | None
    early: tuple[Early, ...]

    @property
    def percent(self) -> str:
        """Return the yearly all-in cost in percent, two decimals, half up."""
        return format_percent(self.rate, places=_PLACES)

    @property
    def cost(self) -> int:
        """Return what the loan costs in all."""
        return self.repay - self.borrow


def annual_rate(schedule: Schedule) -> Fraction:
    """Return the yearly all-in rate of a schedule by `cn_simple`, to nine decimals of its percent."""
    terms, grid = schedule.terms, schedule.clock.grid
    start = grid.position(terms.disbursed_on)
    flows = [Flow(Fraction(0), Fraction(-terms.principal_minor))]
    flows += [Flow(grid.position(row.due_on) - start, Fraction(row.total)) for row in schedule.rows]
    rate = solve(flows, times=terms.every.periods_a_year)
    assert rate is not None, "a loan is paid out and paid back"
    return rate


def cost_sheet(terms: Terms) -> CostSheet:
    """Return the sheet that is shown before signing. Raises `TermsError` as `schedule.build` does."""
    schedule = build(terms)
    rows, rate = schedule.rows, annual_rate(schedule)
    return CostSheet(
        currency=terms.currency,
        borrow=schedule.principal,
        repay=schedule.total,
        items=_items(schedule, rate),
        method=Method.CN_SIMPLE,
        rate=rate,
        compound_percent=format_percent(_compounded(rate, terms), places=_PLACES),
        level=schedule.level,
        instalments=len(rows),
        first_due=rows[0].due_on,
        last_due=rows[-1].due_on,
        last=rows[-1].total,
        late_percent=format_percent(terms.penalty.annual, places=_PLACES) if terms.penalty else None,
        early=_early(schedule),
    )


def _items(schedule: Schedule, rate: Fraction) -> tuple[Item, ...]:
    interest = Item(code="interest", amount=schedule.interest, annual_percent=format_percent(rate, places=_PLACES))
    nothing = format_percent(Fraction(0), places=_PLACES)
    return (interest, *(Item(code=code, amount=0, annual_percent=nothing) for code in FEES))


def saved_by_settling(terms: Terms, events: Sequence[Event], *, on: date) -> int:
    """Return by how much paying everything off on a day is cheaper than paying as agreed, in minor units."""
    account = fold(terms, events, as_of=on)
    return account.outstanding - account.settle.amount


def _compounded(rate: Fraction, terms: Terms) -> Fraction:
    """One period's rate compounded over a year of whole periods (over the whole ones where 365 / n is none)."""
    year = terms.every.periods_a_year
    whole = max(1, round_ratio(year.numerator, year.denominator))
    return (1 + rate / year) ** whole - 1


def _early(schedule: Schedule) -> tuple[Early, ...]:
    interest, early = 0, []
    for row in schedule.rows:
        interest += row.interest
        early.append(Early(after=row.number, on=row.due_on, interest=interest, saved=schedule.interest - interest))
    return tuple(early)


def schedule_doc(terms: Terms) -> dict[str, object]:
    """Return the document of `shouxin schedule`."""
    schedule = build(terms)
    percent = format_percent(annual_rate(schedule), places=_PLACES)
    return rows_doc(schedule) | {"apr": {"method": Method.CN_SIMPLE.value, "percent": percent}}


def to_doc(sheet: CostSheet) -> dict[str, object]:
    """Return the cost sheet with decimal strings, for a person's screen or a contract's annex."""
    currency = sheet.currency
    return {
        "currency": currency,
        "borrow": format_amount(sheet.borrow, currency),
        "repay": format_amount(sheet.repay, currency),
        "cost": format_amount(sheet.cost, currency),
        "items": [
            {"code": item.code, "amount": format_amount(item.amount, currency), "annual_percent": item.annual_percent}
            for item in sheet.items
        ],
        "all_in": {
            "method": sheet.method.value,
            "percent": sheet.percent,
            "percent_9": format_percent(sheet.rate, places=9),
            "compound_percent": sheet.compound_percent,
        },
        "level": format_amount(sheet.level, currency),
        "instalments": sheet.instalments,
        "first_due": sheet.first_due.isoformat(),
        "last_due": sheet.last_due.isoformat(),
        "last": format_amount(sheet.last, currency),
        "late_percent": sheet.late_percent,
        "early": [
            {
                "after": early.after,
                "on": early.on.isoformat(),
                "interest": format_amount(early.interest, currency),
                "saved": format_amount(early.saved, currency),
            }
            for early in sheet.early
        ],
    }
