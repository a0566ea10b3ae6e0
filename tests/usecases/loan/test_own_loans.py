"""A borrower's own loans as pages show them: parts add up, the most pressing comes first, a deferral is kept or over."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouxin.usecases.loan.defer import Defer, defer
from shouxin.usecases.loan.own_loans import OwnLoan, OwnLoans, own_loan, own_loans
from shouxin.usecases.loan.own_row import OwnRow, own_row
from shouxin.usecases.oversight.lately import Lately, lately
from tests.usecases.story import (
    AGENT,
    BO,
    at,
    borrowed,
    collect,
    enrolled,
    granted,
    must,
    opened_case,
    pay,
    reason,
    signed,
    staffed,
    statement,
    tried,
)


@pytest.fixture
def loan(lender, ai_li) -> str:
    """12,000.00 over 12 months, paid out on 24 November 2026."""
    return borrowed(lender, ai_li)


def cents(amount: str) -> int:
    return int(amount.replace(".", ""))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dates(date(2026, 11, 24), date(2028, 6, 1)))
def test_it_shows_an_amount_that_is_the_sum_of_its_parts(lender, ai_li, loan, day):
    shown = must(own_loan(at(lender, day.isoformat()), OwnLoan(subject=ai_li, loan=loan)))
    assert cents(shown.amount) == sum(cents(row.amount) for row in shown.rows) + cents(shown.penalties)
    account = must(statement(at(lender, day.isoformat()), loan, ai_li))
    due = [row for row in account["instalments"] if row["due_on"] <= day.isoformat() and row["settled_on"] is None]
    if due:
        assert cents(shown.amount) == sum(cents(row["outstanding"]) for row in due)
    if shown.standing.value == "late":
        assert shown.days == account["dpd"]


def test_it_puts_the_most_pressing_loan_first(lender, ai_li):
    first, second = borrowed(lender, ai_li), borrowed(lender, ai_li, "3000.00", 3)
    waiting = signed(lender, ai_li)
    later = at(lender, "2026-12-26")
    must(pay(at(lender, "2026-12-24"), first, "1066.19", "k"))
    assert [one.loan for one in own_loans(later, OwnLoans(subject=ai_li))] == [second, first, waiting]
    assert own_loans(later, OwnLoans(subject=enrolled(lender, id_number="110101198009090909"))) == ()


def test_it_knows_until_when_a_deferral_is_kept(lender, ai_li):
    loan = borrowed(lender, ai_li)
    late = at(lender, "2027-01-07")
    must(defer(late, Defer(subject=ai_li, loan=loan, instalments=1, key="d")))

    def until(day):
        return must(own_loan(at(lender, day), OwnLoan(subject=ai_li, loan=loan))).deferred_until

    assert [until(day) for day in ("2027-01-07", "2027-01-24", "2027-01-25")] == [
        date(2027, 1, 24),
        date(2027, 1, 24),
        None,
    ]


def test_it_works_out_every_row_of_the_core(lender, ai_li):
    loan = borrowed(lender, ai_li)
    late = at(lender, "2027-01-07")
    for row in must(statement(late, loan, ai_li))["instalments"]:
        shown = must(own_row(late, OwnRow(subject=ai_li, loan=loan, number=row["number"])))
        assert (shown.interest, shown.principal, shown.penalties) == (
            row["interest"],
            row["principal"],
            row["penalties"],
        )
        assert cents(shown.total) == cents(shown.interest) + cents(shown.principal)
        assert shown.last or cents(shown.level) == cents(shown.total)
        assert (shown.penalty is not None) == (row["number"] == 1)
    assert reason(own_row(late, OwnRow(subject=ai_li, loan=loan, number=13))) == "not_yours"


def test_it_says_no_sum_of_late_interest_that_one_line_cannot_say(lender, ai_li):
    loan = borrowed(lender, ai_li)
    must(pay(at(lender, "2027-01-01"), loan, "500.00", "k"))
    shown = must(own_row(at(lender, "2027-01-07"), OwnRow(subject=ai_li, loan=loan, number=1)))
    assert shown.penalty is None
    assert cents(shown.penalties) > 0


def test_it_counts_what_happened_lately_as_the_history_has_it(lender, ai_li):
    loan = borrowed(lender, ai_li)
    staffed(lender)
    late = at(lender, "2027-01-07")
    case = must(opened_case(late, ai_li)).case
    must(granted(late, case))
    must(collect(late, ai_li))
    collect(late, ai_li, actor=AGENT)
    must(tried(late, case, "no_answer", actor=BO))
    counted = must(lately(late, Lately(subject=ai_li)))
    assert (counted.used, counted.left, counted.refused, counted.contacted_today) == (1, 0, 1, 1)
    assert (counted.reported, counted.paused, counted.namings) == (False, False, 0)
    must(defer(late, Defer(subject=ai_li, loan=loan, instalments=1, key="d")))
    after = must(lately(late, Lately(subject=ai_li)))
    assert after.paused
    assert after.paused_until.isoformat() == "2027-01-25T00:00:00+08:00"
    assert must(lately(at(lender, "2027-01-20"), Lately(subject=ai_li))).used == 0
    assert reason(lately(late, Lately(subject="0199-none"))) == "not_yours"
