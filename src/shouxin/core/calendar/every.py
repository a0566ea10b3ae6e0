"""The rhythm of due dates: every month, 15 days, half month …, and what happens to a day that a month lacks."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from shouxin.core.calendar.iso_date import CalendarError, last_day, month_after

_TEXT: Final = re.compile(r"([1-9][0-9]{0,3}) (day|week|month|year)s?", re.ASCII)
_HALF_MONTH_DAYS: Final = (1, 16)


class Unit(StrEnum):
    """What a rhythm counts; years are kept as twelve months."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    HALF_MONTH = "half month"


class MonthEnd(StrEnum):
    """Where a due day goes that its month lacks, or whether all go to the end or the start of a month."""

    CLAMP = "clamp"
    NEXT_MONTH = "next_month"
    END_OF_MONTH = "end_of_month"
    START_OF_MONTH = "start_of_month"


@dataclass(frozen=True, slots=True)
class Every:
    """One step between due dates: `count` times `unit`."""

    count: int
    unit: Unit

    @property
    def periods_a_year(self) -> Fraction:
        """Return 12, 24, 52, 26, 1 … or 365/n for n days: by convention, whatever the days of a given year."""
        year = {Unit.MONTH: 12, Unit.HALF_MONTH: 24, Unit.WEEK: 52, Unit.DAY: 365}[self.unit]
        return Fraction(year, self.count)

    def __str__(self) -> str:
        if self.unit is Unit.HALF_MONTH:
            return "half month"
        if self.unit is Unit.MONTH and self.count % 12 == 0:
            return _counted(self.count // 12, "year")
        return _counted(self.count, self.unit.value)


MONTHLY: Final = Every(1, Unit.MONTH)


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def parse_every(text: object, *, where: str) -> Every:
    """Return the rhythm of `"1 month"`, `"half month"`, `"15 days"`, `"1 year"` … or raise `CalendarError`."""
    if text == "half month":
        return Every(1, Unit.HALF_MONTH)
    match = _TEXT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise CalendarError(where, 'must be such as "1 month", "half month", "2 weeks", "15 days" or "1 year"')
    count = int(match.group(1))
    if match.group(2) == "year":
        return Every(12 * count, Unit.MONTH)
    return Every(count, Unit(match.group(2)))


@dataclass(frozen=True, slots=True)
class Grid:
    """The endless row of dates a step apart; due date number 0 lies `offset` steps after `anchor`."""

    anchor: date
    every: Every
    month_end: MonthEnd = MonthEnd.CLAMP
    offset: int = 0

    def at(self, number: int) -> date:
        """Return due date `number` (negative ones lie before the first). Raises `CalendarError` beyond year 9999."""
        steps = number + self.offset
        if self.every.unit is Unit.MONTH:
            return self._month(steps * self.every.count)
        if self.every.unit is Unit.HALF_MONTH:
            return self._half_month(steps)
        try:
            return self.anchor + timedelta(days=self._step_days() * steps)
        except OverflowError:
            raise CalendarError("date", "is outside the years 1 to 9999") from None

    def position(self, day: date) -> Fraction:
        """Return where `day` lies on the grid: 2 is due date 2, 2½ half of the days between 2 and 3."""
        number = self._guess(day) - self.offset
        start = self.at(number)
        while start > day:
            number -= 1
            start = self.at(number)
        end = self.at(number + 1)
        while end <= day:
            number += 1
            start, end = end, self.at(number + 1)
        return number + Fraction((day - start).days, (end - start).days)

    def _month(self, months: int) -> date:
        year, month = month_after(self.anchor.year, self.anchor.month, months)
        last = last_day(year, month)
        if self.month_end is MonthEnd.END_OF_MONTH:
            return date(year, month, last)
        lacks = self.anchor.day > last
        if self.month_end is MonthEnd.START_OF_MONTH or (lacks and self.month_end is MonthEnd.NEXT_MONTH):
            return date(*month_after(year, month, 1), 1)
        return date(year, month, last if lacks else self.anchor.day)

    def _half_month(self, steps: int) -> date:
        months, half = divmod(steps + _HALF_MONTH_DAYS.index(self.anchor.day), 2)
        return date(*month_after(self.anchor.year, self.anchor.month, months), _HALF_MONTH_DAYS[half])

    def _guess(self, day: date) -> int:
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        if self.every.unit is Unit.MONTH:
            return months // self.every.count
        if self.every.unit is Unit.HALF_MONTH:
            return 2 * months
        return (day - self.anchor).days // self._step_days()

    def _step_days(self) -> int:
        return self.every.count * (7 if self.every.unit is Unit.WEEK else 1)


def grid_through(first_due: date | None, *, start: date, every: Every, month_end: MonthEnd) -> Grid:
    """Return the grid whose number 0 is the first due date.

    Without `first_due` it lies one step after `start`, on the day of `start`: a loan of 31 January is due on 28
    February and then on 31 March. Half months fall on the 1st and the 16th: another anchor raises `CalendarError`.
    """
    anchor = start if first_due is None else first_due
    if every.unit is Unit.HALF_MONTH and anchor.day not in _HALF_MONTH_DAYS:
        raise CalendarError("first_due", "must be the 1st or the 16th when due every half month")
    return Grid(anchor, every, month_end, offset=0 if first_due else 1)
