"""The daily round: what it erases, when, and by which rule; and that it leaves alone what is still needed."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.usecases.privacy.test_erase import FRIEND, erase, name, settled
from tests.usecases.story import AI_LI, NOON, applied, at, borrowed, enrolled, kinds, must

OVER, DUTY = ("CN.PIPL.19", "CN.PIPL.47"), "CN.AML.34"


def retain(lender):
    from shouxin.usecases.privacy.retain import Retain
    from shouxin.usecases.privacy.retain import retain as act

    return act(lender, Retain())


def held(lender, subject):
    return lender.vault.history(subject).facts.held


@pytest.fixture
def noon(embedded_lender):
    return embedded_lender.at(NOON)


def test_with_the_loan_go_what_was_given_for_it_and_its_contact_persons(lender):
    lender = lender.at(NOON)
    subject, running = enrolled(lender), enrolled(lender, id_number="11010119900307109X", phone="13800000102")
    named = name(lender, subject)
    borrowed(lender, running)
    later = settled(lender, subject)
    done = retain(later)
    assert [(one.subject, one.fields, one.rules) for one in done.erased] == [
        (subject, ("employer", "income", "monthly_obligations"), OVER)
    ]
    assert (done.people, done.contacts, done.restricted, done.swept) == (3, 1, (), True)
    assert held(later, subject) == {"name", "phone", "id_number", "bank_card", "email"}
    assert held(later, running) == set(AI_LI)
    assert later.vault.whose("phone", FRIEND["phone"]) is None
    assert retain(at(later, "2026-11-26")).closed == 1, "the contact person's history ends too"
    assert later.vault.history(named.contact).facts.closed
    assert retain(at(later, "2026-11-27")).erased == ()


def test_what_was_given_for_a_new_application_stays(noon):
    subject = enrolled(noon)
    later = settled(noon, subject)
    must(later.vault.store(subject, {"income": "9100.00"}))
    must(applied(later, subject, "3000.00"))
    assert retain(later).erased[0].fields == ("employer", "monthly_obligations")
    assert "income" in held(later, subject)


def test_a_relationship_in_which_nothing_happens_is_over(noon):
    subject, never = enrolled(noon), enrolled(noon, id_number="11010119900307109X", phone="13800000102")
    later = settled(noon, subject)
    retain(later)
    assert retain(at(later, "2027-11-24")).erased[0].subject == never, "a year after they asked and never borrowed"
    year = at(later, "2027-11-26")
    done = retain(year)
    assert [(one.subject, one.fields) for one in done.erased] == [(subject, ("email", "phone"))]
    assert {(one.fields, one.rules, one.until) for one in done.restricted} == {
        (("bank_card",), (DUTY,), date(2036, 11, 25)),
        (("id_number", "name"), (DUTY,), date(2037, 11, 25)),
    }


def test_when_the_duty_is_over_the_last_field_goes_and_the_history_ends(noon):
    subject = enrolled(noon)
    later = settled(noon, subject)
    must(erase(later, subject))
    assert retain(at(later, "2036-11-25")).erased == ()
    day = retain(at(later, "2036-11-26"))
    assert {(one.fields, one.rules) for one in day.erased} == {
        ((field,), (DUTY, "CN.PIPL.47")) for field in ("bank_card", "id_number", "name")
    }
    assert day.closed == 1 and later.vault.history(subject).facts.closed
    assert retain(at(later, "2036-12-25")).destroyed == 0
    assert retain(at(later, "2036-12-26")).destroyed == 1 and later.vault.history(subject) is None


def test_without_a_policy_of_the_house_nothing_is_over_by_itself(noon):
    subject = enrolled(noon)
    rules = noon.policy.rules
    packs = tuple(
        replace(pack, rules=tuple(rule for rule in pack.rules if rule.check != "relationship")) for pack in rules.packs
    )
    silent = replace(noon, policy=replace(noon.policy, rules=replace(rules, packs=packs)))
    assert retain(silent.at(NOON + timedelta(days=3000))).erased == ()
    assert held(noon, subject) == set(AI_LI)


def test_it_keeps_the_figures_of_each_day(noon):
    from shouxin.records.privacy.models import RetentionRound
    from shouxin.usecases.privacy.retain import due

    subject = enrolled(noon)
    later = settled(noon, subject)
    assert due(later)
    retain(later)
    retain(later)
    row = RetentionRound.objects.get()
    assert row.on == date(2026, 11, 25) and not due(later)
    assert json.loads(row.erased) == [[name, list(OVER), 1] for name in ("employer", "income", "monthly_obligations")]
    assert subject not in row.erased


def test_a_round_that_was_cut_short_is_taken_up_by_the_next(noon, monkeypatch):
    subject = enrolled(noon)
    later = settled(noon, subject)
    year = at(later, "2036-12-26")
    from shouxin.usecases.privacy import retain as module

    with monkeypatch.context() as cut:
        cut.setattr(module._Round, "_restrict", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            retain(year)
    assert {one.fields for one in retain(year).restricted} == {("id_number", "name")}
    assert kinds(year, subject)[-1] == "restricted"


def test_two_rounds_at_once_do_each_thing_once(noon):
    subject = enrolled(noon)
    later = settled(noon, subject)
    retain(later)
    year = at(later, "2027-11-26")
    from shouxin.usecases.privacy import retain as module

    one, two = module._Round(year), module._Round(year)
    for standing in year.vault.standing():
        history = year.vault.history(standing.subject)
        one._tidy(history)
        two._tidy(history)
    assert len(one.finished().restricted) == 2 and two.finished().restricted == () == two.finished().erased
    assert kinds(year, subject).count("restricted") == 2


def test_a_round_that_is_told_to_stop_is_still_due(noon):
    from shouxin.usecases.oversight.duties import retention
    from shouxin.usecases.privacy.retain import due

    subject = enrolled(noon)
    later = settled(noon, subject)
    assert retention(later, lambda: False) == {} and due(later)
    assert retention(later, lambda: True) == {"people": 1, "erased": 3} and not due(later)
    assert retention(later, lambda: True) == {}
    assert not due(at(later, "2026-11-26", hour=1)) and due(at(later, "2026-11-26", hour=2))
