"""One's own consents: each given, taken back and given again by itself; and the key to one's history once more."""

import json

import pytest

from shouxin.core.rules.refusal import Refusal
from shouxin.verify import NotVerified, verify
from tests.usecases.story import AI_LI, BO, NOON, borrowed, enrolled, kinds, last, must


@pytest.fixture
def lender(embedded_lender):
    return embedded_lender.at(NOON)


def standing(lender, subject: str):
    from shouxin.usecases.privacy.consents_of import ConsentsOf, consents_of

    return {one.purpose: one for one in must(consents_of(lender, ConsentsOf(subject=subject))).standing}


def give(lender, subject: str, purpose: str):
    from shouxin.usecases.privacy.consent import Consent, consent

    return consent(lender, Consent(subject=subject, purpose=purpose))


def take_back(lender, subject: str, purpose: str):
    from shouxin.usecases.privacy.consent import Withdraw, withdraw

    return withdraw(lender, Withdraw(subject=subject, purpose=purpose))


def test_it_tells_given_from_taken_back_and_never(lender):
    subject = enrolled(lender)
    must(give(lender, subject, "marketing"))
    must(take_back(lender, subject, "marketing"))
    found = standing(lender, subject)
    assert [(one, found[one].state) for one in ("credit_decision", "marketing", "hardship")] == [
        ("credit_decision", "given"),
        ("marketing", "withdrawn"),
        ("hardship", "never"),
    ]
    assert next(iter(found)) == "credit_decision"
    entries = lender.vault.history(subject).entries
    assert entries[found["marketing"].withdrawal - 1].record["kind"] == "withdrawn"
    assert entries[found["marketing"].entry - 1].record["kind"] == "consented"


def test_it_stands_again_once_given_again(lender):
    subject = enrolled(lender)
    for act in (give, take_back, give):
        must(act(lender, subject, "marketing"))
    one = standing(lender, subject)["marketing"]
    assert (one.state, one.withdrawal, one.ended) == ("given", 0, None)


def test_it_says_when_the_wording_was_changed(lender):
    subject = enrolled(lender)
    must(lender.vault.consent(subject, "marketing", notice="marketing", version="0"))
    assert standing(lender, subject)["marketing"].reworded
    must(give(lender, subject, "marketing"))
    assert not standing(lender, subject)["marketing"].reworded


def test_it_does_not_ask_for_consent_to_what_a_contract_carries(lender):
    subject = enrolled(lender)
    borrowed(lender, subject)
    assert not {"servicing", "reminder", "collection", "entrust_collection"} & standing(lender, subject).keys()
    assert standing(lender, subject)["complaint"].under_contract


@pytest.mark.parametrize("subject", [BO, "01a20ca3-0000-7000-8000-000000000000"])
def test_it_has_one_refusal_for_whoever_has_no_consents(lender, subject):
    from shouxin.usecases.privacy.consents_of import ConsentsOf, consents_of

    assert consents_of(lender, ConsentsOf(subject=subject)).reason == "not_yours"


def proof(lender, subject: str, about: str = "key", age: int = 0) -> str:
    from shouxin.usecases.privacy.draft import keep_draft

    at = int(lender.clock.now().timestamp()) - age
    return keep_draft(lender, subject, {"about": about, "bound": "", "at": at}, kind="proof")


def issue(lender, subject: str, proven: str):
    from shouxin.usecases.privacy.issue_key import IssueKey, issue_key

    return issue_key(lender, IssueKey(subject=subject, proof=proven))


def test_it_issues_the_key_again_with_an_entry_and_without_the_first_leaf(lender):
    subject = enrolled(lender)
    issued = must(issue(lender, subject, proof(lender, subject)))
    assert "leaf_1" not in json.loads(issued.person_key)
    assert last(lender, subject)["kind"] == "key_issued"
    at = int(lender.clock.now().timestamp() * 1000)
    seen = verify(lender.vault.bundle(subject), lender.vault.trust(), issued.person_key, at_ms=at)
    assert not isinstance(seen, NotVerified), seen
    assert "that_this_is_your_first_key" in seen.cannot_prove


@pytest.mark.parametrize("how", ["none", "other_matter", "old", "somebody_elses"])
def test_it_issues_no_key_without_a_fresh_proof(lender, how):
    subject = enrolled(lender)
    other = enrolled(lender, phone="13800000177", id_number="110101198001010011")
    proven = {
        "none": "",
        "other_matter": proof(lender, subject, about="show"),
        "old": proof(lender, subject, age=601),
        "somebody_elses": proof(lender, other),
    }[how]
    before = kinds(lender, subject)
    result = issue(lender, subject, proven)
    assert result.why == "late"
    assert kinds(lender, subject) == before


def test_it_issues_no_key_of_staff_or_of_a_closed_file(lender):
    assert isinstance(lender.vault.issue_key(BO), Refusal)
    assert isinstance(lender.vault.issue_key("nobody"), Refusal)


def test_it_gives_ones_own_key_to_nobody_else(lender):
    """Somebody else's bundle under one's own key is refused, in the verifier's words."""
    mine = enrolled(lender)
    other = enrolled(lender, **{**AI_LI, "phone": "13800000177", "id_number": "110101198001010011"})
    key = must(issue(lender, mine, proof(lender, mine))).person_key
    at = int(lender.clock.now().timestamp() * 1000)
    seen = verify(lender.vault.bundle(other), lender.vault.trust(), key, at_ms=at)
    assert (seen.reason, seen.where) == ("wrong_person", "membership")
