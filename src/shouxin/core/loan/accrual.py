"""How much of a year's interest has run since the money was paid out, exactly and without a gap between two rows."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from shouxin.core.calendar import DayCount, Grid, days_between, year_of
from shouxin.core.loan.agreed import LevelFrom, Terms


@dataclass(frozen=True, slots=True)
class Clock:
    """Runs from the pay-out, through the agreed due dates and beyond: `dates` are the pay-out and then those.

    Under 30/360 the days of two months are not always those of one after the other. The rows decide: there the clock
    adds up row by row, so that what it says of a row is what the row was charged.
    """

    day_count: DayCount
    grid: Grid
    dates: tuple[date, ...]

    def since(self, day: date) -> Fraction:
        """Return the share of a year from the pay-out to `day`, which does not lie before it."""
        if self.day_count not in (DayCount.THIRTY_360, DayCount.THIRTY_E_360):
            return share_of_year(self.day_count, self.grid, self.dates[0], day)
        passed = [*self.dates[: bisect_right(self.dates, day)], day]
        shares = (share_of_year(self.day_count, self.grid, start, end) for start, end in pairwise(passed))
        return sum(shares, Fraction(0))

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
        dates = (terms.disbursed_on, *dues)
        return tuple(share_of_year(terms.day_count, grid, start, due) for start, due in pairwise(dates))
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
