"""Cases and grants: only while something is late, gone with the cure, paused while a deferral runs."""

import pytest

from tests.usecases.story import (
    AGENCY,
    AGENT,
    BO,
    CHEN,
    at,
    borrowed,
    collect,
    granted,
    kinds,
    last,
    must,
    opened_case,
    pay,
    reason,
    staffed,
    statement,
    tried,
)


@pytest.fixture
def loan(lender, ai_li) -> str:
    staffed(lender)
    return borrowed(lender, ai_li)


@pytest.fixture
def late(lender, loan):
    """Fourteen days after the first instalment went unpaid."""
    return at(lender, "2027-01-07")


@pytest.fixture
def case(late, ai_li) -> str:
    """Ai Li's case, granted to Bo."""
    name = must(opened_case(late, ai_li)).case
    must(granted(late, name))
    return name


def closed(lender, case):
    from shouxin.usecases.outreach.close_case import CloseCase, close_case

    return close_case(lender, CloseCase(case=case))


def test_it_opens_no_case_while_nothing_is_late(lender, ai_li, loan):
    assert reason(opened_case(lender, ai_li)) == "not_overdue"
    assert reason(opened_case(at(lender, "2026-12-24"), ai_li)) == "not_overdue"
    assert "case_opened" not in kinds(lender, ai_li)


def test_it_opens_one_case_when_a_payment_is_late(late, ai_li):
    assert must(opened_case(late, ai_li)).days_late == 14
    assert reason(opened_case(late, ai_li)) == "already_done"
    assert kinds(late, ai_li).count("case_opened") == 1


def test_it_opens_a_case_for_a_loan_that_lives_elsewhere(lender, ai_li):
    assert must(opened_case(lender, ai_li)).days_late is None


def test_it_opens_no_case_about_nobody(lender):
    assert reason(opened_case(lender, "nobody")) == "not_yours"


def test_it_lets_the_holder_of_a_grant_use_the_phone_and_nobody_else(late, ai_li, case):
    assert must(collect(late, ai_li)).values == {"phone": "13800000101"}
    assert reason(collect(late, ai_li, actor=CHEN)) == "not_yours"


def test_it_grants_only_what_is_late(late, ai_li, loan, case):
    must(pay(late, loan, "1072.72", "k"))
    assert reason(granted(late, case, CHEN)) == "not_overdue"
    assert reason(granted(late, "C-none", CHEN)) == "no_case"


def test_it_grants_only_to_the_appointed(late, case):
    assert reason(granted(late, case, "collector:k99")) == "not_appointed"
    assert reason(granted(late, case)) == "already_done"


def test_it_recalls_a_grant_at_once(late, ai_li, case):
    from shouxin.usecases.outreach.recall import Recall, recall

    must(recall(late, Recall(case=case, actor=BO)))
    assert reason(collect(late, ai_li)) == "not_yours"
    assert reason(tried(late, case, "no_answer")) == "not_yours"
    assert reason(recall(late, Recall(case=case, actor=BO))) == "no_grant"


def test_it_closes_a_cured_case_with_its_grants(late, ai_li, loan, case):
    must(pay(late, loan, "1072.72", "k"))
    assert must(closed(late, case)).why == "cured"
    assert reason(collect(late, ai_li)) == "not_yours"
    assert reason(closed(late, case)) == "no_case"


def test_it_says_when_a_case_was_given_up_and_not_cured(late, case):
    assert must(closed(late, case)).why == "given_up"


def test_it_closes_all_that_are_cured_and_no_other(late, ai_li, loan, case):
    from shouxin.usecases.outreach.close_case import CloseCured, close_cured

    assert close_cured(late, CloseCured()).closed == []
    must(pay(late, loan, "1072.72", "k"))
    assert close_cured(late, CloseCured()).closed == [case]
    assert last(late, ai_li)["why"] == "cured"


@pytest.mark.parametrize("paid", [True, False])
def test_it_keeps_the_case_of_what_was_put_off_until_the_day_has_come(late, ai_li, loan, case, paid):
    from shouxin.usecases.loan.defer import Defer, defer
    from shouxin.usecases.outreach.close_case import CloseCured, close_cured

    must(defer(late, Defer(subject=ai_li, loan=loan, instalments=1, key="d1")))
    assert close_cured(late, CloseCured()).closed == [], "put off is not cured: it rests where it is"
    assert reason(collect(late, ai_li)) == "paused"
    if paid:
        must(pay(late, loan, "1100.00", "k"))
    after = at(late, "2027-01-25")
    assert close_cured(after, CloseCured()).closed == ([case] if paid else [])
    assert reason(collect(after, ai_li)) == ("not_yours" if paid else "done")


def test_it_pauses_collection_while_a_deferral_runs_and_no_longer(late, ai_li, loan, case):
    from shouxin.usecases.loan.defer import Defer, defer

    must(defer(late, Defer(subject=ai_li, loan=loan, instalments=1, key="d1")))
    assert reason(collect(late, ai_li)) == "paused"
    assert reason(granted(late, case, CHEN)) == "not_overdue"
    must(closed(late, case))
    again = at(late, "2027-01-25")  # the new due date went by as well
    assert must(statement(again, loan, ai_li))["dpd"] == 1
    name = must(opened_case(again, ai_li)).case
    must(granted(again, name))
    assert must(collect(again, ai_li)).values == {"phone": "13800000101"}


def test_it_entrusts_a_case_without_a_number(late, ai_li, case):
    from shouxin.usecases.outreach.entrust import Entrust, entrust

    result = must(entrust(late, Entrust(case=case, party=AGENCY)))
    assert result.disclosed == ("name", "arrears", "days_past_due")
    entry = [e.record for e in late.vault.history(ai_li).entries if e.record["kind"] == "disclosed"][-1]
    assert (entry["recipient"], sorted(entry["fields"])) == (AGENCY, ["arrears", "days_past_due", "name"])
    phone = must(collect(late, ai_li, actor=AGENT)).values["phone"]
    assert phone.startswith("phone-") and "1380" not in phone


def test_it_entrusts_nothing_to_a_suspended_agency(late, ai_li, case):
    from shouxin.usecases.outreach.entrust import Entrust, entrust

    must(late.vault.suspend(AGENCY))
    assert reason(entrust(late, Entrust(case=case, party=AGENCY))) == "party_not_engaged"
    assert reason(entrust(late, Entrust(case=case, party="bureau:b1"))) == "malformed"
    assert AGENCY not in [entry.record.get("to") for entry in late.vault.history(ai_li).entries]


def test_it_takes_back_what_an_agency_was_told_only_after_the_recall(late, ai_li, case):
    from shouxin.usecases.lender import BadInput
    from shouxin.usecases.outreach.entrust import Entrust, entrust
    from shouxin.usecases.outreach.recall import Recall, recall
    from shouxin.usecases.outreach.take_back import TakeBack, take_back
    from shouxin.usecases.oversight.answer import Answer, answer

    def holders():
        return {held["party"] for held in answer(late, Answer(subject=ai_li)).document["held"]}

    back = TakeBack(case=case, party=AGENCY)
    must(entrust(late, Entrust(case=case, party=AGENCY)))
    with pytest.raises(BadInput, match="recall the case first"):
        take_back(late, back)
    must(recall(late, Recall(case=case, actor=AGENCY)))
    assert AGENCY in holders(), "a recall alone says nothing of what the agency still has"
    assert must(take_back(late, back)).fields == ("arrears", "days_past_due", "name")
    assert AGENCY not in holders()
    assert reason(take_back(late, back)) == "already_done"
    assert reason(take_back(late, TakeBack(case="C-none", party=AGENCY))) == "no_case"
