from datetime import date
from fractions import Fraction

import pytest

from shouxin.core.loan import forbearance
from shouxin.core.loan.event import EventError
from tests.core.loan.loans import FOUR_PAID, agreed, happened, on_day, yuan

LATE = date(2026, 11, 24)


def plan(loan=None, table=FOUR_PAID, *, on=LATE, instalments=1):
    loan = loan or agreed()
    return forbearance.simulate(loan, happened(loan, table), on=on, instalments=instalments)


def test_it_moves_everything_unpaid_by_one_month_and_shows_what_it_costs():
    ways = plan()
    # 8,189.25 × 1.2 % is 98.27; the penalty of fourteen days is let off
    assert (yuan(ways.extra_cost), yuan(ways.spared)) == ("98.27", "8.13")
    assert (ways.next_due.due_on.isoformat(), yuan(ways.next_due.outstanding)) == ("2026-12-10", "1,079.71")
    assert ways.last_due.isoformat() == "2027-07-10"
    assert yuan(ways.new.instalments[-1].asked.total) == "1,177.91"
    assert [yuan(row.asked.total) for row in ways.new.instalments[4:11]] == ["1,079.71"] * 7


def test_it_changes_nothing_until_it_is_agreed():
    ways = plan()
    assert ways.old == on_day(agreed(), FOUR_PAID, "2026-11-24")
    assert (ways.old.behind.dpd, yuan(ways.old.behind.arrears)) == (14, "1,087.84")


def test_it_becomes_the_account_that_was_shown_once_it_is_agreed():
    ways = plan()
    agreed_on = on_day(agreed(), FOUR_PAID + "2026-11-24 defer instalments=1", "2026-11-24")
    assert agreed_on == ways.new
    assert ways.event == happened(agreed(), "2026-11-24 defer instalments=1")[0]


def test_it_leaves_collection_nothing_to_act_on_until_the_new_date_passes():
    deferred = FOUR_PAID + "2026-11-24 defer instalments=1"
    assert [on_day(agreed(), deferred, day).behind.dpd for day in ("2026-11-23", "2026-11-24", "2026-12-10")] == [
        13,
        0,
        0,
    ]
    assert on_day(agreed(), deferred, "2026-12-11").behind.dpd == 1


def test_it_charges_no_interest_on_the_added_interest():
    once, twice = plan(), plan(instalments=2)
    assert twice.extra_cost == 19_654
    assert twice.last_due.isoformat() == "2027-08-10"
    again = FOUR_PAID + "2026-11-24 defer instalments=1 \n 2026-12-20 defer instalments=1"
    assert on_day(agreed(), again, "2026-12-20").extra_interest == 2 * once.extra_cost


def test_it_keeps_what_was_paid_of_a_penalty_and_every_single_charge():
    table = (
        FOUR_PAID + "2026-11-20 penalty 5.00 due_on=2026-11-05 \n 2026-11-24 pay 7.00 \n 2026-11-24 defer instalments=1"
    )
    account = on_day(agreed(), table, "2026-11-24")
    late = account.instalments[4]
    assert (yuan(late.asked.penalties), yuan(late.paid.penalties)) == ("7.00", "7.00")
    assert [(yuan(charge.amount), yuan(charge.paid)) for charge in account.charges] == [("5.00", "5.00")]
    assert yuan(account.penalty_let_off) == "6.13"


def test_it_lets_off_penalty_interest_and_no_single_charge():
    table = FOUR_PAID + "2026-11-20 penalty 5.00 due_on=2026-11-05 \n 2026-11-24 defer instalments=1"
    account = on_day(agreed(), table, "2026-11-24")
    assert yuan(account.instalments[4].asked.penalties) == "5.00"
    assert yuan(account.penalty_let_off) == "8.13"
    assert yuan(account.charges[0].outstanding) == "5.00"


def test_it_keeps_the_order_of_days_when_an_instalment_moves_past_a_late_fee():
    table = FOUR_PAID + "2026-11-20 fee 5.00 due_on=2027-06-20 \n 2026-11-24 defer instalments=1"
    account = on_day(agreed(), table, "2026-11-24")
    assert [row.number for row in account.instalments[-2:]] == [13, 12]
    assert [row.days for row in account.instalments[-2:]] == [10, 20]
    assert [yuan(row.balance) for row in account.instalments[-2:]] == ["1,066.84", "0.00"]


def test_it_starts_penalty_interest_afresh_after_the_new_due_date():
    deferred = FOUR_PAID + "2026-11-24 defer instalments=1"
    assert on_day(agreed(), deferred, "2026-12-10").instalments[4].asked.penalties == 0
    assert yuan(on_day(agreed(), deferred, "2026-12-24").instalments[4].asked.penalties) == "8.13"


def test_it_bears_interest_only_on_principal_that_is_still_unpaid():
    half = plan(table=FOUR_PAID + "2026-11-10 pay 579.71")
    # 98.27 of interest and 481.44 of principal are paid: 7,707.81 × 1.2 %
    assert yuan(half.extra_cost) == "92.49"


def test_it_can_be_agreed_before_anything_is_late():
    ahead = plan(on=date(2026, 11, 1))
    assert (yuan(ahead.extra_cost), yuan(ahead.spared)) == ("98.27", "0.00")
    assert ahead.next_due.due_on.isoformat() == "2026-12-10"


@pytest.mark.parametrize(("day_count", "extra"), [("ACT/365F", "97.75"), ("ACT/360", "99.14"), ("30/360", "98.27")])
def test_it_counts_the_added_days_of_each_piece_of_principal(day_count, extra):
    # under ACT each piece of principal is lent from its old due date to its new one: 28 to 31 days
    loan = agreed(day_count=day_count)
    rows = on_day(loan, "").instalments[:4]
    ways = plan(loan, "\n".join(f"{row.due_on} pay {row.asked.total / 100:.2f}" for row in rows))
    assert yuan(ways.extra_cost) == extra
    if day_count != "30/360":
        year = 365 if day_count == "ACT/365F" else 360
        pairs = zip(ways.old.instalments, ways.new.instalments, strict=True)
        unit_days = sum(new.asked.principal * (new.due_on - old.due_on).days for old, new in pairs)
        assert abs(ways.extra_cost - Fraction(unit_days * 144, 1000 * year)) <= Fraction(1, 2)


def test_it_settles_a_deferred_loan_for_the_days_that_really_passed():
    deferred = FOUR_PAID + "2026-11-24 defer instalments=1"
    by_day = {day: on_day(agreed(), deferred, day).settle for day in ("2026-11-24", "2026-12-09", "2026-12-10")}
    # since 10 October: 1 14/30 months, 1 29/30, 2 months of 98.271
    assert [yuan(settle.interest) for settle in by_day.values()] == ["144.13", "193.27", "196.54"]
    settled = on_day(agreed(), deferred + "\n2026-12-10 settle 8385.79")
    assert settled.outstanding == settled.credit == 0


def test_it_is_put_right_by_a_payment_that_arrives_with_an_older_day():
    late_news = FOUR_PAID + "2026-11-24 defer instalments=1 \n 2026-11-09 pay 1079.71"
    account = on_day(agreed(), late_news, "2026-11-24")
    # number 5 was paid in time after all, so numbers 6 to 12 moved: 7,207.81 × 1.2 %
    assert account.instalments[4].settled_on.isoformat() == "2026-11-09"
    assert yuan(account.extra_interest) == "86.49"
    assert account.next_due.due_on.isoformat() == "2027-01-10"


def test_it_is_undone_by_a_reversal():
    undone = FOUR_PAID + "2026-11-24 defer instalments=1 ref=d \n 2026-11-25 reverse of=d"
    account = on_day(agreed(), undone, "2026-11-25")
    assert account.behind.dpd == 15
    assert account.extra_interest == 0
    assert account.transactions[-1].reversed


def test_it_refuses_to_defer_what_is_paid_or_what_has_no_rhythm():
    with pytest.raises(EventError, match="nothing is left"):
        on_day(agreed(instalments=1), "2026-07-10 pay 12144.00 \n 2026-07-11 defer instalments=1")
    listed = agreed(instalments=None, due_dates=["2026-07-10", "2026-08-10"], day_count="ACT/365F")
    with pytest.raises(EventError, match="not supported yet"):
        on_day(listed, "2026-07-11 defer instalments=1")
    with pytest.raises(EventError, match="9999"):
        on_day(agreed(disbursed_on="9990-06-10"), "9990-07-11 defer instalments=120")


def test_it_writes_both_plans_side_by_side():
    document = forbearance.to_doc(plan())
    assert document["rows"][4] == {
        "number": 5,
        "old_due_on": "2026-11-10",
        "old_outstanding": "1087.84",
        "new_due_on": "2026-12-10",
        "new_outstanding": "1079.71",
    }
    assert {key: document[key] for key in ("extra_cost", "pay_now_instead", "next_amount", "last_due")} == {
        "extra_cost": "98.27",
        "pay_now_instead": "1087.84",
        "next_amount": "1079.71",
        "last_due": "2027-07-10",
    }
