"""How much of a year's interest has run since the money was paid out, exactly and without a gap between two rows."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shouxin.core.calendar import DayCount, Grid, days_between, year_of
from shouxin.core.loan.agreed import LevelFrom, Terms


@dataclass(frozen=True, slots=True)
class Clock:
    """Runs from the pay-out through the agreed due dates. Counts add up: what it says for a row is never re-counted.

    (Under 30/360 the days of two months are not always those of one after the other; the rows decide.)
    """

    day_count: DayCount
    grid: Grid
    dates: tuple[date, ...]
    """The pay-out, then the agreed due dates."""
    passed: tuple[Fraction, ...]
    """The share of a year that has run at each of `dates`."""

    def since(self, day: date) -> Fraction:
        """Return the share of a year from the pay-out to `day` (0 before it)."""
        before = bisect_right(self.dates, day) - 1
        if before < 0:
            return Fraction(0)
        return self.passed[before] + share_of_year(self.day_count, self.grid, self.dates[before], day)

    def between(self, start: date, end: date) -> Fraction:
        """Return the share of a year from `start` to `end`."""
        return self.since(end) - self.since(start)


def due_dates(terms: Terms) -> tuple[date, ...]:
    """Return the agreed due dates, first to last."""
    if terms.due_dates:
        return terms.due_dates
    grid = terms.grid()
    return tuple(grid.at(number) for number in range(terms.instalments))


def shares(terms: Terms, dues: tuple[date, ...]) -> tuple[Fraction, ...]:
    """Return for each instalment the share of a year for which it bears interest."""
    grid = terms.grid()
    if terms.day_count is not DayCount.PERIOD:
        starts = (terms.disbursed_on, *dues)
        return tuple(share_of_year(terms.day_count, grid, start, due) for start, due in zip(starts, dues, strict=False))
    first = share_of_year(terms.day_count, grid, terms.disbursed_on, dues[0])
    return (first, *[1 / terms.every.periods_a_year] * (len(dues) - 1))


def level_shares(terms: Terms, real: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """Return the shares that the level amount is solved over."""
    if terms.level_from is LevelFrom.WHOLE_PERIODS:
        return (1 / terms.every.periods_a_year,) * len(real)
    return real


def share_of_year(day_count: DayCount, grid: Grid, start: date, end: date) -> Fraction:
    """Return what part of a year's interest runs from `start` to `end`; by `period`, whole periods and parts of one."""
    if start == end:
        return Fraction(0)
    if day_count is DayCount.PERIOD:
        return (grid.position(end) - grid.position(start)) / grid.every.periods_a_year
    return Fraction(days_between(day_count, start, end), year_of(day_count))


def clock(terms: Terms, dues: tuple[date, ...]) -> Clock:
    """Return the clock of a loan with these agreed due dates."""
    passed = [Fraction(0)]
    for share in shares(terms, dues):
        passed.append(passed[-1] + share)
    return Clock(terms.day_count, terms.grid(), (terms.disbursed_on, *dues), tuple(passed))
