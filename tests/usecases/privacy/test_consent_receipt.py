"""The receipt of consents: what was given, refused and taken back, and a signature that an outsider checks alone."""

import json

import pytest

from shouxin.core.privacy.purpose import PURPOSES
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.privacy.consent import Consent, Decline, Withdraw, consent, decline, withdraw
from shouxin.usecases.privacy.consent_receipt import ConsentReceipt, consent_receipt
from shouxin.usecases.privacy.contact_person import ContactPerson, contact_person
from shouxin.verify import NotVerified
from shouxin.verify.receipt import SignedReceipt, verify_receipt
from tests.usecases.story import enrolled, kinds, must

WEN = {"name": "Wen Wen", "phone": "13900001234", "relation": "friend"}

MANDATORY = {
    "document": ("@type", "dct:conformsTo", "dct:hasVersion", "dct:identifier", "dct:issued", "dpv:hasDataSubject"),
    "controller": ("dct:identifier", "dpv:hasName", "dpv:hasAddress", "dpv:hasContact", "dpv:hasOrganisationType"),
    "record": (
        *("dct:identifier", "dpv:hasPurpose", "dpv:hasNotice", "dpv:hasPersonalData", "dpv:hasRecipient"),
        *("dpv:hasStorageCondition", "dpv:hasWithdrawalMethod", "dpv:hasConsentStatus", "dpv:hasProvenance"),
    ),
}


def read(lender, subject, lang="en"):
    return must(consent_receipt(lender, ConsentReceipt(subject=subject, lang=lang)))


def states(made):
    records = made.receipt["dpv:hasRecord"]
    return {one["dpv:hasPurpose"]["dct:identifier"]: one["dpv:hasConsentStatus"] for one in records}


def test_it_says_what_was_given_refused_and_taken_back(lender):
    subject = enrolled(lender)
    must(consent(lender, Consent(subject=subject, purpose="credit_decision")))
    must(decline(lender, Decline(subject=subject, purpose="marketing")))
    must(consent(lender, Consent(subject=subject, purpose="credit_reporting")))
    must(withdraw(lender, Withdraw(subject=subject, purpose="credit_reporting")))
    assert states(read(lender, subject)) == {
        "credit_decision": "dpv:ConsentGiven",
        "credit_reporting": "dpv:ConsentWithdrawn",
        "marketing": "dpv:ConsentRefused",
    }
    must(consent(lender, Consent(subject=subject, purpose="marketing")))
    assert states(read(lender, subject))["marketing"] == "dpv:ConsentGiven"


def test_a_refusal_is_an_entry_and_takes_back_nothing(lender):
    subject = enrolled(lender)
    before = kinds(lender, subject)
    must(decline(lender, Decline(subject=subject, purpose="marketing")))
    assert kinds(lender, subject) == [*before, "notice_shown"]
    must(consent(lender, Consent(subject=subject, purpose="marketing")))
    refused = decline(lender, Decline(subject=subject, purpose="marketing"))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.ALREADY_DONE


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_has_every_field_that_the_standard_asks_for(lender, lang):
    subject = enrolled(lender)
    must(consent(lender, Consent(subject=subject, purpose="credit_decision")))
    made = read(lender, subject, lang).receipt
    assert all(made[name] for name in MANDATORY["document"])
    assert all(made["dpv:hasDataController"][name] for name in MANDATORY["controller"])
    (record,) = made["dpv:hasRecord"]
    assert all(record[name] for name in MANDATORY["record"])
    assert record["dpv:hasNotice"]["dct:language"] == lang
    assert made["dpv:hasJurisdiction"] == "loc:CN"


def test_it_is_checked_with_the_logs_key_alone_and_any_change_shows(lender):
    subject = enrolled(lender)
    must(consent(lender, Consent(subject=subject, purpose="credit_decision")))
    file, trust = read(lender, subject).file, lender.vault.trust()
    assert isinstance(verify_receipt(file, trust), SignedReceipt)
    changed = json.loads(file)
    changed["receipt"]["dpv:hasRecord"][0]["dpv:hasConsentStatus"] = "dpv:ConsentRefused"
    told = verify_receipt(
        json.dumps(changed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(), trust
    )
    assert told == NotVerified("bad_signature", "signature")
    assert isinstance(verify_receipt(file + b"\n", trust), NotVerified)
    assert isinstance(verify_receipt(file[:-1], trust), NotVerified)
    assert isinstance(verify_receipt(b"{}", trust), NotVerified)
    other = json.loads(trust)
    other["log_keys"][0]["key"] = "other.example+9d8ebb63+BFijxIs8FfgAXoMLsZ3O2l4KFzGBfMVu3/ctErFFCw6x"
    assert isinstance(verify_receipt(file, json.dumps(other).encode()), NotVerified)


def test_it_names_a_contact_person_by_the_token_of_the_naming_and_by_nothing_else(lender):
    subject = enrolled(lender)
    named = must(contact_person(lender, ContactPerson(subject=subject, **WEN)))
    made = read(lender, subject)
    assert [one["sx:naming"] for one in made.receipt["sx:contactPersonsNamed"]] == [named.contact]
    for value in WEN.values():
        assert value not in made.file.decode()


def test_it_is_nobody_elses(lender):
    refused = consent_receipt(lender, ConsentReceipt(subject="nobody"))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NOT_YOURS
    assert set(PURPOSES) >= {"credit_decision", "marketing"}
