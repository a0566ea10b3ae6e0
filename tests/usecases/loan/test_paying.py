"""Payments: counted once, dated back when they were, and a statement that only its borrower gets."""

import pytest

from tests.usecases.story import at, borrowed, enrolled, kinds, must, pay, reason, signed, statement


@pytest.fixture
def loan(lender, ai_li) -> str:
    return borrowed(lender, ai_li)


def test_it_counts_a_payment_once_a_key(lender, ai_li, loan):
    later = at(lender, "2026-12-24")
    first = must(pay(later, loan, "1066.19", "bank-1"))
    again = must(pay(later, loan, "1066.19", "bank-1"))
    assert (first.already, again.already) == (False, True)
    assert (first.event, first.balance) == (again.event, again.balance)
    assert must(statement(later, loan, ai_li))["totals"]["paid"] == "1066.19"


def test_it_refuses_a_key_for_another_payment(lender, loan):
    later = at(lender, "2026-12-24")
    must(pay(later, loan, "1066.19", "bank-1"))
    refusal = pay(later, loan, "1066.18", "bank-1")
    assert (reason(refusal), refusal.where) == ("already_done", "key")


def test_it_takes_the_same_key_for_another_loan(lender, ai_li, loan):
    other = borrowed(lender, ai_li, "6000.00", 6)
    must(pay(at(lender, "2026-12-24"), loan, "1.00", "k"))
    must(pay(at(lender, "2026-12-24"), other, "1.00", "k"))


LATE_TABLE = [
    # on, paid, dated, dpd, arrears
    ("2026-12-24", None, None, 0, "0.00"),
    ("2026-12-25", None, None, 1, "1066.66"),
    ("2027-01-07", None, None, 14, "1072.72"),  # penalty: 946.19 × 18 % × 14 / 365 = 6.53
    ("2027-01-07", "500.00", None, 14, "572.72"),
    ("2027-01-07", "1066.19", "2026-12-24", 0, "0.00"),  # it had been paid in time, and was only entered late
]


@pytest.mark.parametrize("row", LATE_TABLE, ids=["-".join(map(str, row)) for row in LATE_TABLE])
def test_it_says_how_late_a_loan_is(lender, ai_li, loan, row):
    on, paid, dated, dpd, arrears = row
    day = at(lender, on)
    if paid:
        from datetime import date

        must(pay(day, loan, paid, "k", paid_on=date.fromisoformat(dated) if dated else None))
    account = must(statement(day, loan, ai_li))
    assert (account["dpd"], account["arrears"]) == (dpd, arrears)


def test_it_takes_no_payment_that_makes_no_sense(lender, loan):
    from datetime import date

    from shouxin.usecases.lender import BadInput

    for amount, more, where in [
        ("0", {}, "amount"),
        ("0.001", {}, "amount"),
        ("1.00", {"paid_on": date(2026, 11, 25)}, "paid_on"),
        ("1.00", {"paid_on": date(2026, 11, 23)}, "on"),
    ]:
        with pytest.raises(BadInput) as caught:
            pay(lender, loan, amount, f"k{where}", **more)
        assert caught.value.where == where


def test_it_takes_no_other_currency_and_no_unknown_loan(lender, loan):
    assert reason(pay(lender, loan, "1.00", "k", currency="USD")) == "wrong_amount"
    assert reason(pay(lender, "no-such-loan", "1.00", "k")) == "not_yours"


def test_it_takes_no_payment_for_a_loan_that_has_not_begun(lender, ai_li):
    assert reason(pay(lender, signed(lender, ai_li), "1.00", "k")) == "not_allowed_by_terms"


def test_it_ends_the_contract_with_the_last_payment(lender, ai_li, loan):
    later = at(lender, "2026-12-24")
    settle = must(statement(later, loan, ai_li))["totals"]["outstanding"]
    result = must(pay(later, loan, settle, "all"))
    assert result.ended and result.balance == "0.00"
    assert kinds(later, ai_li)[-1] == "ended"
    assert not must(pay(later, loan, settle, "all")).ended, "it ended once"
    assert kinds(later, ai_li).count("ended") == 1


def test_it_gives_a_statement_to_its_borrower_only(lender, ai_li, loan):
    other = enrolled(lender, id_number="110101198502141027")
    entries = kinds(lender, ai_li)
    assert must(statement(lender, loan, ai_li))["currency"] == "CNY"
    assert statement(lender, loan, other) == statement(lender, "no-such-loan", other)
    assert kinds(lender, ai_li) == entries, "one's own look is no use by anybody"


def test_it_gives_no_statement_of_a_day_before_the_loan(lender, ai_li, loan):
    from datetime import date

    from shouxin.usecases.lender import BadInput

    with pytest.raises(BadInput, match="before"):
        statement(lender, loan, ai_li, as_of=date(2026, 11, 23))


def test_it_shows_the_state_of_a_loan_as_a_use(lender, ai_li, loan):
    from shouxin.usecases.loan.state import State, state

    shown = must(state(lender, State(loan=loan, actor="system:servicing", purpose="servicing")))
    assert shown.opened["balance"] == "12000.00"
    assert shown.opened["days_past_due"] == 0
    assert kinds(lender, ai_li)[-1] == "used"
    must(lender.vault.appoint("collector:k32"))
    refusal = state(lender, State(loan=loan, actor="collector:k32", purpose="collection"))
    assert reason(refusal) == "not_yours"


def test_it_books_one_of_two_payments_that_come_at_once(lender, ai_li, loan):
    """Two threads, one key, many rounds: one payment each round, and both hear of it."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    later = at(lender, "2026-12-24")

    def send(key: str):
        try:
            return pay(later, loan, "1.00", key)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for number in range(10):
            results = list(pool.map(send, [f"k{number}"] * 2))
            assert sorted(result.already for result in results) == [False, True]
    assert must(statement(later, loan, ai_li))["totals"]["paid"] == "10.00"
