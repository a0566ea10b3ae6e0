"""May I call, what came of it, and the contact person who is asked only when nothing else helps."""

import pytest

from tests.usecases.story import (
    BO,
    CHEN,
    at,
    borrowed,
    granted,
    kinds,
    last,
    must,
    opened_case,
    reason,
    staffed,
    tried,
)

WEN = {"name": "Wen Wen", "phone": "13900000102", "relation": "friend"}


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


def may(lender, case, **more):
    from shouxin.usecases.outreach.may_call import MayCall, may_call

    return may_call(lender, MayCall(case=case, **({"actor": BO} | more)))


def asked(lender, case, contact, actor=BO):
    from shouxin.usecases.outreach.ask_contact import AskContact, ask_contact

    return ask_contact(lender, AskContact(case=case, contact=contact, actor=actor))


HOURS = [(7, False, 8), (8, True, 8), (12, True, 12), (21, True, 21), (22, False, 8)]


@pytest.mark.parametrize(("hour", "allow", "following"), HOURS)
def test_it_allows_a_call_by_day_and_says_when_else(late, case, hour, allow, following):
    answer = may(at(late, "2027-01-08", hour), case)
    assert answer["allow"] is allow
    assert f"T{following:02}:00:00+08:00" in answer["next_permitted"]
    rules = {rule["id"]: rule["effect"] for rule in answer["rules"]}
    assert rules["CN.GBT45251.HOURS"] == ("allow" if allow else "block")


def test_it_tells_nothing_to_who_does_not_hold_the_case(late, case):
    assert reason(may(late, case, actor=CHEN)) == "not_yours"
    assert reason(may(late, "C-none")) == "not_yours"


def test_it_forbids_a_fourth_answered_call_a_day(late, case):
    for _ in range(3):
        assert may(late, case)["allow"]
        must(tried(late, case, "connected"))
    answer = may(late, case)
    assert not answer["allow"]
    assert answer["next_permitted"] == "2027-01-08T08:00:00+08:00"
    assert not must(tried(late, case, "connected")).within_rules, "what happened is written down all the same"


def test_it_enters_an_attempt_under_a_pseudonym(late, ai_li, case):
    result = must(tried(late, case, "no_answer"))
    entry = last(late, ai_li)
    assert (entry["kind"], entry["channel"], entry["outcome"], result.reached) == (
        "attempted",
        "call",
        "no_answer",
        False,
    )
    assert BO not in str(entry), "the person sees the same pseudonym always, and not the staff number"
    assert "CN.GBT45251.HOURS" in entry["rules"]
    must(tried(late, case, "connected"))
    assert kinds(late, ai_li)[-2:] == ["attempted", "reached"]


def test_it_never_uses_a_number_again_at_which_somebody_else_answered(late, ai_li, case):
    must(tried(late, case, "wrong_person"))
    assert not may(at(late, "2027-01-09"), case)["allow"]
    must(late.vault.store(ai_li, {"phone": "13800000199"}))
    assert may(at(late, "2027-01-09"), case)["allow"], "a new number is another point"


def test_it_asks_no_contact_person_while_the_borrower_may_be_reached(late, case, wen):
    refusal = asked(late, case, wen)
    assert reason(refusal) == "not_out_of_reach"
    assert {"CN.GBT45251.CONTACT", "CN.CBA2026.THIRD"} <= set(refusal.rules)
    entry = last(late, wen)
    assert (entry["kind"], entry["reason"], entry["rules"]) == ("refused", "not_out_of_reach", list(refusal.rules))
    for _ in range(3):
        must(tried(late, case, "no_answer"))
    assert reason(asked(late, case, wen)) == "not_out_of_reach", "three dials count from the day after"


def test_it_asks_a_contact_person_on_recorded_evidence(late, ai_li, case, wen):
    entries = [must(tried(late, case, "no_answer")).entry for _ in range(3)]
    after = at(late, "2027-01-08")
    result = must(asked(after, case, wen))
    borrower = {e.j: e.record for e in after.vault.history(ai_li).entries}
    assert borrower[result.evidence]["kind"] == "unreachable"
    assert borrower[result.evidence]["attempts"] == entries
    assert last(after, ai_li)["kind"] == "contact_asked"
    assert last(after, wen)["purpose"] == "reach_through_contact"
    assert "13900000102" not in repr(result) and result.mark.startswith("T-")
    assert "loan" not in str(last(after, wen)) and ai_li not in str(last(after, wen))


def test_it_asks_at_most_once_a_day(late, case, wen):
    for _ in range(3):
        must(tried(late, case, "no_answer"))
    must(asked(at(late, "2027-01-08"), case, wen))
    assert reason(asked(at(late, "2027-01-08", 15), case, wen)) == "over_cap"
    must(asked(at(late, "2027-01-09"), case, wen))


def test_it_never_asks_again_who_said_no(late, ai_li, case, wen):
    for _ in range(3):
        must(tried(late, case, "no_answer"))
    after = at(late, "2027-01-08")
    must(asked(after, case, wen))
    before = kinds(after, ai_li)
    must(tried(after, case, "refused", contact=wen))
    assert kinds(after, ai_li) == before, "the borrower's history says nothing of the answer"
    assert kinds(after, wen)[-1] == "requested"
    assert reason(asked(at(late, "2027-02-08"), case, wen)) == "opted_out"


def test_it_takes_no_answer_of_somebody_who_was_not_asked(late, case, wen):
    assert reason(tried(late, case, "refused", contact=wen)) == "not_out_of_reach"


def test_it_stops_asking_once_the_borrower_was_reached(late, case, wen):
    for _ in range(3):
        must(tried(late, case, "no_answer"))
    must(tried(at(late, "2027-01-08"), case, "connected"))
    assert reason(asked(at(late, "2027-01-09"), case, wen)) == "not_out_of_reach"


def test_it_asks_nobody_whom_the_borrower_did_not_name(late, ai_li, case):
    for _ in range(3):
        must(tried(late, case, "no_answer"))
    after = at(late, "2027-01-08")
    assert asked(after, case, "nobody") == asked(after, case, ai_li)


def test_it_asks_for_nobody_who_does_not_hold_the_case(late, case, wen):
    assert reason(asked(late, case, wen, actor=CHEN)) == "not_yours"


def size(lender) -> int:
    return int(lender.vault.checkpoint().splitlines()[1])


def test_it_enters_the_attempt_and_what_follows_from_it_in_one_batch(late, ai_li, case, wen):
    before = size(late)
    result = must(tried(late, case, "connected"))
    assert size(late) == before + 3, "two entries and the epoch that closes them"
    assert last(late, ai_li) == {"kind": "reached", "attempt": result.entry, "v": 1, "time": last(late, ai_li)["time"]}
    for _ in range(3):
        must(tried(late, case, "no_answer"))
    after = at(late, "2027-01-08")
    must(asked(after, case, wen))
    before = size(after)
    must(tried(after, case, "refused", contact=wen))
    assert kinds(after, wen)[-3:] == ["attempted", "reached", "requested"]
    assert size(after) == before + 4


def test_it_asks_by_the_name_that_this_borrower_s_naming_gave_and_no_other(late, ai_li, case, wen):
    from tests.usecases.story import enrolled

    other = enrolled(late, id_number="110101198502141027", name="Bo Wang")
    theirs = must(late.vault.name_contact(other, WEN)).naming
    (ours,) = late.vault.history(ai_li).facts.namings
    for _ in range(3):
        must(tried(late, case, "no_answer"))
    after = at(late, "2027-01-08")
    assert asked(after, case, theirs) == asked(after, case, "nobody")
    assert must(asked(after, case, ours)).contact == ours
    later = at(late, "2027-01-08", 15)
    assert reason(asked(later, case, wen)) == "over_cap", "whatever name they are asked by"
    must(tried(later, case, "refused", contact=ours))
    assert kinds(later, wen)[-1] == "requested"
