"""A promise to pay, as a lending officer would write it down."""

from datetime import date

import pytest

from shouxin.core.loan.promise import promised
from tests.core.loan.loans import agreed, happened, on_day

LOAN = agreed()
PROMISE = "2026-11-20 promise ref=p by=2026-11-22 500.00 \n"


@pytest.mark.parametrize(
    ("more", "day", "word", "received"),
    [
        ("", "2026-11-20", "open", 0),
        ("", "2026-11-22", "open", 0),
        ("", "2026-11-23", "broken", 0),
        ("2026-11-22 pay 500.00", "2026-11-22", "kept", 50000),
        ("2026-11-21 pay 200.00 \n 2026-11-22 pay 300.00", "2026-11-23", "kept", 50000),
        ("2026-11-22 pay 499.99", "2026-11-22", "open", 49999),
        ("2026-11-22 pay 499.99", "2026-11-23", "partly", 49999),
        ("2026-11-20 pay 500.00", "2026-11-20", "kept", 50000),
        ("2026-11-23 pay 500.00", "2026-11-23", "broken", 0),
        ("2026-11-19 pay 500.00", "2026-11-21", "open", 0),
        ("2026-11-22 pay ref=x 500.00 \n 2026-11-23 reverse of=x", "2026-11-23", "broken", 0),
    ],
)
def test_it_stands_open_kept_kept_in_part_or_broken(more, day, word, received):
    found = promised(happened(LOAN, PROMISE + more), as_of=date.fromisoformat(day))
    assert (found.word, found.received, found.amount) == (word, received, 50000)


def test_it_is_the_newest_one_that_counts():
    table = PROMISE + "2026-11-21 promise by=2026-11-30 800.00"
    assert promised(happened(LOAN, table), as_of=date(2026, 11, 25)).by == date(2026, 11, 30)


def test_it_is_gone_when_it_was_taken_back():
    assert promised(happened(LOAN, PROMISE + "2026-11-21 reverse of=p"), as_of=date(2026, 11, 25)) is None
    assert promised([], as_of=date(2026, 11, 25)) is None


def test_it_changes_nothing_that_is_owed():
    without, with_one = on_day(LOAN, "", "2026-11-30"), on_day(LOAN, PROMISE, "2026-11-30")
    assert (with_one.behind, with_one.settle, with_one.instalments) == (
        without.behind,
        without.settle,
        without.instalments,
    )
    assert with_one.transactions == without.transactions
