"""Days and clock times where a person lives."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day of the moment `at` in `zone`."""
    return at.astimezone(zone).date()


def moment_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment at which clocks in `zone` show `clock` on `day` (the first of two, where clocks
    go back; where they skip it, the moment an hour's skip later).
    """
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC).astimezone(zone)


def start_of_next_day(at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment of the calendar day after the one of `at` in `zone`."""
    return moment_of(day_of(at, zone) + timedelta(days=1), time(0), zone)
