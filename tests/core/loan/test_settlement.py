from datetime import date

import pytest

from shouxin.core.loan.cost import saved_by_settling
from tests.core.loan.loans import FOUR_PAID, agreed, happened, on_day, yuan


# Ai Li paid four instalments; 8,189.25 is left, and a month of it costs 98.27
@pytest.mark.parametrize(
    ("day", "principal", "interest", "penalties", "amount"),
    [
        ("2026-10-10", "8,189.25", "0.00", "0.00", "8,189.25"),
        ("2026-10-11", "8,189.25", "3.17", "0.00", "8,192.42"),
        ("2026-10-25", "8,189.25", "47.55", "0.00", "8,236.80"),
        ("2026-11-10", "8,189.25", "98.27", "0.00", "8,287.52"),
        ("2026-11-24", "8,189.25", "138.63", "8.13", "8,336.01"),
        ("2027-06-10", "8,189.25", "448.36", None, None),
    ],
)
def test_it_asks_for_interest_up_to_the_day_and_no_further(day, principal, interest, penalties, amount):
    settle = on_day(agreed(), FOUR_PAID, day).settle
    assert (yuan(settle.principal), yuan(settle.interest)) == (principal, interest)
    if amount:
        assert (yuan(settle.penalties), yuan(settle.amount)) == (penalties, amount)


@pytest.mark.parametrize("day", ["2026-10-10", "2026-10-25", "2026-11-24", "2027-07-01"])
def test_it_leaves_nothing_when_what_settles_is_paid(day):
    amount = on_day(agreed(), FOUR_PAID, day).settle.amount
    settled = on_day(agreed(), FOUR_PAID + f"{day} settle {amount // 100}.{amount % 100:02d}", day)
    assert settled.outstanding == settled.credit == settled.settle.amount == settled.behind.dpd == 0
    assert settled.principal == 0
    assert settled.transactions[-1].parts.total == amount
    assert all(row.settled_on for row in settled.instalments)
    later = on_day(agreed(), FOUR_PAID + f"{day} settle {amount // 100}.{amount % 100:02d}", "2028-01-01")
    assert later.outstanding == later.settle.amount == 0


def test_it_keeps_the_rest_of_a_settlement_as_credit():
    account = on_day(agreed(), FOUR_PAID + "2026-10-10 settle 8200.00")
    assert yuan(account.credit) == "10.75"


def test_it_gives_back_interest_that_was_paid_ahead_and_not_earned():
    ahead = FOUR_PAID + "2026-10-11 pay 1079.71"
    account = on_day(agreed(), ahead, "2026-10-11")
    # one day of 98.27 is earned, the whole of it is paid; 7,207.81 of principal is left
    assert (yuan(account.settle.principal), yuan(account.settle.interest)) == ("7,207.81", "-95.10")
    settled = on_day(agreed(), ahead + "\n2026-10-11 settle 7112.71")
    assert settled.outstanding == settled.credit == 0
    assert yuan(settled.transactions[-1].parts.interest) == "-95.10"
    assert yuan(settled.instalments[4].asked.interest) == "3.17"
    assert [yuan(row.asked.interest) for row in settled.instalments[5:]] == ["0.00"] * 7


def test_it_counts_interest_that_was_let_off():
    let_off = "2026-06-20 waive of=interest 100.00"
    # of a month's 144.00, half has run on 25 June, and all on 10 July
    assert yuan(on_day(agreed(), let_off, "2026-06-25").settle.amount) == "12,000.00"
    assert yuan(on_day(agreed(), let_off, "2026-07-05").settle.amount) == "12,020.00"
    assert yuan(on_day(agreed(), let_off, "2026-07-10").settle.amount) == "12,044.00"


def test_it_counts_fees_and_penalties_into_what_settles():
    table = "2026-06-20 fee 5.00 \n 2026-06-20 penalty 3.00 due_on=2027-01-01"
    settle = on_day(agreed(), table, "2026-07-10").settle
    assert [yuan(n) for n in (settle.fees, settle.penalties, settle.amount)] == ["5.00", "3.00", "12,152.00"]


@pytest.mark.parametrize(
    ("day", "saved"),
    [("2026-09-10", "558.27"), ("2026-12-10", "263.60"), ("2027-03-10", "76.20"), ("2027-06-10", "0.00")],
)
def test_it_says_what_paying_early_saves(day, saved):
    paid = "\n".join(
        f"{2026 + (6 + n) // 12}-{(6 + n) % 12 + 1:02d}-10 pay {'1079.71' if n < 11 else '1079.64'}" for n in range(12)
    )
    events = [event for event in happened(agreed(), paid) if event.on <= date.fromisoformat(day)]
    assert yuan(saved_by_settling(agreed(), events, on=date.fromisoformat(day))) == saved


@pytest.mark.parametrize("day_count", ["ACT/365F", "ACT/360", "30/360", "30E/360", "period"])
def test_it_settles_for_the_planned_interest_on_every_due_date(day_count):
    loan = agreed(day_count=day_count, disbursed_on="2026-01-31", penalty=None)
    unpaid = on_day(loan, "", "2026-01-31").instalments
    interest = 0
    for row in unpaid:
        interest += row.asked.interest
        assert on_day(loan, "", row.due_on.isoformat()).settle.interest == interest
