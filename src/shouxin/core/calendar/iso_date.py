"""Dates as they come in: `YYYY-MM-DD` and nothing else."""

import re
from calendar import isleap
from datetime import MAXYEAR, MINYEAR, date
from typing import Final

_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)


class CalendarError(ValueError):
    """A date or rhythm that cannot be read or does not exist; `where` names the field."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


def parse_date(text: object, *, where: str) -> date:
    """Return the date of an ISO string `"2026-11-24"`; a `date` (as TOML reads one) passes. Raises `CalendarError`."""
    if type(text) is date:
        return text
    match = _ISO.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise CalendarError(where, "must be a date such as 2026-11-24")
    try:
        return date(int(match.group(1)), int(match.group(2)), int(match.group(3)))
    except ValueError:
        raise CalendarError(where, "is no day of the calendar") from None


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later; a day that month lacks becomes its last. Raises `CalendarError`."""
    year, month = month_after(day.year, day.month, months)
    return date(year, month, min(day.day, last_day(year, month)))


def month_after(year: int, month: int, months: int) -> tuple[int, int]:
    """Return (year, month) `months` later (earlier when negative). Raises `CalendarError` outside years 1 to 9999."""
    years, month_0 = divmod(year * 12 + month - 1 + months, 12)
    if not MINYEAR <= years <= MAXYEAR:
        raise CalendarError("date", "is outside the years 1 to 9999")
    return years, month_0 + 1


def last_day(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return _DAYS[month - 1] + (month == 2 and isleap(year))
