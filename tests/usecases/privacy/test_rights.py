"""What a person asks about their data, what waits at a desk, by when, and what becomes of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.usecases.privacy.test_erase import erase, settled
from tests.usecases.story import (  # fmt: skip
    AI_LI,
    NOON,
    applied,
    at,
    borrowed,
    collect,
    enrolled,
    granted,
    kinds,
    last,
    must,
    offered,
    opened_case,
    reason,
    staffed,
)

OFFICER, OTHER = "compliance:p1", "compliance:p2"
UNDERWRITER = "underwriter:u1"


def do(lender, verb, **said):
    from shouxin.usecases.oversight.verbs import VERBS

    asked = VERBS[verb]
    return asked.function(lender, asked.request.read(said))


@pytest.fixture
def noon(embedded_lender):
    lender = embedded_lender.at(NOON)
    for actor in (OFFICER, UNDERWRITER):
        must(lender.vault.appoint(actor))
    return lender


def own(lender, subject, *fields):
    from shouxin.vault.opening import Opened, UseRequest

    opened = lender.vault.use(UseRequest(subject, "borrower:self", "own_request", fields))
    assert isinstance(opened, Opened), opened
    return opened.values


def test_what_one_may_leave_out_is_corrected_at_once_and_the_history_says_so(lender):
    lender = lender.at(NOON)
    subject = enrolled(lender)
    done = must(do(lender, "correct", subject=subject, field="income", value="9100.00"))
    assert done.at_once and kinds(lender, subject)[-3:] == ["requested", "corrected", "answered"]
    assert own(lender, subject, "income") == {"income": "9100.00"}
    assert must(do(lender, "correct", subject=subject, field="address", value="Somewhere 1")).at_once
    assert kinds(lender, subject)[-3:] == ["requested", "stored", "answered"], "what was missing is completed"


@pytest.mark.parametrize("field", ["phone", "balance", "contact_person", "nothing"])
def test_it_corrects_nothing_else_here(noon, field):
    subject = enrolled(noon)
    assert reason(do(noon, "correct", subject=subject, field=field, value="x")) == "unknown_field"
    assert kinds(noon, subject)[-1] == "consented"


def test_a_name_is_corrected_when_the_document_says_the_same(lender):
    lender = lender.at(NOON)
    must(lender.vault.appoint(OFFICER))
    subject = enrolled(lender)
    asked = must(do(lender, "correct", subject=subject, field="name", value="Ai Lian"))
    assert not asked.at_once and last(lender, subject)["kind"] == "requested"
    said = {"request": asked.request, "actor": OFFICER}
    assert reason(do(lender, "confirm_correction", **said, seen="Ai Lin")) == "not_the_same"
    assert own(lender, subject, "name") == {"name": AI_LI["name"]}
    must(do(lender, "confirm_correction", **said, seen="Ai Lian"))
    assert own(lender, subject, "name") == {"name": "Ai Lian"}
    assert kinds(lender, subject)[-3:-1] == ["corrected", "answered"]
    assert reason(do(lender, "confirm_correction", **said, seen="Ai Lian")) == "already_done"


def test_no_table_holds_what_was_typed(noon):
    from shouxin.records.privacy.models import RightsRequest

    subject = enrolled(noon)
    asked = must(do(noon, "correct", subject=subject, field="bank_card", value="6222029999999999999"))
    row = RightsRequest.objects.get(id=asked.request)
    assert row.proposed and "6222029999999999999" not in str(vars(row))
    must(do(noon, "confirm_correction", request=row.id, actor=OFFICER, outcome="identity_not_shown"))
    row.refresh_from_db()
    assert (row.proposed, row.outcome, row.answered_by) == ("", "identity_not_shown", OFFICER)
    assert last(noon, subject) | {"time": 0, "v": 0} == {
        "v": 0, "time": 0, "kind": "answered", "request": row.entry, "outcome": "identity_not_shown",
    }  # fmt: skip


def test_guessing_what_was_typed_is_slowed(noon):
    subject = enrolled(noon)
    asked = must(do(noon, "correct", subject=subject, field="name", value="Ai Lian"))
    said = {"request": asked.request, "actor": OFFICER}
    for _ in range(5):
        assert reason(do(noon, "confirm_correction", **said, seen="x")) == "not_the_same"
    assert reason(do(noon, "confirm_correction", **said, seen="Ai Lian")) == "not_the_same"
    later = noon.at(NOON + timedelta(hours=2))
    assert reason(do(later, "confirm_correction", **said, seen="Ai Lian")) == "done"


def at_once(asked):
    """What two get who ask the same at the same moment."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def work(_):
        try:
            return asked()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return sorted(reason(one) for one in pool.map(work, range(2)))


def test_it_is_asked_once_and_answered_once_however_many_press_at_once(noon):
    subject = enrolled(noon)
    asked = lambda: do(noon, "correct", subject=subject, field="name", value="Ai Lian")
    assert at_once(asked) == ["already_done", "done"]
    (waiting,) = must(do(noon, "rights_inbox", actor=OFFICER)).waiting
    answered = lambda: do(noon, "confirm_correction", request=waiting.request, actor=OFFICER, seen="Ai Lian")
    assert at_once(answered) == ["already_done", "done"]
    assert (kinds(noon, subject).count("requested"), kinds(noon, subject).count("answered")) == (1, 1)


def test_a_row_that_a_crash_left_without_its_entry_is_at_no_desk_and_stands_in_nobodys_way(noon):
    from shouxin.records.privacy.models import RightsRequest

    subject = enrolled(noon)
    asked = must(do(noon, "correct", subject=subject, field="name", value="Ai Lian"))
    RightsRequest.objects.update(entry=0)
    assert must(do(noon, "rights_inbox", actor=OFFICER)).waiting == ()
    assert reason(do(noon, "take_back_request", subject=subject, request=asked.request)) == "not_yours"
    later = noon.at(NOON + timedelta(minutes=2))
    assert reason(do(later, "correct", subject=subject, field="name", value="Ai Lian")) == "done"
    assert len(must(do(later, "rights_inbox", actor=OFFICER)).waiting) == 1


def test_an_answer_that_a_crash_left_open_at_the_desk_is_settled_as_it_was_given(noon):
    from shouxin.records.privacy.models import RightsRequest

    subject = enrolled(noon)
    asked = must(do(noon, "correct", subject=subject, field="name", value="Ai Lian"))
    must(do(noon, "confirm_correction", request=asked.request, actor=OFFICER, outcome="not_wrong"))
    RightsRequest.objects.update(answered_at=None, outcome="")
    assert reason(do(noon, "take_back_request", subject=subject, request=asked.request)) == "already_done"
    assert RightsRequest.objects.get().outcome == "not_wrong" and kinds(noon, subject).count("answered") == 1


def test_somebody_elses_request_and_none_are_the_same_answer(noon):
    subject, other = enrolled(noon), enrolled(noon, id_number="11010119900307109X", phone="13800000102")
    asked = must(do(noon, "correct", subject=subject, field="name", value="Ai Lian"))
    answers = {
        do(noon, "take_back_request", subject=other, request=asked.request),
        do(noon, "take_back_request", subject=subject, request="none"),
        do(noon, "confirm_correction", request=asked.request, actor=OTHER, seen="Ai Lian"),
        do(noon, "confirm_correction", request=asked.request, actor=UNDERWRITER, seen="Ai Lian"),
        do(noon, "confirm_correction", request="none", actor=OFFICER, seen="Ai Lian"),
        do(noon, "answer_review", request=asked.request, actor=UNDERWRITER, outcome="upheld"),
        do(noon, "answer_kin", request=asked.request, actor=OFFICER, outcome="erased"),
    }
    assert [one.reason.value for one in answers] == ["not_yours"]
    assert reason(do(noon, "correct", subject=subject, field="name", value="Ai L")) == "already_done"
    must(do(noon, "take_back_request", subject=subject, request=asked.request))
    assert reason(do(noon, "correct", subject=subject, field="name", value="Ai L")) == "done"


def test_a_restricted_field_serves_nobody_but_its_owner_until_it_is_lifted(noon):
    staffed(noon)
    subject = enrolled(noon)
    borrowed(noon, subject)
    must(do(noon, "restrict_field", subject=subject, field="email"))
    facts = noon.vault.history(subject).facts
    assert (facts.restricted, facts.until) == ({"email": "CN.PIPL.44_45"}, {})
    from shouxin.vault.opening import UseRequest

    asked = noon.vault.use(UseRequest(subject, "system:reminder", "reminder", ("email",)))
    assert asked.refusal.reason.value == "restricted"
    assert own(noon, subject, "email") == {"email": AI_LI["email"]}
    assert reason(do(noon, "restrict_field", subject=subject, field="email")) == "already_done"
    must(do(noon, "restrict_field", subject=subject, field="email", lift=True))
    assert noon.vault.history(subject).facts.restricted == {}
    assert kinds(noon, subject)[-3:] == ["requested", "unrestricted", "answered"]


def test_what_a_contract_needs_is_neither_restricted_nor_deleted_field_by_field(noon):
    subject = enrolled(noon)
    for verb in ("restrict_field", "delete_field"):
        assert reason(do(noon, verb, subject=subject, field="phone")) == "still_needed"
        assert reason(do(noon, verb, subject=subject, field="address")) == "not_held"
    must(do(noon, "delete_field", subject=subject, field="employer"))
    assert kinds(noon, subject)[-3:] == ["requested", "deleted", "answered"]
    assert "employer" not in noon.vault.history(subject).facts.held


def test_a_duty_cannot_be_lifted_by_asking(noon):
    subject = enrolled(noon)
    later = settled(noon, subject)
    must(erase(later, subject))
    assert reason(do(later, "restrict_field", subject=subject, field="name", lift=True)) == "still_needed"
    assert reason(do(later, "correct", subject=subject, field="name", value="x")) == "unknown_field"


def test_the_first_clock_to_run_out_stands_first_and_a_late_one_is_seen(noon):
    one, two = enrolled(noon), enrolled(noon, id_number="11010119900307109X", phone="13800000102")
    first = must(do(noon, "correct", subject=one, field="name", value="Ai Lian"))
    later = at(noon, "2026-12-10")
    must(do(later, "correct", subject=two, field="name", value="Bai"))
    inbox = must(do(later, "rights_inbox", actor=OFFICER))
    assert [(row.due_on, row.days, row.clock) for row in inbox.waiting] == [
        (date(2026, 12, 24), 14, "CN.GBT35273"),
        (date(2027, 1, 9), 30, "CN.GBT35273"),
    ]
    assert inbox.late == 0
    assert do(at(noon, "2026-12-18"), "remind_desk").reminders == ()
    soon = at(noon, "2026-12-19")
    reminded = do(soon, "remind_desk").reminders
    assert [(row.request, row.desk) for row in reminded] == [(first.request, "compliance")]
    assert do(soon, "remind_desk").reminders == () and must(do(soon, "rights_inbox", actor=OFFICER)).waiting[0].soon
    over = at(noon, "2026-12-27")
    assert must(do(over, "rights_inbox", actor=OFFICER)).waiting[0].days_late == 3
    assert must(do(over, "rights_of", subject=one)).asked[0].late
    assert str(one) not in str(must(do(over, "rights_inbox", actor=OFFICER)))


@pytest.mark.parametrize("actor", ["collector:k31", OTHER, "officer:o1"])
def test_an_inbox_is_for_those_who_are_appointed_to_it(noon, actor):
    staffed(noon)
    must(noon.vault.appoint(OTHER))
    must(noon.vault.dismiss(OTHER))
    assert reason(do(noon, "rights_inbox", actor=actor)) == "role_may_not"


def test_my_requests_are_told_from_my_own_history(noon):
    subject = enrolled(noon)
    must(do(noon, "correct", subject=subject, field="income", value="9100.00"))
    waits = must(do(noon, "correct", subject=subject, field="name", value="Ai Lian"))
    told = must(do(noon, "rights_of", subject=subject))
    assert [(one.right, one.open, one.request) for one in told.asked] == [
        ("correction", True, waits.request),
        ("correction", False, ""),
    ]
    assert told.asked[0].due_on == date(2026, 12, 24) and not told.asked[0].late
    assert told.rights[0].name == "access" and not told.closed
    assert reason(do(noon, "rights_of", subject=OFFICER)) == "not_yours"


def test_a_decision_by_machine_is_reviewed_by_a_person(noon):
    subject = enrolled(noon, income="3000.00")
    offer = offered(noon, subject, "12000.00")
    from shouxin.records.credit.models import Application
    from shouxin.records.loan.models import Offer

    application = Offer.objects.get(id=offer).application_id
    asked = must(do(noon, "ask_review", subject=subject, application=application))
    assert (asked.due_on, reason(do(noon, "ask_review", subject=subject, application=application))) == (
        date(2026, 12, 1),
        "already_done",
    )
    must(do(noon, "correct", subject=subject, field="income", value="9000.00"))
    from shouxin.usecases.credit.answer_review import ReviewOf, review_of

    seen = must(review_of(noon, ReviewOf(request=asked.request, actor=UNDERWRITER)))
    assert seen.values["income"] == "9000.00" and last(noon, subject)["kind"] == "used"
    done = must(do(noon, "answer_review", request=asked.request, actor=UNDERWRITER, outcome="decided_again"))
    assert done.decided.approved and done.decided.offer != offer
    assert Offer.objects.get(id=offer).valid_until == date(2026, 11, 23), "the old offer lapsed"
    assert Application.objects.get(id=application).state == "approved"
    assert kinds(noon, subject)[-3:] == ["used", "decided", "answered"]


def test_a_review_may_uphold_and_cannot_undo_what_was_signed(noon):
    from tests.usecases.story import signed

    subject = enrolled(noon)
    loan = signed(noon, subject)
    from shouxin.records.loan.models import Offer

    application = Offer.objects.get(id=loan).application_id
    asked = must(do(noon, "ask_review", subject=subject, application=application))
    again = {"request": asked.request, "actor": UNDERWRITER}
    assert reason(do(noon, "answer_review", **again, outcome="decided_again")) == "already_signed"
    must(do(noon, "answer_review", **again, outcome="upheld"))
    assert last(noon, subject)["outcome"] == "upheld"


def test_what_was_not_decided_and_what_is_not_mine_is_not_reviewed(noon):
    subject, other = enrolled(noon), enrolled(noon, id_number="11010119900307109X", phone="13800000102")
    application = must(applied(noon, subject)).application
    assert reason(do(noon, "ask_review", subject=subject, application=application)) == "not_decided"
    assert reason(do(noon, "ask_review", subject=other, application=application)) == "not_yours"


def test_a_relatives_request_stops_collection_and_gives_what_an_estate_needs(noon):
    staffed(noon)
    subject = enrolled(noon)
    borrowed(noon, subject)
    late = noon.at(NOON + timedelta(days=45))
    case = must(opened_case(late, subject)).case
    must(granted(late, case))
    lodged = must(do(late, "lodge_kin", actor=OFFICER, id_number=AI_LI["id_number"]))
    assert reason(collect(late, subject, case=case)) == "paused"
    given = must(do(late, "answer_kin", request=lodged.request, actor=OFFICER, outcome="copy_given"))
    assert given.values["name"] == AI_LI["name"] and len(given.loans) == 1
    assert set(given.values) == {"name", "id_number"}
    used = late.vault.history(subject).entries[-2].record
    assert (used["purpose"], used["basis"]) == ("next_of_kin", ["duty", "CN.PIPL.48_50"])
    assert last(late, subject)["outcome"] == "copy_given"
    assert reason(collect(late, subject, case=case)) == "paused", "it stays so"


def test_papers_that_do_not_show_it_end_the_pause(noon):
    staffed(noon)
    subject = enrolled(noon)
    borrowed(noon, subject)
    late = noon.at(NOON + timedelta(days=45))
    case = must(opened_case(late, subject)).case
    must(granted(late, case))
    lodged = must(do(late, "lodge_kin", actor=OFFICER, id_number=AI_LI["id_number"]))
    must(do(late, "answer_kin", request=lodged.request, actor=OFFICER, outcome="death_not_shown"))
    assert kinds(late, subject)[-2:] == ["resumed", "answered"]
    assert not late.vault.history(subject).facts.paused


def test_a_relative_can_have_everything_erased_that_no_duty_keeps(noon):
    subject = enrolled(noon)
    later = settled(noon, subject)
    lodged = must(do(later, "lodge_kin", actor=OFFICER, id_number=AI_LI["id_number"]))
    done = must(do(later, "answer_kin", request=lodged.request, actor=OFFICER, outcome="erased"))
    assert done.outcome == "erased_in_part" and done.values == {}
    assert later.vault.history(subject).facts.held == {"name", "id_number", "bank_card"}


def test_a_number_that_nobody_has_is_refused_and_entered_with_who_asked(noon):
    assert reason(do(noon, "lodge_kin", actor=OFFICER, id_number="110101199003071099")) == "not_yours"
    told = noon.vault.history(OFFICER).entries[-1].record
    assert (told["kind"], told["purpose"]) == ("refused", "next_of_kin")
    assert reason(do(noon, "lodge_kin", actor="collector:k31", id_number="1")) == "role_may_not"


def test_open_requests_end_with_the_account(noon):
    subject = enrolled(noon)
    must(do(noon, "correct", subject=subject, field="name", value="Ai Lian"))
    must(erase(noon, subject))
    assert must(do(noon, "rights_inbox", actor=OFFICER)).waiting == ()
    outcomes = [entry.record["outcome"] for entry in noon.vault.history(subject).entries if "outcome" in entry.record]
    assert outcomes == ["taken_back", "done"]


def test_nobody_who_waits_for_an_answer_is_forgotten_meanwhile(noon):
    from tests.usecases.privacy.test_retain import retain

    subject = enrolled(noon)
    must(do(noon, "correct", subject=subject, field="name", value="Ai Lian"))
    assert retain(noon.at(NOON + timedelta(days=400))).erased == ()
    assert replace(noon).vault.history(subject).facts.held
