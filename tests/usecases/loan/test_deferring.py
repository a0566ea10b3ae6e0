"""A way out: simulated first, agreed in the history before the loan changes, collection pauses."""

import pytest

from tests.usecases.story import at, borrowed, enrolled, kinds, last, must, pay, reason, signed, statement


@pytest.fixture
def loan(lender, ai_li) -> str:
    return borrowed(lender, ai_li)


@pytest.fixture
def late(lender):
    """Fourteen days after the first instalment went unpaid."""
    return at(lender, "2027-01-07")


def simulated(lender, loan, subject, instalments=1):
    from shouxin.usecases.loan.simulate_defer import SimulateDefer, simulate_defer

    return simulate_defer(lender, SimulateDefer(subject=subject, loan=loan, instalments=instalments))


def deferred(lender, loan, subject, instalments=1, key="d1"):
    from shouxin.usecases.loan.defer import Defer, defer

    return defer(lender, Defer(subject=subject, loan=loan, instalments=instalments, key=key))


def test_it_shows_both_plans_and_changes_nothing(late, ai_li, loan):
    before, entries = statement(late, loan, ai_li), kinds(late, ai_li)
    plan = must(simulated(late, loan, ai_li))
    assert plan["rows"][0]["old_due_on"] == "2026-12-24"
    assert plan["rows"][0]["new_due_on"] == "2027-01-24"
    assert plan["extra_cost"] == "120.00", "a month's interest on 12,000 at 12 %"
    assert statement(late, loan, ai_li) == before
    assert kinds(late, ai_li) == entries


def test_it_enters_what_was_agreed_and_then_moves_the_loan(late, ai_li, loan):
    plan = must(simulated(late, loan, ai_li))
    result = must(deferred(late, loan, ai_li))
    assert {key: plan[key] for key in result.plan} == result.plan
    assert kinds(late, ai_li)[-2:] == ["decided", "paused"]
    assert result.entries == (len(kinds(late, ai_li)) - 1, len(kinds(late, ai_li)))
    assert last(late, ai_li)["until"] == int(result.paused_until.timestamp() * 1000)
    assert result.paused_until.isoformat() == "2027-01-24T16:00:00+00:00", "the end of the new due date in Shanghai"
    account = must(statement(late, loan, ai_li))
    assert (account["dpd"], account["arrears"]) == (0, "0.00")


def test_it_agrees_once_a_key(late, ai_li, loan):
    first = must(deferred(late, loan, ai_li))
    again = must(deferred(late, loan, ai_li))
    assert again.already and again.event == first.event
    assert kinds(late, ai_li).count("paused") == 1
    assert reason(deferred(late, loan, ai_li, instalments=2)) == "already_done"


def test_it_puts_off_nothing_that_is_not_ones_own(late, ai_li, loan):
    other = enrolled(late, id_number="110101198502141027")
    for act in (simulated, deferred):
        assert act(late, loan, other) == act(late, "no-such-loan", other)


def test_it_puts_off_nothing_when_nothing_is_owed(lender, ai_li, loan):
    later = at(lender, "2026-12-24")
    must(pay(later, loan, must(statement(later, loan, ai_li))["totals"]["outstanding"], "all"))
    assert reason(deferred(later, loan, ai_li)) == "not_allowed_by_terms"
    assert "paused" not in kinds(later, ai_li)


def test_it_puts_off_nothing_that_has_not_begun(lender, ai_li):
    assert reason(simulated(lender, signed(lender, ai_li), ai_li)) == "not_allowed_by_terms"


def test_it_can_be_late_again_after_the_new_date(late, ai_li, loan):
    must(deferred(late, loan, ai_li))
    assert must(statement(at(late, "2027-01-24"), loan, ai_li))["dpd"] == 0
    assert must(statement(at(late, "2027-01-25"), loan, ai_li))["dpd"] == 1
