from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.calendar import (
    CalendarError,
    DayCount,
    MonthEnd,
    add_months,
    days_between,
    grid_through,
    parse_date,
    parse_every,
)


def due(*, start, every="1 month", first=None, month_end="clamp", count=4):
    grid = grid_through(
        first and date.fromisoformat(first),
        start=date.fromisoformat(start),
        every=parse_every(every, where="every"),
        month_end=MonthEnd(month_end),
    )
    return " ".join(grid.at(number).isoformat() for number in range(count))


@pytest.mark.parametrize(
    ("how", "dates"),
    [
        ({"start": "2026-06-10"}, "2026-07-10 2026-08-10 2026-09-10 2026-10-10"),
        ({"start": "2025-01-31"}, "2025-02-28 2025-03-31 2025-04-30 2025-05-31"),
        ({"start": "2024-01-30"}, "2024-02-29 2024-03-30 2024-04-30 2024-05-30"),
        ({"start": "2025-01-31", "first": "2025-02-28"}, "2025-02-28 2025-03-28 2025-04-28 2025-05-28"),
        ({"start": "2025-01-31", "month_end": "next_month"}, "2025-03-01 2025-03-31 2025-05-01 2025-05-31"),
        ({"start": "2025-01-15", "month_end": "end_of_month"}, "2025-02-28 2025-03-31 2025-04-30 2025-05-31"),
        (
            {"start": "2022-09-17", "first": "2022-10-17", "month_end": "start_of_month"},
            "2022-11-01 2022-12-01 2023-01-01 2023-02-01",
        ),
        ({"start": "2026-01-10", "every": "2 weeks"}, "2026-01-24 2026-02-07 2026-02-21 2026-03-07"),
        ({"start": "2026-01-10", "every": "15 days"}, "2026-01-25 2026-02-09 2026-02-24 2026-03-11"),
        ({"start": "2024-02-29", "every": "1 year"}, "2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
        ({"start": "2026-01-10", "every": "3 months"}, "2026-04-10 2026-07-10 2026-10-10 2027-01-10"),
        (
            {"start": "2026-01-10", "every": "half month", "first": "2026-01-16"},
            "2026-01-16 2026-02-01 2026-02-16 2026-03-01",
        ),
        ({"start": "2026-01-01", "every": "half month"}, "2026-01-16 2026-02-01 2026-02-16 2026-03-01"),
    ],
)
def test_it_finds_the_due_dates(how, dates):
    assert due(**how) == dates


def test_it_refuses_half_months_that_begin_on_any_other_day():
    with pytest.raises(CalendarError, match="first_due"):
        due(start="2026-01-10", every="half month")


@pytest.mark.parametrize("text", ["monthly", "0 days", "1 months ", "1.5 months", "-1 month", 1, None, "12345 days"])
def test_it_refuses_a_rhythm_it_does_not_know(text):
    with pytest.raises(CalendarError, match="every"):
        parse_every(text, where="every")


@pytest.mark.parametrize("text", ["1 month", "3 months", "half month", "2 weeks", "15 days", "1 year", "18 months"])
def test_it_writes_a_rhythm_as_it_was_read(text):
    assert str(parse_every(text, where="every")) == text


@pytest.mark.parametrize(
    ("text", "a_year"),
    [
        ("1 month", 12),
        ("3 months", 4),
        ("half month", 24),
        ("1 week", 52),
        ("2 weeks", 26),
        ("1 year", 1),
        ("15 days", Fraction(73, 3)),
    ],
)
def test_it_counts_the_periods_of_a_year(text, a_year):
    assert parse_every(text, where="every").periods_a_year == a_year


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-2-3", "20260203", "2026-02-03T00:00:00", 20260203, None, "２026-02-03"]
)
def test_it_refuses_what_is_no_day(text):
    with pytest.raises(CalendarError, match="on"):
        parse_date(text, where="on")


def test_it_takes_a_date_that_toml_has_read_already():
    assert parse_date(date(2026, 2, 3), where="on") == date(2026, 2, 3)


def test_it_ends_where_the_calendar_ends():
    with pytest.raises(CalendarError, match="9999"):
        due(start="9999-12-10")
    with pytest.raises(CalendarError, match="9999"):
        due(start="9999-12-20", every="15 days")
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)


@given(
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.integers(-400, 4000),
    st.sampled_from(["1 month", "2 weeks", "15 days", "1 year", "5 months"]),
    st.sampled_from(["clamp", "next_month", "end_of_month"]),
)
def test_it_finds_every_day_between_two_due_dates(start, days, every, month_end):
    every = parse_every(every, where="every")
    grid = grid_through(None, start=start, every=every, month_end=MonthEnd(month_end))
    day = start + timedelta(days=days)
    position = grid.position(day)
    number = position.numerator // position.denominator
    assert grid.at(number) <= day < grid.at(number + 1)
    assert grid.position(grid.at(number)) == number


@pytest.mark.parametrize(
    ("start", "end", "actual", "us", "european"),
    [
        ("2026-01-31", "2026-02-28", 28, 28, 28),
        ("2026-01-30", "2026-03-31", 60, 60, 60),
        ("2026-01-29", "2026-03-31", 61, 62, 61),
        ("2026-02-28", "2026-03-31", 31, 30, 32),
        ("2024-02-29", "2025-02-28", 365, 360, 359),
        ("2026-06-10", "2026-07-10", 30, 30, 30),
    ],
)
def test_it_counts_days_by_each_convention(start, end, actual, us, european):
    start, end = date.fromisoformat(start), date.fromisoformat(end)
    assert days_between(DayCount.ACT_365F, start, end) == actual
    assert days_between(DayCount.THIRTY_360, start, end) == us
    assert days_between(DayCount.THIRTY_E_360, start, end) == european
