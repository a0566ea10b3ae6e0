"""A typed value goes to a party: who reads of it, and who may not be given it."""

from pathlib import Path

import pytest

from shouxin.core.privacy.party import PLATFORM
from tests.vault.cast import AI_LI, FRIEND, enrol, must

CARRIER = "channel:sms"


@pytest.fixture
def vault(embedded_lender):
    vault = embedded_lender.vault
    must(vault.engage(CARRIER))
    return vault


def passed(vault, value, **more):
    refusal = vault.pass_on("phone", value, recipient=CARRIER, **more)
    return refusal.reason.value if refusal else "passed"


def told(vault, chain):
    """What a history says of it: who asked, or that somebody did."""
    found = [one.record for one in vault.history(chain).entries]
    return [one.get("actor", one.get("right")) for one in found if one["kind"] in ("disclosed", "requested")]


def test_it_is_told_to_whom_the_number_belongs_and_to_who_typed_it(vault):
    ai_li, other = enrol(vault).subject, enrol(vault, id_number="2", phone="13700000000").subject
    assert passed(vault, AI_LI["phone"]) == "passed"
    assert passed(vault, AI_LI["phone"], typed_by=other) == "passed"
    assert passed(vault, "13600000000", typed_by=other) == "passed"
    assert told(vault, ai_li) == ["borrower:unproved", "borrower:unproved"]
    assert told(vault, other) == ["borrower:self", "borrower:self"]


def test_it_is_told_to_a_contact_person_only_where_no_borrower_has_the_number(vault):
    ai_li = enrol(vault).subject
    contact = must(vault.name_contact(ai_li, FRIEND)).contact
    assert passed(vault, FRIEND["phone"]) == "passed"
    assert told(vault, contact) == ["contact:unproved"]
    friend = enrol(vault, id_number="3", phone=FRIEND["phone"]).subject
    assert passed(vault, FRIEND["phone"]) == "passed"
    assert (told(vault, contact), told(vault, friend)) == (["contact:unproved"], ["borrower:unproved"])


def test_it_is_told_to_the_platform_when_nobody_has_the_number(vault):
    assert passed(vault, "13600000000") == "passed"
    assert told(vault, PLATFORM) == ["code"]


def test_it_passes_nothing_on_to_who_may_not_have_it_and_says_so_in_no_person_s_history(vault):
    ai_li = enrol(vault).subject
    must(vault.suspend(CARRIER))
    assert passed(vault, AI_LI["phone"]) == passed(vault, "13600000000") == "party_not_engaged"
    from shouxin.core.privacy.party import Terms

    must(vault.engage(CARRIER, terms=Terms("T", ("servicing",), ("phone",))))
    assert passed(vault, AI_LI["phone"]) == "beyond_contract"
    assert vault.pass_on("phone", "13600000000", recipient="agency:a07").reason.value == "party_not_engaged"
    must(vault.engage("agency:a07"))
    assert vault.pass_on("phone", "13600000000", recipient="agency:a07").reason.value == "role_may_not"
    assert told(vault, ai_li) == []
    refused = [one.record["reason"] for one in vault.history(PLATFORM).entries if one.record["kind"] == "refused"]
    assert refused == ["party_not_engaged"] * 2 + ["beyond_contract", "party_not_engaged", "role_may_not"]


def test_it_keeps_no_number_that_nobody_here_has(vault, data_dir: Path):
    assert passed(vault, "13600000000") == "passed"
    stored = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    assert b"13600000000" not in stored
