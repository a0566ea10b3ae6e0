"""How many days of interest lie between two dates, and in how many a year is divided (ISDA 2006 definitions, 4.16)."""

from datetime import date, timedelta
from enum import StrEnum


class DayCount(StrEnum):
    """`PERIOD` counts no days: a whole period bears its share of the year, whatever its days."""

    PERIOD = "period"
    ACT_365F = "ACT/365F"
    ACT_360 = "ACT/360"
    THIRTY_360 = "30/360"
    THIRTY_E_360 = "30E/360"


def year_of(day_count: DayCount) -> int:
    """Return the days of the year that a count by dates divides by; a daily rate times this is the annual one."""
    return 365 if day_count in (DayCount.ACT_365F, DayCount.PERIOD) else 360


def days_between(day_count: DayCount, start: date, end: date) -> int:
    """Return the days of interest from `start` to `end` under a count by dates."""
    if day_count is DayCount.THIRTY_360:
        return _thirty(start, end, *_us_days(start, end))
    if day_count is DayCount.THIRTY_E_360:
        return _thirty(start, end, min(start.day, 30), min(end.day, 30))
    return (end - start).days


def _thirty(start: date, end: date, first: int, second: int) -> int:
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + second - first


def _us_days(start: date, end: date) -> tuple[int, int]:
    """The United States rule: the last day of February counts as a 30th, a 31st as a 30th after one."""
    first, second = start.day, end.day
    if _last_of_february(start):
        second = 30 if _last_of_february(end) else second
        first = 30
    if second == 31 and first >= 30:
        second = 30
    return min(first, 30), second


def _last_of_february(day: date) -> bool:
    return day.month == 2 and (day + timedelta(days=1)).month == 3
