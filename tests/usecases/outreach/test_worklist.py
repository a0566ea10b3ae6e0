"""Bo's day: his own cases in order, each opened by one entry with what is shown, be it only that it rests."""

from dataclasses import replace

import pytest

from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.loopback.smtp import Sink
from tests.usecases.story import (
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
    remind,
    staffed,
    tried,
    with_carriers,
)

DAY = "2027-01-07"


@pytest.fixture
def bai(lender) -> str:
    """Somebody else."""
    return enrolled(lender, id_number="110101198502141027", phone="13800000177", email="bai@mail.example")


@pytest.fixture
def late(lender, ai_li, bai):
    """Ai Li and Bai borrowed; fourteen days after the first instalment went unpaid."""
    staffed(lender)
    borrowed(lender, ai_li)
    borrowed(lender, bai)
    return at(lender, DAY)


@pytest.fixture
def case(late, ai_li) -> str:
    name = must(opened_case(late, ai_li)).case
    must(granted(late, name))
    return name


def worklist(lender, actor=BO, **more):
    from shouxin.usecases.outreach.worklist import Worklist
    from shouxin.usecases.outreach.worklist import worklist as act

    return act(lender, Worklist(actor=actor, **more))


def promise(lender, case):
    from shouxin.usecases.outreach.record_promise import RecordPromise, record_promise

    said = {"case": case, "actor": BO, "amount": "500.00", "by": "2027-01-09", "key": "k1"}
    return record_promise(lender, RecordPromise.read(said))


def loan_of(subject) -> str:
    from shouxin.records.loan.models import Loan

    return Loan.objects.get(subject_id=subject).id


def late_subject(lender, case):
    return lender.vault.case_subject(case)


def test_it_opens_one_entry_with_exactly_what_the_list_shows(late, ai_li, case):
    before = kinds(late, ai_li)
    (row,) = worklist(late).rows
    assert (row.case, row.state, dict(row.opened)) == (
        case,
        "now",
        {"arrears": "1072.72", "days_past_due": 14, "contact_history": []},
    )
    assert kinds(late, ai_li) == [*before, "used"]
    entry = last(late, ai_li)
    assert (entry["purpose"], entry["fields"]) == ("collection", ["arrears", "days_past_due", "contact_history"])


def test_it_shows_nobody_elses_cases_and_opens_nothing_of_them(late, ai_li, case):
    before = kinds(late, ai_li)
    assert worklist(late, actor=CHEN).rows == ()
    assert kinds(late, ai_li) == before


def test_it_drops_a_case_whose_grant_is_gone_in_the_vault_alone(late, ai_li, case):
    """The book's row may lag behind after a crash; the vault's word counts."""
    late.vault.recall(case, BO)
    assert worklist(late).rows == ()


def test_it_starts_with_a_message_and_goes_on_with_calls(late, case):
    (row,) = worklist(late).rows
    assert (row.step.act, row.step.why) == ("message", "first_word")
    must(tried(late, case, "no_answer"))
    (row,) = worklist(late).rows
    assert (row.step.act, row.step.why) == ("call", "not_reached")
    must(tried(late, case, "no_answer"))
    (row,) = worklist(late).rows
    assert (row.step.act, row.step.why) == ("message", "no_answer_today")
    assert (row.state, row.step.until) == ("now", None)
    counts = {one.check: (one.made, one.most) for one in row.tallies}
    assert counts == {"connected_calls": (0, 3), "unanswered_dials": (2, 6), "messages": (0, 1)}


def test_it_calls_no_third_time_after_the_message_but_on_another_day(late, ai_li, case, tmp_path):
    with Sink(tmp_path / "mail") as sink:
        late = with_carriers(replace(late, mail=SmtpMail("127.0.0.1", sink.port, "no-reply@lender.example")))
        for _ in range(2):
            must(tried(late, case, "no_answer"))
        must(remind(late, loan_of(ai_li)))
    (row,) = worklist(late).rows
    assert (row.state, row.step.act, row.step.why) == ("later", "wait", "written")
    assert row.step.until.isoformat() == "2027-01-08T08:00:00+08:00"
    (row,) = worklist(at(late, "2027-01-08")).rows
    assert (row.state, row.step.act, row.step.why) == ("now", "call", "not_reached")


def test_it_waits_for_eight_oclock(late, case):
    (row,) = worklist(at(late, "2027-01-08", 7)).rows
    assert (row.state, row.step.act, row.step.until.hour) == ("later", "wait", 8)


def test_it_leaves_in_peace_whoever_gave_their_word(late, case):
    must(promise(late, case))
    (row,) = worklist(late).rows
    assert (row.state, row.step.why, row.promise.by) == ("promised", "promise_open", "2027-01-09")
    assert last(late, late_subject(late, case))["fields"][-1] == "promise"
    (row,) = worklist(at(late, "2027-01-10")).rows
    assert (row.state, row.step.why, row.promise.word) == ("now", "promise_broken", "broken")


def test_it_opens_of_a_paused_case_that_it_rests_and_nothing_else(late, ai_li, case):
    until = at(late, "2027-01-24", 18).clock.now()
    late.vault.record(ai_li, lambda _: {"kind": "paused", "why": "hardship", "until": int(until.timestamp() * 1000)})
    before = kinds(late, ai_li)
    today = worklist(late)
    (row,) = today.rows
    assert (row.state, row.step.why, row.opened.keys()) == ("paused", "paused", {"pause"})
    assert row.opened["pause"][-1]["until"] == "2027-01-24T18:00:00+08:00"
    assert (row.tallies, row.promise, row.step.until, today.counts["paused"]) == ((), None, None, 1)
    assert kinds(late, ai_li) == [*before, "used"]
    assert (last(late, ai_li)["fields"], row.receipt[:2]) == (["pause"], "U-")


def test_it_says_nothing_of_somebody_whose_record_doesnt_open(late, ai_li, case):
    from shouxin.records.loan.models import Loan

    loan = Loan.objects.get(subject_id=ai_li)
    loan.pk, loan.currency = "another", "USD"
    loan.save(force_insert=True)
    before = kinds(late, ai_li)
    (row,) = worklist(late).rows
    assert (row.opened, row.receipt, row.tallies, row.promise) == ({}, "", (), None)
    assert kinds(late, ai_li) == before


def test_it_shows_a_page_at_a_time_and_opens_nobody_of_another_page(late, ai_li, bai, case, monkeypatch):
    from shouxin.usecases.outreach import worklist as module

    other = must(opened_case(late, bai)).case
    must(granted(late, other))
    monkeypatch.setattr(module, "A_PAGE", 1)
    before = {person: len(kinds(late, person)) for person in (ai_li, bai)}
    first, second = worklist(late), worklist(late, page=2)
    assert (first.found, first.pages, first.page, second.page) == (2, 2, 1, 2)
    assert {row.case for row in (*first.rows, *second.rows)} == {case, other}
    assert {person: len(kinds(late, person)) - before[person] for person in (ai_li, bai)} == {ai_li: 1, bai: 1}
    assert worklist(late, page=99).page == 2


def test_it_filters_by_state(late, case):
    assert worklist(late, show="paused").rows == ()
    assert [row.case for row in worklist(late, show="now").rows] == [case]


def test_it_says_what_was_done_today(late, case):
    must(tried(late, case, "no_answer"))
    must(tried(at(late, DAY, 13), case, "connected"))
    done = worklist(at(late, DAY, 14)).done
    assert [(one.outcome, one.reached) for one in done] == [("no_answer", False), ("connected", True)]
    assert worklist(at(late, "2027-01-08")).done == ()
