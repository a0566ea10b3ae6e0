import pytest

from tests.core.loan.loans import FOUR_PAID, INTEREST_FREE, agreed, on_day, yuan

BUCKETS = [
    {"code": "M0", "from": 0, "to": 0},
    {"code": "M1", "from": 1, "to": 30},
    {"code": "M2", "from": 31, "to": 60},
    {"code": "M2+", "from": 61},
]


def loan(**delinquency):
    return agreed(INTEREST_FREE, delinquency={"buckets": BUCKETS} | delinquency)


# three hundreds due on the first of February, March and April; nothing paid
@pytest.mark.parametrize(
    ("day", "dpd", "arrears", "since", "bucket"),
    [
        ("2026-01-31", 0, "0.00", None, "M0"),
        ("2026-02-01", 0, "0.00", None, "M0"),
        ("2026-02-02", 1, "100.00", "2026-02-01", "M1"),
        ("2026-03-01", 28, "100.00", "2026-02-01", "M1"),
        ("2026-03-03", 30, "200.00", "2026-02-01", "M1"),
        ("2026-03-04", 31, "200.00", "2026-02-01", "M2"),
        ("2026-04-02", 60, "300.00", "2026-02-01", "M2"),
        ("2026-04-03", 61, "300.00", "2026-02-01", "M2+"),
    ],
)
def test_it_counts_from_the_oldest_unpaid_due_date(day, dpd, arrears, since, bucket):
    behind = on_day(loan(), "", day).behind
    assert (behind.dpd, yuan(behind.arrears), behind.bucket) == (dpd, arrears, bucket)
    assert (behind.delinquent_since and behind.delinquent_since.isoformat()) == since


def test_it_counts_the_due_date_itself_when_the_terms_say_so():
    counts_the_day = loan(first_day="due")
    assert [on_day(counts_the_day, "", day).behind.dpd for day in ("2026-01-31", "2026-02-01", "2026-02-02")] == [
        0,
        1,
        2,
    ]


def test_it_counts_from_the_next_unpaid_date_once_the_oldest_is_paid():
    behind = on_day(loan(), "2026-03-10 pay 100.00", "2026-03-10").behind
    assert (behind.dpd, yuan(behind.arrears)) == (9, "100.00")


def test_it_is_cured_on_the_day_everything_due_is_paid():
    behind = on_day(loan(), "2026-03-10 pay 200.00", "2026-03-10").behind
    assert (behind.dpd, behind.arrears, behind.delinquent_since, behind.by_bucket) == (0, 0, None, ())


def test_it_gives_grace_without_stopping_the_count():
    behind = on_day(loan(grace_days=3), "", "2026-02-04").behind
    assert (behind.dpd, behind.delinquent_days, behind.bucket) == (3, 0, "M0")
    assert behind.delinquent_since.isoformat() == "2026-02-04"
    assert behind.by_bucket == ()
    assert on_day(loan(grace_days=3), "", "2026-02-05").behind.delinquent_days == 1


def test_it_shows_each_instalment_in_the_bucket_of_its_own_age():
    behind = on_day(loan(), "", "2026-03-10").behind
    assert [(code, yuan(amount)) for code, amount in behind.by_bucket] == [("M1", "100.00"), ("M2", "100.00")]


OVERLAPPING = """
    2026-02-05 pause_delinquency from=2026-02-05 to=2026-02-20
    2026-02-06 pause_delinquency from=2026-02-10 to=2026-02-25
"""


# due on the first of February; paused from the 5th to the 20th, of which the 5th still counts
@pytest.mark.parametrize(
    ("table", "day", "dpd", "days", "paused"),
    [
        ("2026-02-05 pause_delinquency from=2026-02-05 to=2026-02-20", "2026-02-05", 4, 4, True),
        ("2026-02-05 pause_delinquency from=2026-02-05 to=2026-02-20", "2026-02-10", 9, 4, True),
        ("2026-02-05 pause_delinquency from=2026-02-05 to=2026-02-20", "2026-02-20", 19, 4, True),
        ("2026-02-05 pause_delinquency from=2026-02-05 to=2026-02-20", "2026-02-21", 20, 5, False),
        (
            "2026-02-05 pause_delinquency from=2026-02-05 to=2026-02-20 \n 2026-02-10 resume_delinquency",
            "2026-02-11",
            10,
            5,
            False,
        ),
        (
            OVERLAPPING,
            "2026-02-26",
            25,
            5,
            False,
        ),
        ("2026-01-20 pause_delinquency from=2026-01-20 to=2026-02-10", "2026-02-12", 11, 2, False),
    ],
)
def test_it_leaves_paused_days_out_of_delinquency_but_not_of_days_past_due(table, day, dpd, days, paused):
    account = on_day(loan(), table, day)
    assert (account.behind.dpd, account.behind.delinquent_days, account.paused) == (dpd, days, paused)


def test_it_drops_a_pause_that_had_not_begun_when_collection_resumed():
    table = "2026-02-02 pause_delinquency from=2026-02-20 to=2026-02-25 \n 2026-02-03 resume_delinquency"
    assert on_day(loan(), table, "2026-02-26").behind.delinquent_days == 25


# Ai Li is fourteen days late with number 5: principal 981.44 at 21.60 % a year
@pytest.mark.parametrize(
    ("of", "after_days", "day", "penalty"),
    [
        ("overdue_principal", 0, "2026-11-10", "0.00"),
        ("overdue_principal", 0, "2026-11-11", "0.58"),
        ("overdue_principal", 0, "2026-11-24", "8.13"),
        ("overdue_principal", 10, "2026-11-20", "0.00"),
        ("overdue_principal", 10, "2026-11-24", "2.32"),
        ("overdue_interest", 0, "2026-11-24", "0.81"),
        ("overdue", 0, "2026-11-24", "8.95"),
    ],
)
def test_it_charges_penalty_interest_by_the_day_on_what_is_overdue(of, after_days, day, penalty):
    late = agreed(penalty={"annual": "21.60%", "of": of, "after_days": after_days})
    account = on_day(late, FOUR_PAID, day)
    assert yuan(account.instalments[4].asked.penalties) == penalty
    assert yuan(account.behind.arrears if day > "2026-11-10" else 0) == (
        "0.00" if day == "2026-11-10" else yuan(107_971 + account.instalments[4].asked.penalties)
    )


def test_it_lets_penalty_interest_run_only_on_what_is_still_unpaid():
    half = on_day(agreed(), FOUR_PAID + "2026-11-17 pay 600.00", "2026-11-24")
    # 4.07 for the first seven days takes its part; interest 98.27; 497.66 repays principal, 483.78 stays overdue
    assert [yuan(half.transactions[-1].parts.penalties), yuan(half.transactions[-1].parts.principal)] == [
        "4.07",
        "497.66",
    ]
    assert yuan(half.instalments[4].asked.penalties) == "6.07"


def test_it_asks_for_what_puts_the_loan_right_today():
    account = on_day(agreed(), FOUR_PAID, "2026-11-24")
    assert yuan(account.behind.arrears) == "1,087.84"
    put_right = on_day(agreed(), FOUR_PAID + "2026-11-24 pay 1087.84", "2026-11-24")
    assert put_right.behind.arrears == 0
    assert put_right.instalments[4].settled_on.isoformat() == "2026-11-24"
