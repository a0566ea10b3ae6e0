"""Who may use what: each row is a question to the vault and its answer."""

import pytest

from shouxin.vault.use import RequestError
from tests.vault.cast import AGENT, AI_LI, BO, CHEN, FRIEND, ask, must, opened, overdue, reason

QUESTIONS = [
    # who, for what, which fields → answer
    (BO, "collection", ["name", "phone"], "opened"),
    (BO, "collection", ["income"], "field_not_for_purpose"),
    (BO, "collection", ["id_number"], "field_not_for_purpose"),
    (BO, "collection", ["address_book"], "unknown_field"),
    (BO, "gossip", ["phone"], "unknown_purpose"),
    (BO, "marketing", ["phone"], "no_basis"),
    (BO, "collection", [], "malformed"),
    (BO, "collection", ["phone", "phone"], "malformed"),
    (CHEN, "collection", ["phone"], "not_yours"),
    ("collector:k99", "collection", ["phone"], "unknown_actor"),
    (AGENT, "collection", ["phone"], "opened"),
    ("agent:a08.1", "collection", ["phone"], "unknown_actor"),
    ("system:news", "marketing", ["phone"], "no_basis"),
    ("system:reminder", "reminder", ["email"], "opened"),
    ("borrower:self", "own_request", ["phone", "income"], "opened"),
    ("contact:self", "own_request", ["phone"], "not_yours"),
]


@pytest.mark.parametrize(
    ("actor", "purpose", "fields", "answer"),
    QUESTIONS,
    ids=[f"{row[0]}-{row[1]}-{'+'.join(row[2])}" for row in QUESTIONS],
)
def test_it_answers(lender, actor, purpose, fields, answer):
    cast = overdue(lender.vault)
    result = ask(lender.vault, cast.subject, actor=actor, purpose=purpose, fields=fields)
    assert reason(result) == answer


def test_it_opens_the_value_and_enters_the_use(lender):
    cast = overdue(lender.vault)
    result = opened(ask(lender.vault, cast.subject, fields=["name", "phone"]))
    assert result.values == {"name": AI_LI["name"], "phone": AI_LI["phone"]}
    entry = lender.vault.history(cast.subject).entries[-1]
    assert entry.j == result.receipt.entry
    assert entry.record["kind"] == "used"
    assert entry.record["fields"] == ["name", "phone"]
    assert entry.record["basis"][0] == "contract"
    assert entry.record["policy"] == lender.policy.hash


def test_it_gives_an_agency_a_token_and_never_the_number(lender):
    cast = overdue(lender.vault)
    result = opened(ask(lender.vault, cast.subject, actor=AGENT))
    assert result.forms == {"phone": "token"}
    assert AI_LI["phone"][-4:] not in result.values["phone"]


def test_it_names_no_value_and_no_colleague_in_a_history(lender):
    cast = overdue(lender.vault)
    ask(lender.vault, cast.subject, fields=["name", "phone"])
    ask(lender.vault, cast.subject, actor=CHEN)
    told = str([entry.record for entry in lender.vault.history(cast.subject).entries])
    assert not any(value in told for value in AI_LI.values())
    assert "k31" not in told
    assert "k32" not in told


def test_it_stops_every_case_of_an_agency_by_one_suspension(lender):
    cast = overdue(lender.vault)
    opened(ask(lender.vault, cast.subject, actor=AGENT))
    must(lender.vault.suspend("a07"))
    assert reason(ask(lender.vault, cast.subject, actor=AGENT)) == "party_not_engaged"


def test_it_stops_a_dismissed_collector(lender):
    cast = overdue(lender.vault)
    must(lender.vault.dismiss(BO))
    assert reason(ask(lender.vault, cast.subject)) == "not_appointed"


def test_it_refuses_after_recall_and_after_the_case(lender):
    cast = overdue(lender.vault)
    must(lender.vault.recall(cast.case, BO))
    assert reason(ask(lender.vault, cast.subject)) == "not_yours"
    must(lender.vault.close_case(cast.case))
    assert reason(ask(lender.vault, cast.subject, actor=AGENT)) == "not_yours"


def test_it_refuses_a_withdrawn_consent_at_the_next_use(lender):
    cast = overdue(lender.vault)
    must(lender.vault.consent(cast.subject, "marketing", notice="marketing", version="1"))
    question = {"actor": "system:news", "purpose": "marketing"}
    assert reason(ask(lender.vault, cast.subject, **question)) == "opened"
    must(lender.vault.withdraw(cast.subject, "marketing"))
    assert reason(ask(lender.vault, cast.subject, **question)) == "consent_withdrawn"


def test_it_pauses_collection_while_something_was_agreed(lender):
    cast = overdue(lender.vault)
    must(lender.vault.record(cast.subject, lambda _: {"kind": "paused", "why": "deferral"}))
    assert reason(ask(lender.vault, cast.subject)) == "paused"


class TestContactPersons:
    def test_it_keeps_them_from_a_collector_while_the_borrower_can_be_reached(self, lender):
        cast = overdue(lender.vault)
        friend = must(lender.vault.name_contact(cast.subject, FRIEND)).contact
        wanted = ask(lender.vault, friend, purpose="reach_through_contact")
        assert reason(wanted) == "not_out_of_reach"
        assert wanted.refusal.rules == ("CN.GBT45251.CONTACT", "CN.CBA2026.THIRD")
        assert reason(ask(lender.vault, friend)) == "third_party"
        assert reason(ask(lender.vault, friend, actor=CHEN)) == "not_yours"

    def test_it_never_shows_them_to_a_collector_even_then(self, lender):
        cast = overdue(lender.vault)
        friend = must(lender.vault.name_contact(cast.subject, FRIEND)).contact
        must(lender.vault.consent(friend, "reach_through_contact", notice="contact_person", version="1"))
        tried = {"kind": "attempted", "channel": "call", "outcome": "no_answer", "actor": "system:dial", "rules": []}
        entries = [must(lender.vault.record(cast.subject, lambda _: tried)).entry for _ in range(3)]
        gone = {"kind": "unreachable", "rules": ["CN.CBA2026.THIRD"], "attempts": entries}
        must(lender.vault.record(cast.subject, lambda _: gone))
        assert reason(ask(lender.vault, friend, purpose="reach_through_contact")) == "role_may_not"
        by_platform = ask(lender.vault, friend, actor="system:outreach", purpose="reach_through_contact")
        assert opened(by_platform).values == {"phone": FRIEND["phone"]}

    def test_it_takes_two_and_no_third(self, lender):
        cast = overdue(lender.vault)
        for phone in ("13900000001", "13900000002"):
            must(lender.vault.name_contact(cast.subject, {**FRIEND, "phone": phone}))
        third = lender.vault.name_contact(cast.subject, {**FRIEND, "phone": "13900000003"})
        assert third.reason == "too_many_contacts"

    def test_it_keeps_one_chain_for_all_who_name_them(self, lender):
        first, second = (overdue(lender.vault).subject, None)
        from tests.vault.cast import enrol

        second = enrol(lender.vault, id_number="11010119900101002X", phone="13800000002").subject
        by_first = must(lender.vault.name_contact(first, FRIEND))
        by_second = must(lender.vault.name_contact(second, FRIEND))
        assert by_first.contact == by_second.contact
        told = str([entry.record for entry in lender.vault.history(by_first.contact).entries])
        assert first not in told
        assert second not in told

    def test_it_tells_the_borrower_nothing_of_them_but_that_they_were_named(self, lender):
        cast = overdue(lender.vault)
        named = must(lender.vault.name_contact(cast.subject, FRIEND))
        entry = lender.vault.history(cast.subject).entries[-1].record
        assert entry["fields"] == ["contact_person"]
        assert named.contact not in str(entry)


def test_it_answers_the_same_for_what_is_not_yours_and_what_does_not_exist(lender):
    cast = overdue(lender.vault)
    theirs, nobody = ask(lender.vault, cast.subject, actor=CHEN), ask(lender.vault, "nobody", actor=CHEN)
    assert theirs.refusal == nobody.refusal
    assert theirs.receipt.subject == nobody.receipt.subject == CHEN


def test_it_enters_the_look_of_a_stranger_in_both_chains(lender):
    cast = overdue(lender.vault)
    ask(lender.vault, cast.subject, actor=CHEN)
    assert lender.vault.history(CHEN).entries[-1].record["reason"] == "not_yours"
    assert lender.vault.history(cast.subject).entries[-1].record["reason"] == "not_yours"


@pytest.mark.parametrize("actor", ["", "k31", "boss:k1", "collector:", "collector:k 1", "collector:a/b"])
def test_it_refuses_a_question_from_nobody(lender, actor):
    with pytest.raises(RequestError) as error:
        ask(lender.vault, "nobody", actor=actor)
    assert error.value.where == "actor"


def test_it_repeats_no_name_of_a_field_that_may_be_a_value(lender):
    cast = overdue(lender.vault)
    assert ask(lender.vault, cast.subject, fields=["address_book"]).refusal.where == "address_book"
    assert ask(lender.vault, cast.subject, fields=["13800005678"]).refusal.where == "fields"
    assert lender.vault.store(cast.subject, {"Ai Li": "x"}).where == "fields"
