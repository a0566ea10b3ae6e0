"""Dates, the rhythm of due dates and day counts, all pure: today is always handed in."""

from shouxin.core.calendar.day_count import DayCount, days_between, year_of
from shouxin.core.calendar.every import MONTHLY, Every, Grid, MonthEnd, Unit, grid_through, parse_every
from shouxin.core.calendar.iso_date import CalendarError, add_months, parse_date

__all__ = [
    "MONTHLY",
    "CalendarError",
    "DayCount",
    "Every",
    "Grid",
    "MonthEnd",
    "Unit",
    "add_months",
    "days_between",
    "grid_through",
    "parse_date",
    "parse_every",
    "year_of",
]
