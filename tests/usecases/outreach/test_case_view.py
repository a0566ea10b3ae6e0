"""One case on Bo's desk: what it opens, what may be done, and why not the rest; each answer is the real rule's or gate's."""

from dataclasses import replace

import pytest

from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.loopback.smtp import Sink
from shouxin.usecases.outreach import record_attempt
from tests.usecases.story import (
    AGENCY,
    BO,
    CHEN,
    at,
    borrowed,
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
    with_carriers,
)

WEN = {"name": "Wen Wen", "phone": "13900000102", "relation": "friend"}
KEY = "019ab2c4-0000-7000-8000-000000000001"


@pytest.fixture
def late(lender, ai_li):
    """Fourteen days after the first instalment went unpaid, at noon."""
    staffed(lender)
    borrowed(lender, ai_li)
    return at(lender, "2027-01-07")


@pytest.fixture
def case(late, ai_li) -> str:
    name = must(opened_case(late, ai_li)).case
    must(granted(late, name))
    return name


@pytest.fixture
def wen(late, ai_li) -> str:
    """A friend whom Ai Li named, and who agreed to be asked."""
    named = must(late.vault.name_contact(ai_li, WEN))
    must(late.vault.consent(named.contact, "reach_through_contact", notice="contact_person", version="1"))
    return named.contact


def view(lender, case, actor=BO):
    from shouxin.usecases.outreach.case_view import CaseView, case_view

    return case_view(lender, CaseView(case=case, actor=actor))


def promise(lender, case, **more):
    from shouxin.usecases.outreach.record_promise import RecordPromise, record_promise

    said = {"case": case, "actor": BO, "amount": "500.00", "by": "2027-01-09", "key": "k1"} | more
    return record_promise(lender, RecordPromise.read(said))


def number(lender, case, actor=BO):
    from shouxin.usecases.outreach.open_number import OpenNumber, open_number

    return open_number(lender, OpenNumber(case=case, actor=actor))


def sent(lender, case, actor=BO):
    from shouxin.usecases.outreach.remind_in_case import RemindInCase, remind_in_case

    return remind_in_case(lender, RemindInCase(case=case, actor=actor))


def someone(lender, case, actor=BO):
    from shouxin.usecases.outreach.ask_someone import AskSomeone, ask_someone

    return ask_someone(lender, AskSomeone(case=case, actor=actor))


def answered(lender, case, outcome):
    from shouxin.usecases.outreach.ask_someone import RecordAnswer, record_answer

    return record_answer(lender, RecordAnswer(case=case, actor=BO, outcome=outcome))


def no_of(seen, name):
    return next(act for act in seen.may_not if act.name == name)


def names(acts):
    return [act.name for act in acts]


def test_it_opens_what_it_shows_by_one_entry_and_never_a_number(late, ai_li, case):
    before = kinds(late, ai_li)
    seen = must(view(late, case))
    assert dict(seen.opened) == {
        "name": "Ai Li",
        "arrears": "1072.72",
        "days_past_due": 14,
        "balance": "12000.00",
        "next_due": "2027-01-24",
        "contact_history": [],
    }
    assert kinds(late, ai_li) == [*before, "used"]
    assert last(late, ai_li)["fields"] == list(seen.opened)
    assert seen.receipt.startswith("U-") and len(seen.receipt) == 10


def test_it_says_the_same_of_another_collectors_case_and_of_none_and_enters_both(late, ai_li, case):
    before, own = kinds(late, ai_li), kinds(late, CHEN)
    assert view(late, case, actor=CHEN) == view(late, "C-000000000000", actor=CHEN)
    assert reason(view(late, case, actor=CHEN)) == "not_yours"
    assert kinds(late, CHEN) == [*own, "refused", "refused", "refused"]
    assert kinds(late, ai_li) == [*before, "refused", "refused"], "the person learns of both looks at their own case"


def test_it_opens_nothing_of_a_paused_case_and_enters_the_look(late, ai_li, case):
    from shouxin.usecases.outreach.case_view import CasePaused

    late.vault.record(ai_li, lambda _: {"kind": "paused", "why": "hardship"})
    answer = view(late, case)
    assert isinstance(answer, CasePaused) and answer.refusal.reason == "paused"
    assert last(late, ai_li)["kind"] == "refused"


@pytest.mark.parametrize("act", [promise, sent, someone])
def test_it_says_first_that_a_case_rests_and_enters_that(late, ai_li, case, act):
    late.vault.record(ai_li, lambda _: {"kind": "paused", "why": "hardship"})
    assert reason(act(late, case)) == "paused"
    entry = last(late, ai_li)
    assert (entry["kind"], entry["reason"], entry["purpose"]) == ("refused", "paused", "collection")


def test_it_names_a_promise_and_a_pause_where_it_shows_them(late, ai_li, case):
    must(promise(late, case))
    late.vault.record(ai_li, lambda _: {"kind": "paused", "why": "hardship"})
    late.vault.record(ai_li, lambda facts: {"kind": "resumed", "pause": facts.paused})
    seen = must(view(late, case))
    assert {"promise", "pause"} <= {*last(late, ai_li)["fields"]}
    assert [one["kind"] for one in seen.opened["pause"]] == ["paused", "resumed"]
    assert [(one["amount"], one["word"]) for one in seen.opened["promise"]] == [("500.00", "open")]


def test_it_puts_what_may_be_done_beside_what_may_not(late, case):
    seen = must(view(late, case))
    assert names(seen.may) == ["call", "remind", "attempt", "promise"]
    assert names(seen.may_not) == ["others", "after_hours", "fields", "agency"]
    others = no_of(seen, "others")
    assert others.reason == "third_party"
    assert {"CN.GBT45251.TARGET", "CN.CFC.COLLECT"} <= {rule.rule_id for rule in others.rules}
    evening = no_of(seen, "after_hours")
    assert evening.reason == "outside_hours"
    assert evening.next_permitted.isoformat() == "2027-01-08T08:00:00+08:00"
    assert [rule.rule_id for rule in seen.duties]


def test_it_says_of_each_field_what_the_gate_itself_says(late, ai_li, case):
    from shouxin.usecases.privacy.use import Use, use

    acts = [act for act in must(view(late, case)).may_not if act.name == "fields"]
    fields = {name: act.reason for act in acts for name in act.about}
    assert {"id_number", "bank_card", "email", "income", "employer", "address"} <= set(fields)
    for name, why in fields.items():
        asked = Use(subject=ai_li, actor=BO, purpose="collection", fields=(name,), case=case)
        assert reason(use(late, asked)) == why, name


def test_it_says_of_an_agency_what_the_gate_itself_says(late, ai_li, case):
    from shouxin.usecases.privacy.use import Use, use

    act = no_of(must(view(late, case)), "agency")
    asked = Use(subject=ai_li, actor=BO, purpose="entrust_collection", fields=("name",), case=case, recipient=AGENCY)
    assert reason(use(late, asked)) == act.reason == "role_may_not"


def test_it_moves_a_call_to_the_other_side_at_night(late, case):
    seen = must(view(at(late, "2027-01-07", 23), case))
    assert names(seen.may) == ["attempt", "promise"]
    assert no_of(seen, "call").next_permitted.isoformat() == "2027-01-08T08:00:00+08:00"
    assert no_of(seen, "remind").reason == "outside_hours"


def test_it_offers_the_contact_person_only_on_evidence_and_never_says_who(late, case, wen):
    for _ in range(3):
        must(tried(late, case, "no_answer"))
    act = no_of(must(view(late, case)), "contact_person")
    assert act.reason == "not_out_of_reach"
    assert act.next_permitted.isoformat() == "2027-01-08T08:00:00+08:00", "three dials count from the day after"
    after = at(late, "2027-01-08")
    seen = must(view(after, case))
    assert "contact_person" in names(seen.may)
    assert wen not in repr(seen) and "Wen" not in repr(seen)


def test_it_opens_the_number_only_while_a_call_is_permitted(late, ai_li, case):
    opened = must(number(late, case))
    assert opened.phone == "13800000101" and "13800000101" not in repr(opened)
    assert (last(late, ai_li)["kind"], last(late, ai_li)["fields"]) == ("used", ["phone"])
    night = at(late, "2027-01-07", 23)
    assert reason(number(night, case)) == "outside_hours"
    assert (last(night, ai_li)["kind"], last(night, ai_li)["reason"]) == ("refused", "outside_hours")
    assert reason(number(night, case, actor=CHEN)) == "not_yours"


def test_it_sends_the_reminder_of_the_late_loan(late, ai_li, case, tmp_path):
    with Sink(tmp_path / "mail") as sink:
        lender = with_carriers(replace(late, mail=SmtpMail("127.0.0.1", sink.port, "no-reply@lender.example")))
        assert reason(sent(lender, case, actor=CHEN)) == "not_yours"
        assert must(sent(lender, case)).state == "sent"
        assert len(sink.letters()) == 1
        assert reason(sent(at(lender, "2027-01-07", 15), case)) == "over_cap"
        evening = at(lender, "2027-01-07", 16)
        assert last(evening, ai_li)["kind"] == "refused"
        seen = must(view(evening, case))
        assert no_of(seen, "remind").reason == "over_cap"


def test_it_keeps_a_promise_in_the_borrowers_words_once_for_each_key(late, case):
    first = must(promise(late, case))
    assert (first.word, first.already) == ("open", False)
    assert must(promise(late, case)).already
    assert reason(promise(late, case, amount="600.00")) == "already_done"
    seen = must(view(late, case))
    assert (seen.promise.amount, seen.promise.by, seen.step.why) == ("500.00", "2027-01-09", "promise_open")
    assert {line.kind for line in seen.past} == {"promise", "case_opened"}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"amount": "0.00"}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "much"}, "amount"),
        ({"by": "2027-01-06"}, "by"),
        ({"by": "soon"}, "by"),
    ],
)
def test_it_takes_no_promise_that_makes_no_sense(late, case, changes, where):
    from shouxin.usecases.lender import BadInput

    with pytest.raises(BadInput) as wrong:
        promise(late, case, **changes)
    assert wrong.value.where == where


def test_it_takes_no_promise_when_nothing_is_late_or_the_case_is_anothers(late, ai_li, case):
    assert reason(promise(late, case, actor=CHEN)) == "not_yours"
    from shouxin.records.loan.models import Loan

    loan = Loan.objects.get(subject_id=ai_li).id
    must(pay(late, loan, must(statement(late, loan, ai_li))["arrears"], "p"))
    assert reason(promise(late, case)) == "not_overdue"


def test_it_counts_an_attempt_once_for_each_key(late, ai_li, case):
    from shouxin.records.outreach.models import Attempt

    first, before = must(tried(late, case, "no_answer", key=KEY)), len(kinds(late, ai_li))
    again = must(tried(late, case, "no_answer", key=KEY))
    assert (again.already, again.entry, again.within_rules) == (True, first.entry, True)
    assert again.receipt.leaf_hash == first.receipt.leaf_hash
    assert reason(tried(late, case, "busy", key=KEY)) == "already_done"
    assert (len(kinds(late, ai_li)), Attempt.objects.count()) == (before, 1)


def test_it_counts_an_attempt_once_when_it_is_sent_twice_at_once(late, ai_li, case):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def work(_):
        try:
            return tried(late, case, "no_answer", key=KEY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        results = [must(one) for one in pool.map(work, range(4))]
    assert kinds(late, ai_li).count("attempted") == 1
    assert len({(one.entry, one.reached, one.within_rules, one.receipt.leaf_hash) for one in results}) == 1
    assert sorted(one.already for one in results) == [False, True, True, True]


def test_it_says_so_when_the_first_sending_never_came_to_its_end(late, case, monkeypatch):
    from shouxin.records.outreach.models import Attempt
    from shouxin.usecases.outreach import record_attempt as module

    must(tried(late, case, "no_answer", key=KEY))
    Attempt.objects.filter(id=KEY).update(entry=0, outcome="")  # as a crash leaves it
    monkeypatch.setattr(module, "_LOOKS", 1)
    assert reason(tried(late, case, "no_answer", key=KEY)) == "already_done"


def test_it_gives_the_first_ones_result_to_a_sending_that_it_overtook(late, case, monkeypatch):
    begun, first = record_attempt._begun, []

    def overtaken(*about):
        monkeypatch.setattr(record_attempt, "_begun", begun)
        first.append(must(tried(late, case, "no_answer", key=KEY)))
        return begun(*about)

    monkeypatch.setattr(record_attempt, "_begun", overtaken)
    second = must(tried(late, case, "no_answer", key=KEY))
    assert (second.entry, second.already, first[0].already) == (first[0].entry, True, False)


def test_it_asks_a_contact_person_and_writes_their_answer_down(late, ai_li, case, wen):
    for _ in range(3):
        must(tried(late, case, "no_answer"))
    assert reason(someone(late, case)) == "not_out_of_reach"
    after = at(late, "2027-01-08")
    assert reason(someone(after, case, actor=CHEN)) == "not_yours"
    assert must(someone(after, case)).mark.startswith("T-")
    assert must(answered(after, case, "connected")).reached
    assert kinds(after, wen)[-1] == "reached"
    assert reason(answered(after, case, "connected")) == "not_out_of_reach"


def test_it_asks_nobody_when_nobody_was_named(late, case):
    assert reason(someone(late, case)) == "not_held"
    assert "contact_person" not in names(must(view(late, case)).may_not)


def test_it_tells_the_history_of_the_case_and_not_who_looked(late, ai_li, case):
    must(tried(late, case, "no_answer"))
    must(granted(late, case, CHEN))
    must(tried(at(late, "2027-01-07", 13), case, "connected", actor=CHEN))
    must(tried(at(late, "2027-01-07", 23), case, "busy"))
    seen = must(view(at(late, "2027-01-08"), case))
    told = [(line.kind, line.who, line.outcome, line.broken) for line in seen.past]
    assert told == [
        ("attempted", "you", "busy", True),
        ("attempted", "collector", "connected", False),
        ("attempted", "you", "no_answer", False),
        ("case_opened", "", "", False),
    ]
    assert CHEN not in repr(seen)
