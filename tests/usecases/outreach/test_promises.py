"""Ai Li says on Thursday that she pays by Saturday, and is left in peace until Saturday is over."""

from dataclasses import replace

import pytest

from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.loopback.smtp import Sink
from tests.usecases.outreach.test_case_view import names, no_of, number, promise, sent, someone, view
from tests.usecases.outreach.test_reminders import round_of
from tests.usecases.outreach.test_worklist import worklist
from tests.usecases.story import (
    at,
    borrowed,
    granted,
    kinds,
    last,
    must,
    opened_case,
    pay,
    reason,
    remind,
    staffed,
    statement,
    tried,
    with_carriers,
)

THURSDAY, SATURDAY, SUNDAY = "2027-01-07", "2027-01-09", "2027-01-10"
RULE = "HOUSE.PROMISE"


@pytest.fixture
def loan(lender, ai_li) -> str:
    staffed(lender)
    return borrowed(lender, ai_li)


@pytest.fixture
def sink(tmp_path):
    with Sink(tmp_path / "mail") as sink:
        yield sink


@pytest.fixture
def late(lender, loan, sink):
    """Fourteen days after the first instalment went unpaid, at noon, with a mail server."""
    mail = SmtpMail("127.0.0.1", sink.port, "no-reply@lender.example")
    return at(with_carriers(replace(lender, mail=mail)), THURSDAY)


@pytest.fixture
def case(late, ai_li) -> str:
    name = must(opened_case(late, ai_li)).case
    must(granted(late, name))
    return name


def may(lender, case):
    from tests.usecases.outreach.test_calls import may as act

    return act(lender, case)


def outbox_rows():
    from shouxin.records.outreach.models import Outbox

    return {row.id: (row.state, row.why) for row in Outbox.objects.all()}


def test_it_forbids_the_call_by_the_rule_of_the_house_until_the_day_is_over(late, case):
    must(promise(late, case))
    for day in (THURSDAY, SATURDAY):
        answer = may(at(late, day), case)
        blocking = {
            rule["id"]: (rule["force"], rule["reason"]) for rule in answer["rules"] if rule["effect"] == "block"
        }
        assert (answer["allow"], blocking) == (False, {RULE: ("house_policy", "promise_runs")})
        assert answer["next_permitted"] == f"{SUNDAY}T08:00:00+08:00"
    assert may(at(late, SUNDAY), case)["allow"]


@pytest.mark.parametrize("act", [number, sent])
def test_it_refuses_number_and_letter_and_enters_that(late, ai_li, case, act):
    must(promise(late, case))
    refusal = act(late, case)
    assert (reason(refusal), refusal.rules) == ("promise_runs", (RULE,))
    entry = last(late, ai_li)
    assert (entry["kind"], entry["reason"], entry["rules"]) == ("refused", "promise_runs", [RULE])


def test_it_refuses_the_platforms_own_reminder_too(late, case, loan, sink):
    must(promise(late, case))
    assert reason(remind(late, loan)) == "promise_runs"
    assert sink.letters() == []


def test_it_holds_back_a_letter_that_waited_already(late, case, loan, sink):
    must(remind(replace(late, mail=None), loan))
    must(promise(late, case))
    held = round_of(late)
    assert (held.sent, held.messages[0]["why"]) == (0, "promise_runs")
    assert round_of(at(late, SATURDAY)).messages == []
    assert round_of(at(late, SUNDAY)).sent == 1


def test_it_moves_the_buttons_away_and_says_when_they_come_back(late, case):
    must(promise(late, case))
    seen = view(late, case)
    assert names(seen.may) == ["attempt", "promise"]
    for name in ("call", "remind"):
        no = no_of(seen, name)
        assert (no.reason, [rule.rule_id for rule in no.rules]) == ("promise_runs", [RULE])
        assert no.next_permitted.isoformat() == f"{SUNDAY}T08:00:00+08:00"
    assert (seen.step.act, seen.step.why, seen.step.until) == (
        "wait",
        "promise_open",
        no_of(seen, "call").next_permitted,
    )


def test_it_keeps_them_in_peace_when_they_pay_before_the_day(late, case, loan):
    must(promise(late, case))
    must(pay(late, loan, "500.00", "early"))
    (row,) = worklist(at(late, SATURDAY)).rows
    assert (row.state, row.step.why, row.promise.word) == ("promised", "promise_open", "kept")
    assert not may(at(late, SATURDAY), case)["allow"]
    (row,) = worklist(at(late, SUNDAY)).rows
    assert (row.state, row.step.why, row.promise) == ("now", "first_word", None)


def test_it_comes_back_to_who_paid_a_part(late, case, loan):
    must(promise(late, case))
    must(pay(late, loan, "499.99", "part"))
    (row,) = worklist(at(late, SUNDAY)).rows
    assert (row.state, row.step.act, row.step.why, row.promise.word) == ("now", "call", "promise_partly", "partly")


def test_it_asks_no_contact_person_meanwhile(late, ai_li, case):
    from tests.usecases.outreach.test_case_view import WEN

    wen = must(late.vault.name_contact(ai_li, WEN)).contact
    must(late.vault.consent(wen, "reach_through_contact", notice="contact_person", version="1"))
    for _ in range(3):
        must(tried(late, case, "no_answer"))
    friday = at(late, "2027-01-08")
    must(promise(friday, case))
    assert reason(someone(friday, case)) == "promise_runs"
    assert reason(someone(at(late, SUNDAY), case)) == "done"


def test_it_says_nothing_once_nothing_is_late(late, case, loan, ai_li):
    must(promise(late, case))
    must(pay(late, loan, must(statement(late, loan, ai_li))["arrears"], "all"))
    assert must(remind(late, loan)).template == "due_soon", "what isn't late may be reminded of"


def test_it_sends_the_one_reminder_that_they_asked_for_on_that_day(late, ai_li, case, sink):
    given = must(promise(late, case, reminder="en"))
    assert given.reminder == "queued"
    assert must(promise(late, case, reminder="en")).already and len(outbox_rows()) == 1, "once for each promise"
    assert round_of(late).messages == [] and round_of(at(late, SATURDAY, 7)).messages == []
    assert round_of(at(late, SATURDAY, 8)).sent == 1
    assert len(sink.letters()) == 1
    entry = last(at(late, SATURDAY, 8), ai_li)
    assert (entry["kind"], entry["channel"], RULE in entry["rules"]) == ("attempted", "email", True)


@pytest.mark.parametrize("what", ["kept", "another_day", "too_late"])
def test_it_sends_no_reminder_that_nobody_needs_any_more(late, case, loan, sink, what):
    must(promise(late, case, reminder="zh"))
    if what == "kept":
        must(pay(late, loan, "500.00", "early"))
    if what == "another_day":
        must(promise(late, case, by="2027-01-12", key="k2"))
    round_of(at(late, SUNDAY if what == "too_late" else SATURDAY))
    assert list(outbox_rows().values()) == [("refused", "already_done")]
    assert sink.letters() == []


def test_it_says_that_there_is_no_address_to_remind_at(lender, sink):
    from tests.usecases.story import AI_LI

    staffed(lender)
    from shouxin.vault.enrol import EnrolRequest

    fields = {name: value for name, value in AI_LI.items() if name != "email"} | {"id_number": "110101198502141027"}
    person = must(lender.vault.enrol(EnrolRequest(fields))).subject
    must(lender.vault.consent(person, "credit_decision", notice="credit_decision", version="1"))
    borrowed(lender, person)
    late = at(lender, THURSDAY)
    case = must(opened_case(late, person)).case
    must(granted(late, case))
    assert must(promise(late, case, reminder="zh")).reminder == "no_address"
    assert outbox_rows() == {}


def test_it_lets_another_letter_wait_beside_the_one_that_was_asked_for(late, case, loan, ai_li):
    must(promise(late, case, reminder="zh"))
    must(pay(late, loan, must(statement(late, loan, ai_li))["arrears"], "all"))
    assert must(remind(replace(late, mail=None), loan)).state == "queued"
    assert kinds(late, ai_li).count("attempted") == 0
