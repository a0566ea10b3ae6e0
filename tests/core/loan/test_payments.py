"""What payments repay, walking through a loan of three interest-free hundreds and through Ai Li's."""

import pytest

from shouxin.core.loan.account import each
from tests.core.loan.loans import AI_LI, FOUR_PAID, INTEREST_FREE, agreed, happened, on_day, yuan

FREE = agreed(INTEREST_FREE)


def rows(account):
    """number: paid / outstanding, settled on."""
    return [
        f"{row.number}: {yuan(row.paid.total)} / {yuan(row.outstanding)} {row.settled_on or '-'}"
        for row in account.instalments
    ]


# of three hundreds due on the first of February, March and April
@pytest.mark.parametrize(
    ("table", "after", "credit"),
    [
        ("2026-02-01 pay 100.00", ["1: 100.00 / 0.00 2026-02-01", "2: 0.00 / 100.00 -", "3: 0.00 / 100.00 -"], "0.00"),
        ("2026-02-01 pay 40.00", ["1: 40.00 / 60.00 -", "2: 0.00 / 100.00 -", "3: 0.00 / 100.00 -"], "0.00"),
        ("2026-01-20 pay 130.00", ["1: 100.00 / 0.00 2026-01-20", "2: 30.00 / 70.00 -", "3: 0.00 / 100.00 -"], "0.00"),
        (
            "2026-03-15 pay 130.00",
            ["1: 100.00 / 0.00 2026-03-15", "2: 30.00 / 70.00 -", "3: 0.00 / 100.00 -"],
            "0.00",
        ),
        (
            "2026-04-01 pay 310.00",
            ["1: 100.00 / 0.00 2026-04-01", "2: 100.00 / 0.00 2026-04-01", "3: 100.00 / 0.00 2026-04-01"],
            "10.00",
        ),
        ("2026-02-01 pay_failed 100.00", ["1: 0.00 / 100.00 -", "2: 0.00 / 100.00 -", "3: 0.00 / 100.00 -"], "0.00"),
    ],
)
def test_it_repays_the_oldest_first_and_keeps_what_fits_nowhere(table, after, credit):
    account = on_day(FREE, table)
    assert rows(account) == after
    assert yuan(account.credit) == credit


def test_it_pays_the_last_instalment_first_when_the_terms_say_so():
    account = on_day(agreed(INTEREST_FREE, advance="last"), "2026-01-20 pay 130.00")
    assert rows(account) == ["1: 0.00 / 100.00 -", "2: 30.00 / 70.00 -", "3: 100.00 / 0.00 2026-01-20"]


def test_it_tells_early_money_from_late_money():
    account = on_day(FREE, "2026-01-20 pay 50.00 \n 2026-02-01 pay 10.00 \n 2026-02-10 pay 40.00")
    first = account.instalments[0]
    assert (yuan(first.paid_early), yuan(first.paid_late), yuan(first.paid.total)) == ("50.00", "40.00", "100.00")


# fee 5, penalty 3, interest 144, principal 935.71: what 100, 150 and 153 pay on the due date
@pytest.mark.parametrize(
    ("amount", "fees", "penalties", "interest", "principal"),
    [
        ("4.00", "4.00", "0.00", "0.00", "0.00"),
        ("7.00", "5.00", "2.00", "0.00", "0.00"),
        ("100.00", "5.00", "3.00", "92.00", "0.00"),
        ("153.00", "5.00", "3.00", "144.00", "1.00"),
    ],
)
def test_it_pays_fees_then_penalties_then_interest_then_principal(amount, fees, penalties, interest, principal):
    account = on_day(agreed(), f"2026-06-20 fee 5.00 \n 2026-06-20 penalty 3.00 \n 2026-07-10 pay {amount}")
    parts = account.transactions[-1].parts
    assert [yuan(p) for p in (parts.fees, parts.penalties, parts.interest, parts.principal)] == [
        fees,
        penalties,
        interest,
        principal,
    ]


def test_it_pays_principal_first_when_the_terms_say_so():
    order = [
        f"{group}.{part}"
        for group in ("due", "past_due", "advance")
        for part in ("principal", "interest", "fee", "penalty")
    ]
    account = on_day(agreed(allocation=order), "2026-07-10 pay 1000.00")
    assert (account.transactions[-1].parts.principal, account.transactions[-1].parts.interest) == (93_571, 6_429)


def test_it_holds_what_is_due_today_apart_from_what_is_past_due():
    parts = {
        "past_due": ("interest", "principal"),
        "due": ("principal", "interest"),
        "advance": ("interest", "principal"),
    }
    order = [f"{group}.{part}" for group, two in parts.items() for part in (*two, "fee", "penalty")]
    loan = agreed(allocation=order, penalty=None)
    on_time = on_day(loan, "2026-07-10 pay 500.00").transactions[-1].parts
    late = on_day(loan, "2026-07-11 pay 500.00").transactions[-1].parts
    assert (yuan(on_time.principal), yuan(on_time.interest)) == ("500.00", "0.00")
    assert (yuan(late.principal), yuan(late.interest)) == ("356.00", "144.00")


def test_it_pays_all_interest_before_any_principal_by_component():
    order = [
        f"{group}.{part}"
        for part in ("fee", "penalty", "interest", "principal")
        for group in ("past_due", "due", "advance")
    ]
    by_component = agreed(allocation=order, allocation_by="component", penalty=None)
    by_instalment = agreed(allocation=order, penalty=None)
    late = "2026-08-20 pay 300.00"
    assert yuan(on_day(by_component, late).transactions[-1].parts.interest) == "300.00"
    assert yuan(on_day(by_instalment, late).transactions[-1].parts.interest) == "144.00"


def test_it_puts_a_fee_where_its_day_falls_and_makes_a_row_after_the_last():
    account = on_day(FREE, "2026-01-05 fee 5.00 due_on=2026-02-15 \n 2026-01-05 fee 7.00 code=letter due_on=2026-05-01")
    assert [yuan(row.asked.fees) for row in account.instalments] == ["0.00", "5.00", "0.00", "7.00"]
    assert [row.number for row in account.instalments] == [1, 2, 3, 4]
    assert account.instalments[3].due_on.isoformat() == "2026-05-01"
    assert [(charge.code, yuan(charge.outstanding)) for charge in account.charges] == [
        (None, "5.00"),
        ("letter", "7.00"),
    ]


def test_it_fills_the_oldest_charge_first_and_keeps_waived_ones_apart():
    table = """
        2026-01-05 penalty 5.00 code=a
        2026-01-06 penalty 5.00 code=b
        2026-01-07 pay 6.00
        2026-01-08 waive of=penalty 3.00
    """
    account = on_day(FREE, table)
    assert [(c.code, yuan(c.paid), yuan(c.waived), yuan(c.outstanding)) for c in account.charges] == [
        ("a", "5.00", "0.00", "0.00"),
        ("b", "1.00", "3.00", "1.00"),
    ]


@pytest.mark.parametrize(("part", "owed"), [("interest", "856.45"), ("principal", "956.45")])
def test_it_lets_off_the_oldest_of_one_part(part, owed):
    account = on_day(agreed(), f"2026-06-20 waive of={part} 100.00")
    assert yuan(account.outstanding) == "12,856.45"
    assert yuan(account.outstanding - account.principal) == owed


def test_it_replays_by_day_then_by_line_whatever_order_events_came_in():
    in_order = happened(agreed(), FOUR_PAID)
    late_news = [in_order[2], in_order[0], in_order[3], in_order[1]]
    from shouxin.core.loan.account import fold

    assert fold(agreed(), late_news) == fold(agreed(), in_order)


def test_it_takes_a_payment_that_arrives_with_an_older_day():
    before = on_day(agreed(), FOUR_PAID, "2026-11-24")
    after = on_day(agreed(), FOUR_PAID + "2026-11-08 pay 1079.71", "2026-11-24")
    assert before.behind.dpd == 14
    assert after.behind.dpd == 0
    assert sum(row.asked.penalties for row in after.instalments) == 0
    assert after.instalments[4].settled_on.isoformat() == "2026-11-08"


def test_it_counts_a_reversed_payment_nowhere_and_still_shows_it():
    account = on_day(FREE, "2026-02-01 pay 100.00 ref=p1 \n 2026-02-10 reverse of=p1", "2026-02-10")
    assert account.outstanding == 30_000
    assert account.behind.dpd == 9
    moved = account.transactions[-1]
    assert (moved.type, yuan(moved.amount), moved.parts.total, moved.reversed) == ("pay", "100.00", 0, True)


def test_it_still_counts_a_payment_on_a_day_before_its_reversal():
    account = on_day(FREE, "2026-02-01 pay 100.00 ref=p1 \n 2026-02-10 reverse of=p1", "2026-02-09")
    assert account.behind.dpd == 0
    assert not account.transactions[-1].reversed


def test_it_counts_a_payment_again_when_its_reversal_is_reversed():
    table = "2026-02-01 pay 100.00 ref=p1 \n 2026-02-10 reverse of=p1 ref=r1 \n 2026-02-11 reverse of=r1"
    assert on_day(FREE, table).outstanding == 20_000


def test_it_lets_the_first_pay_out_replace_the_planned_one():
    account = on_day(agreed(), "2026-06-12 disburse 6000.00")
    assert account.terms.principal_minor == 600_000
    assert account.instalments[0].due_on.isoformat() == "2026-07-12"
    assert account.principal == 600_000
    assert len(account.transactions) == 1


def test_it_shows_the_planned_pay_out_when_no_event_tells_of_one():
    account = on_day(agreed(), "")
    assert [(moved.type, yuan(moved.amount), yuan(moved.balance)) for moved in account.transactions] == [
        ("disburse", "12,000.00", "12,000.00")
    ]


def test_it_gives_the_account_after_every_event():
    events = happened(agreed(), FOUR_PAID)
    balances = [yuan(account.principal) for account in each(agreed(), events)]
    assert balances == ["11,064.29", "10,117.35", "9,159.05", "8,189.25"]


def test_it_does_not_lend_or_take_a_fen_over_a_whole_life():
    table = "\n".join(f"{2026 + (6 + n) // 12}-{(6 + n) % 12 + 1:02d}-10 pay 1079.71" for n in range(11))
    account = on_day(agreed(AI_LI), table + "\n2027-06-10 pay 1079.64")
    assert account.outstanding == 0
    assert account.credit == 0
    assert sum(row.paid.total for row in account.instalments) == 1_295_645
    assert account.next_due is None
