"""A copy of everything about me: opened for me after a code, each with its entry, and nothing of anybody else in it."""

import json

import pytest

from tests.usecases.privacy.test_erase import FRIEND, erase, name, settled
from tests.usecases.story import AI_LI, NOON, borrowed, enrolled, kinds, must


def proof(lender, subject, about="copy"):
    """What stands in the session once the code came back."""
    from shouxin.usecases.privacy.draft import keep_draft

    at = int(lender.clock.now().timestamp())
    return keep_draft(lender, subject, {"about": about, "bound": "", "at": at}, kind="proof")


def copy(lender, subject, right="access", **more):
    from shouxin.usecases.oversight.own_copy import OwnCopy, own_copy

    return own_copy(lender, OwnCopy(subject=subject, right=right, **more))


@pytest.fixture
def noon(embedded_lender):
    return embedded_lender.at(NOON)


def test_it_holds_what_is_held_of_me_and_my_loans_and_nobody_else(lender):
    lender = lender.at(NOON)
    subject = enrolled(lender)
    name(lender, subject)
    loan = borrowed(lender, subject)
    made = must(copy(lender, subject, "portability", proof=proof(lender, subject)))
    document = made.to_doc(lender)
    assert document["fields"] == AI_LI and document["contact_persons"] == 1
    assert [one["loan"] for one in document["loans"]] == [loan] and document["loans"][0]["transactions"]
    text = json.dumps(document, ensure_ascii=False)
    assert not any(value in text for value in (FRIEND["name"], FRIEND["phone"]))
    assert kinds(lender, subject)[-3:] == ["requested", "used", "answered"]
    used = lender.vault.history(subject).entries[made.entry - 1].record
    assert (used["purpose"], used["basis"]) == ("own_request", ["own_request"])


@pytest.mark.parametrize("about", ["key", "erase"])
def test_without_a_fresh_code_for_it_nothing_is_opened(noon, about):
    subject = enrolled(noon)
    before = kinds(noon, subject)
    assert not hasattr(copy(noon, subject), "fields")
    assert not hasattr(copy(noon, subject, proof=proof(noon, subject, about)), "fields")
    assert kinds(noon, subject) == before


def test_what_a_duty_keeps_is_named_and_not_opened(noon):
    subject = enrolled(noon)
    later = settled(noon, subject)
    must(erase(later, subject))
    refused = copy(later, subject, proof=proof(later, subject))
    assert refused.only_stored == dict.fromkeys(("name", "id_number", "bank_card"), "CN.AML.34")
    assert refused.fields == {}
