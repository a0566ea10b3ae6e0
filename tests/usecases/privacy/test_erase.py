"""Everything about me shall go: what goes at once, what a duty keeps until when, what a running contract needs."""

import base64
import json
from datetime import date, timedelta

import pytest

from tests.usecases.story import AI_LI, NOON, at, borrowed, enrolled, kinds, must, opened_case, pay, reason, signed

DUTY = "CN.AML.34"
FRIEND = {"name": "Wen Wen", "phone": "13900001234", "relation": "friend"}


def erase(lender, subject):
    from shouxin.usecases.privacy.erase import Erase
    from shouxin.usecases.privacy.erase import erase as act

    return act(lender, Erase(subject=subject))


def what_goes(lender, subject):
    from shouxin.usecases.privacy.erase import WhatGoes
    from shouxin.usecases.privacy.erase import what_goes as look

    return must(look(lender, WhatGoes(subject=subject)))


def let_go(lender, subject, **more):
    from shouxin.usecases.privacy.let_go import LetGo
    from shouxin.usecases.privacy.let_go import let_go as act

    return act(lender, LetGo(subject=subject, **more))


def settled(lender, subject, *, on="2026-11-25"):
    """Borrowed, and paid back in full the next day."""
    loan = borrowed(lender, subject)
    later = at(lender, on)
    must(pay(later, loan, "13000.00", "all"))
    assert not later.vault.history(subject).facts.contracts
    return later


def name(lender, subject):
    return must(lender.vault.name_contact(subject, FRIEND))


@pytest.fixture
def noon(embedded_lender):
    return embedded_lender.at(NOON)


def test_who_never_had_a_contract_is_gone_at_once(lender):
    lender = lender.at(NOON)
    subject = enrolled(lender)
    name(lender, subject)
    fate = what_goes(lender, subject)
    assert (fate.closes, fate.restricted, fate.needed, fate.contacts) == (True, (), (), 1)
    done = must(erase(lender, subject))
    assert done.closed and set(done.deleted) == set(AI_LI) == set(fate.deleted)
    assert kinds(lender, subject)[-5:] == ["requested", "deleted", "deleted", "answered", "closed"]
    last = json.loads(done.last_file)["openings"][-1]["record"]
    assert json.loads(base64.b64decode(last))["kind"] == "closed"
    assert must(let_go(lender, subject, sweep=True)).swept
    assert lender.vault.history(subject) is None
    assert not lender.vault.holders("phone", AI_LI["phone"])


def test_a_contract_that_runs_keeps_what_it_needs_and_no_more(noon):
    subject = enrolled(noon)
    signed(noon, subject)
    name(noon, subject)
    done = must(erase(noon, subject))
    assert (done.closed, done.restricted, done.last_file, done.contacts) == (False, (), None, 1)
    assert set(done.needed) == {"name", "phone", "id_number", "bank_card"}
    assert set(done.deleted) == {"email", "income", "monthly_obligations", "employer"}
    assert noon.vault.history(subject).entries[-1].record["outcome"] == "done_in_part"
    assert reason(let_go(noon, subject)) == "not_yours"


def test_after_the_loan_a_duty_keeps_the_identity_ten_years_and_the_rest_goes(noon):
    subject = enrolled(noon)
    later = settled(noon, subject)
    asked = at(later, "2026-12-01")
    done = must(erase(asked, subject))
    kept = {one.field: (one.rule, one.until) for one in done.restricted}
    assert kept == {
        "id_number": (DUTY, date(2036, 12, 1)),
        "name": (DUTY, date(2036, 12, 1)),
        "bank_card": (DUTY, date(2036, 11, 25)),
    }
    assert not done.closed and done.needed == () and "phone" in done.deleted
    again = must(erase(asked, subject))
    assert (again.deleted, again.restricted) == ((), done.restricted[:0] + again.restricted)
    assert {one.field: (one.rule, one.until) for one in again.restricted} == kept
    assert kinds(asked, subject)[-2:] == ["requested", "answered"], "what is kept already isn't restricted twice"


def test_a_look_at_what_would_go_changes_nothing(noon):
    subject = enrolled(noon)
    before = kinds(noon, subject)
    what_goes(noon, subject)
    assert kinds(noon, subject) == before


def test_nobody_and_what_is_closed_are_the_same_answer(noon):
    subject = enrolled(noon)
    must(erase(noon, subject))
    assert erase(noon, subject) == erase(noon, "01990000-0000-7000-8000-000000000000")
    assert reason(erase(noon, subject)) == "not_yours"


def test_the_books_rows_about_that_person_go_with_the_keys(noon):
    from shouxin.records.access.models import User
    from shouxin.records.credit.models import Application
    from shouxin.usecases.privacy import sessions
    from tests.usecases.story import applied

    subject, other = enrolled(noon), enrolled(noon, id_number="11010119900307109X", phone="13800000102")
    for one in (subject, other):
        must(applied(noon, one))
        sessions.begin(noon, sessions.user_of(noon, one, "borrower"))
    must(erase(noon, subject))
    must(let_go(noon, subject))
    for table in (User, Application):
        assert set(table.objects.values_list("subject_id", flat=True)) == {other}


def test_the_borrower_does_not_learn_that_a_contact_person_went(noon):
    subject = enrolled(noon)
    named = name(noon, subject)
    before = kinds(noon, subject)
    done = must(erase(noon, named.contact))
    assert done.closed and set(done.deleted) == set(FRIEND)
    must(let_go(noon, named.contact))
    assert kinds(noon, subject) == before
    must(noon.vault.end_naming(named.naming, rules=["CN.PIPL.47"]))
    assert noon.vault.history(subject).entries[-1].record["fields"] == ["contact_person"]
    assert noon.vault.history(subject).facts.namings == frozenset()


def test_a_case_keeps_the_data_of_who_is_late(noon):
    subject = enrolled(noon)
    borrowed(noon, subject)
    late = noon.at(NOON + timedelta(days=45))
    must(opened_case(late, subject))
    assert set(must(erase(late, subject)).needed) == {"name", "phone", "id_number", "bank_card"}


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "依法只存不用，到 2036年11月25日"), ("en", "only stored, by law, until 25 Nov 2036")],
    ids=["zh", "en"],
)
def test_the_answer_and_the_page_say_until_when_a_duty_keeps_what(noon, lang, said):
    from shouxin.usecases.oversight.answer import Answer, answer
    from shouxin.usecases.oversight.history_of import HistoryOf, history_of

    subject = enrolled(noon)
    later = settled(noon, subject)
    must(erase(later, subject))
    held = must(answer(later, Answer(subject=subject, lang=lang))).document["held"]
    assert {(one["field"], one["until"], one["basis"]) for one in held if one["party"] == "platform:self"} == {
        (field, f"2036-11-25 by {DUTY}", f"duty {DUTY}") for field in ("name", "id_number", "bank_card")
    }
    lines = must(history_of(later, HistoryOf(subject=subject, lang=lang))).held
    assert {line.until for line in lines if not line.where} == {said}
