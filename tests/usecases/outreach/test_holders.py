"""Only who holds a case now may ask or tell anything in it: the vault says who that is, the book's rows are for lists."""

import pytest

from tests.usecases.outreach.test_calls import asked, may
from tests.usecases.story import (
    AGENCY,
    AGENT,
    BO,
    CHEN,
    at,
    borrowed,
    enrolled,
    granted,
    kinds,
    last,
    must,
    opened_case,
    reason,
    staffed,
    tried,
)


@pytest.fixture
def late(lender, ai_li):
    staffed(lender)
    borrowed(lender, ai_li)
    return at(lender, "2027-01-07")


@pytest.fixture
def case(late, ai_li) -> str:
    name = must(opened_case(late, ai_li)).case
    must(granted(late, name))
    must(granted(late, name, AGENCY))
    return name


ACTS = {
    "may_call": lambda lender, case, actor: may(lender, case, actor=actor),
    "record_attempt": lambda lender, case, actor: tried(lender, case, "no_answer", actor=actor),
    "ask_contact": lambda lender, case, actor: asked(lender, case, "nobody", actor=actor),
}
GONE = [
    # who asks, what ended it → the gate's own reason
    (BO, lambda lender, case: lender.vault.dismiss(BO), "not_appointed"),
    (BO, lambda lender, case: lender.vault.recall(case, BO), "not_yours"),
    (BO, lambda lender, case: lender.vault.close_case(case), "not_yours"),
    (AGENT, lambda lender, case: lender.vault.suspend(AGENCY), "party_not_engaged"),
    ("agent:a07.9", lambda lender, case: lender.vault.appoint("collector:k7"), "unknown_actor"),
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("gone", GONE, ids=["dismissed", "recalled", "closed", "suspended", "never"])
def test_it_refuses_who_does_not_hold_it_any_more_whatever_the_book_says(late, ai_li, case, act, gone):
    actor, ends, why = gone
    must(ends(late, case))
    assert reason(ACTS[act](late, case, actor)) == why
    assert "attempted" not in kinds(late, ai_li)


@pytest.mark.parametrize("act", ACTS)
def test_it_answers_the_same_for_another_case_and_for_none(late, case, act):
    theirs, none = (ACTS[act](late, name, CHEN) for name in (case, "C-none"))
    assert theirs == none
    assert (reason(theirs), theirs.where) == ("not_yours", "case")
    assert kinds(late, CHEN) == ["appointed", "refused", "refused"]


def test_it_tells_the_borrower_of_the_stranger_who_asked(late, ai_li, case):
    may(late, case, actor=CHEN)
    assert (last(late, ai_li)["reason"], "asked" in last(late, ai_li)) == ("not_yours", True)


def rows(case):
    from shouxin.records.outreach.models import Grant

    return sorted((row.actor, row.recalled_at is None) for row in Grant.objects.filter(case_id=case))


def test_it_writes_the_row_that_a_crash_after_the_grant_left_out(late, ai_li):
    name = must(opened_case(late, ai_li)).case
    must(late.vault.grant(name, BO))
    assert rows(name) == []
    assert may(late, name)["allow"], "the vault holds the grant, whatever the book knows"
    assert reason(granted(late, name)) == "already_done"
    assert rows(name) == [(BO, True)]
    assert reason(granted(late, name)) == "already_done"
    assert rows(name) == [(BO, True)]


def test_it_ends_the_row_that_a_crash_after_the_recall_left_open(late, case):
    from shouxin.usecases.outreach.recall import Recall, recall

    must(late.vault.recall(case, BO))
    assert (BO, True) in rows(case)
    for _ in range(2):
        assert reason(recall(late, Recall(case=case, actor=BO))) == "no_grant"
        assert rows(case) == [(AGENCY, True), (BO, False)]


def test_it_ends_the_rows_of_a_case_that_a_crash_left_open(late, case):
    from shouxin.records.outreach.models import Case
    from shouxin.usecases.outreach.close_case import CloseCase, CloseCured, close_case, close_cured

    must(late.vault.close_case(case, why="given_up"))
    assert close_cured(late, CloseCured()).closed == []
    assert reason(close_case(late, CloseCase(case=case))) == "no_case"
    row = Case.objects.get(id=case)
    assert (row.closed_at is not None, row.closed_because) == (True, "given_up")
    assert rows(case) == [(AGENCY, False), (BO, False)]
    assert reason(close_case(late, CloseCase(case="C-none"))) == "no_case"


def test_it_writes_the_row_of_a_case_that_a_crash_left_out(late, ai_li):
    from shouxin.records.outreach.models import Case

    name, _ = must(late.vault.open_case(ai_li))
    assert reason(opened_case(late, ai_li)) == "already_done"
    assert Case.objects.get(id=name).subject_id == ai_li


def test_it_entrusts_a_case_whose_grant_stands_in_the_vault_alone(late, ai_li):
    from shouxin.usecases.outreach.entrust import Entrust, entrust

    name = must(opened_case(late, ai_li)).case
    must(late.vault.grant(name, AGENCY))
    assert must(entrust(late, Entrust(case=name, party=AGENCY))).entry is None
    assert rows(name) == [(AGENCY, True)]


def test_it_allows_no_call_about_somebody_whom_nothing_binds(lender):
    staffed(lender)
    somebody = enrolled(lender)
    name = must(opened_case(lender, somebody)).case
    must(granted(lender, name))
    refusal = may(lender, name)
    assert (reason(refusal), refusal.where) == ("no_basis", "collection")
    assert reason(asked(lender, name, "nobody")) == "no_basis"
    assert must(tried(lender, name, "connected")).entry, "what happened is written down all the same"


def test_it_answers_the_same_for_the_state_of_another_loan_and_of_none(late, ai_li, case):
    from shouxin.records.loan.models import Loan
    from shouxin.usecases.loan.state import State, state

    (loan,) = Loan.objects.filter(subject_id=ai_li)
    names = (loan.id, "no-such-loan", ai_li)
    answers = [state(late, State(loan=name, actor=CHEN, purpose="collection")) for name in names]
    assert answers[0] == answers[1] == answers[2]
    assert (reason(answers[0]), answers[0].where) == ("not_yours", "subject")
    assert kinds(late, CHEN) == ["appointed", "refused", "refused", "refused"]
