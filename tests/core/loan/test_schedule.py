from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given

from shouxin.core.loan import schedule
from shouxin.core.loan.terms import TermsError
from tests.core.loan.loans import agreed, yuan
from tests.core.loan.test_terms import LOANS

# number, due on, principal, interest, in all, balance: twelve thousand at 1.2 % a month
TWELVE_MONTHS = """
 1 2026-07-10   935.71 144.00 1,079.71 11,064.29
 2 2026-08-10   946.94 132.77 1,079.71 10,117.35
 3 2026-09-10   958.30 121.41 1,079.71  9,159.05
 4 2026-10-10   969.80 109.91 1,079.71  8,189.25
 5 2026-11-10   981.44  98.27 1,079.71  7,207.81
 6 2026-12-10   993.22  86.49 1,079.71  6,214.59
 7 2027-01-10 1,005.13  74.58 1,079.71  5,209.46
 8 2027-02-10 1,017.20  62.51 1,079.71  4,192.26
 9 2027-03-10 1,029.40  50.31 1,079.71  3,162.86
10 2027-04-10 1,041.76  37.95 1,079.71  2,121.10
11 2027-05-10 1,054.26  25.45 1,079.71  1,066.84
12 2027-06-10 1,066.84  12.80 1,079.64      0.00
"""


def test_it_plans_twelve_months_to_the_fen():
    plan = schedule.build(agreed())
    rows = [
        [str(r.number), r.due_on.isoformat(), yuan(r.principal), yuan(r.interest), yuan(r.total), yuan(r.balance)]
        for r in plan.rows
    ]
    assert rows == [line.split() for line in TWELVE_MONTHS.strip().splitlines()]
    assert [yuan(plan.level), yuan(plan.interest), yuan(plan.total)] == ["1,079.71", "956.45", "12,956.45"]


@pytest.mark.parametrize(
    ("changed", "level", "last", "interest"),
    [
        ({"rate": {"annual": "0%"}}, "1,000.00", "1,000.00", "0.00"),
        ({"principal": "20000.00"}, "1,799.51", "1,799.51", "1,594.12"),
        ({"principal": "20000.00", "instalments": 24}, "964.04", "964.07", "3,136.99"),
        ({"principal": "100000.00", "rate": {"annual": "4.5%"}}, "8,537.85", None, None),
        ({"instalments": 1}, "12,144.00", "12,144.00", "144.00"),
        ({"rounding": {"instalment_unit": "1.00", "instalment_mode": "up"}}, "1,080.00", "1,076.23", "956.23"),
        ({"principal": "0.05"}, "0.00", "0.05", "0.00"),
        ({"currency": "JPY", "principal": "1200000"}, "1,079.71", None, None),
    ],
)
def test_it_solves_the_level_amount_and_lets_the_last_take_the_rest(changed, level, last, interest):
    plan = schedule.build(agreed(**changed))
    assert yuan(plan.level) == level
    if last:
        assert yuan(plan.rows[-1].total) == last
        assert yuan(plan.interest) == interest


# by real days, first period 26 days: (days, share of the year) decide the interest of the first row
@pytest.mark.parametrize(
    ("day_count", "first_interest"),
    [("ACT/365F", "123.09"), ("ACT/360", "124.80"), ("30/360", "124.80"), ("30E/360", "124.80"), ("period", "124.80")],
)
def test_it_charges_a_short_first_period_by_its_days(day_count, first_interest):
    plan = schedule.build(agreed(first_due="2026-07-06", day_count=day_count))
    first = plan.rows[0]
    assert first.days == 26
    assert yuan(first.interest) == first_interest


def test_it_charges_nothing_for_an_instalment_paid_in_advance():
    plan = schedule.build(agreed(first_due="2026-06-10"))
    assert plan.rows[0].days == 0
    assert plan.rows[0].interest == 0
    assert plan.rows[0].principal == plan.level


def test_it_solves_the_level_over_whole_periods_when_agreed():
    long_first = {"first_due": "2026-08-10"}
    exact = schedule.build(agreed(**long_first))
    textbook = schedule.build(agreed(**long_first, level_from="whole_periods"))
    assert yuan(textbook.level) == "1,079.71"
    assert exact.level > textbook.level
    assert textbook.rows[-1].total > textbook.level
    assert exact.rows[0].interest == textbook.rows[0].interest == 28_800


def test_it_keeps_dates_of_their_own():
    days = ["2026-07-01", "2026-07-20", "2026-09-01"]
    plan = schedule.build(agreed(instalments=None, due_dates=days, day_count="ACT/365F"))
    assert [row.due_on.isoformat() for row in plan.rows] == days
    assert [row.days for row in plan.rows] == [21, 19, 43]


def test_it_refuses_a_plan_that_64_bits_do_not_hold():
    with pytest.raises(TermsError, match="64 bits"):
        schedule.build(agreed(principal="92233720368547758.00"))


def test_it_never_repays_more_than_is_left_however_coarse_the_unit():
    plan = schedule.build(agreed(rounding={"instalment_unit": "5000.00", "instalment_mode": "up"}))
    assert [yuan(row.principal) for row in plan.rows[:4]] == ["4,856.00", "4,914.27", "2,229.73", "0.00"]
    assert sum(row.principal for row in plan.rows) == 1_200_000


@given(LOANS)
def test_it_balances_whatever_was_agreed(changed):
    loan = agreed(**changed)
    plan = schedule.build(loan)
    assert sum(row.principal for row in plan.rows) == loan.principal_minor
    assert sum(row.days for row in plan.rows) == (plan.rows[-1].due_on - loan.disbursed_on).days
    assert plan.total == plan.principal + plan.interest == sum(row.total for row in plan.rows)
    assert plan.rows[-1].balance == 0
    for before, row in pairwise(plan.rows):
        assert before.balance == row.balance + row.principal


@given(LOANS)
def test_it_keeps_every_instalment_but_the_last_level(changed):
    plan = schedule.build(agreed(**changed | {"level_from": "exact"}))
    regular = [row for row in plan.rows[:-1] if row.balance > 0]
    assert all(row.total == max(plan.level, row.interest) for row in regular)
    loose = abs(plan.rows[-1].total - plan.level)
    # each row's interest and the level itself are rounded by less than one unit; growth carries a few of them further
    assert loose <= 3 * len(plan.rows) * (1 + plan.interest / plan.principal)


@given(LOANS)
def test_it_rounds_each_interest_once_from_an_exact_one(changed):
    plan = schedule.build(agreed(**changed))
    assert all(abs(Fraction(row.interest) - row.exact) < 1 for row in plan.rows)
    charged = sum((row.exact for row in plan.rows), Fraction(0))
    lent = sum(row.principal * plan.clock.since(row.due_on) for row in plan.rows) * plan.terms.annual
    assert charged == lent


def test_it_writes_the_document_of_the_contract():
    document = schedule.to_doc(schedule.build(agreed()))
    assert document["instalments"][11] == {
        "number": 12,
        "due_on": "2027-06-10",
        "days": 31,
        "principal": "1066.84",
        "interest": "12.80",
        "fees": "0.00",
        "penalties": "0.00",
        "total": "1079.64",
        "balance": "0.00",
    }
    assert document["level"] == "1079.71"
    assert document["totals"]["total"] == "12956.45"


def test_it_is_the_same_plan_when_it_is_built_again():
    assert schedule.build(agreed()) == schedule.build(agreed(disbursed_on=date(2026, 6, 10)))
