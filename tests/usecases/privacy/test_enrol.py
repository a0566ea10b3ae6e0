"""Enrolment, contact persons, consent: what gets in, and what never does."""

import pytest

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import BadInput

AI_LI = {"name": "Ai Li", "phone": "13800005678", "id_number": "110101199001010010", "income": "8600.00"}
WEN = {"name": "Wen Wen", "phone": "13900001234", "relation": "friend"}


def enrol(lender, **changes):
    from shouxin.usecases.privacy.enrol import Enrol
    from shouxin.usecases.privacy.enrol import enrol as usecase

    return usecase(lender, Enrol.read({**AI_LI, **changes}))


def name(lender, subject, **changes):
    from shouxin.usecases.privacy.contact_person import ContactPerson, contact_person

    return contact_person(lender, ContactPerson.read({"subject": subject, **WEN, **changes}))


def consent(lender, subject, purpose, *, withdraw=False):
    from shouxin.usecases.privacy import consent as room

    if withdraw:
        return room.withdraw(lender, room.Withdraw.read({"subject": subject, "purpose": purpose}))
    return room.consent(lender, room.Consent.read({"subject": subject, "purpose": purpose}))


def own_look(lender, subject, *fields):
    from shouxin.usecases.privacy.use import Use, use

    said = {"subject": subject, "actor": "borrower:self", "purpose": "own_request", "fields": list(fields)}
    return use(lender, Use.read(said))


def test_it_enrols_a_borrower_who_can_look_at_what_is_held(embedded_lender):
    person = enrol(embedded_lender)
    looked = own_look(embedded_lender, person.subject, "phone", "income", "balance", "days_past_due")
    assert looked.opened == {"phone": "13800005678", "income": "8600.00", "balance": "0.00", "days_past_due": 0}


def test_it_writes_the_key_into_no_document(embedded_lender):
    from shouxin.usecases.lender import to_document

    person = enrol(embedded_lender)
    assert person.person_key
    assert set(to_document(person)) == {"subject", "receipt"}
    assert "person_key" not in repr(person)


NEVER_TAKEN = ["contacts", "address_book", "Call_Log", "location", "album", "emergency_contacts"]


@pytest.mark.parametrize("offered", NEVER_TAKEN)
def test_it_refuses_an_address_book_by_name_and_forgets_its_content(embedded_lender, offered):
    answer = enrol(embedded_lender, **{offered: [{"name": "Mother", "phone": "13700001111"}]})
    assert (answer.reason, answer.where) == ("address_book", offered)
    assert "13700001111" not in repr(answer)


BAD = [
    # field, what was given → what the error names
    ("name", "", "name"),
    ("name", None, "name"),
    ("phone", 13800005678, "phone"),
    ("income", 8600, "income"),
    ("income", "8,600", "income"),
    ("income", "-1", "income"),
    ("income", "1e3", "income"),
    ("income", "8600.005", "income"),
    ("income", "92233720368547758.08", "income"),
    ("monthly_obligations", "1.001", "monthly_obligations"),
    ("id_valid_until", "2026-02-30", "id_valid_until"),
    ("id_valid_until", "30.06.2030", "id_valid_until"),
    ("name", "\u3000 \u00a0", "name"),
    ("name", "\u200d", "name"),
    ("name", "Ai\u202eLi", "name"),
    ("name", "Ai\u200bLi", "name"),
    ("name", "Ai\ufeff", "name"),
    ("name", "Ai\u2028Li", "name"),
    ("phone", "1380000\u20605678", "phone"),
    ("nickname", "Li", "nickname"),
    ("13800005678", "x", "a key"),
    ("李艾", "x", "a key"),
    ("offered", [], "offered"),
]


@pytest.mark.parametrize(("field", "given", "names"), BAD)
def test_it_says_which_field_is_wrong_and_never_repeats_it(embedded_lender, field, given, names):
    with pytest.raises(BadInput) as raised:
        enrol(embedded_lender, **{field: given})
    assert raised.value.where == names
    assert not given or str(given) not in str(raised.value)


@pytest.mark.parametrize("name", ["നന്\u200dനി", "می\u200cخواهم", "艾\u3000丽", "Ai Li"])
def test_it_takes_a_name_as_its_script_writes_it(embedded_lender, name):
    assert own_look(embedded_lender, enrol(embedded_lender, name=name).subject, "name").opened == {"name": name}


def test_it_refuses_a_third_contact_person_and_a_repeated_one(embedded_lender):
    subject = enrol(embedded_lender).subject
    assert name(embedded_lender, subject).contact
    assert name(embedded_lender, subject).reason == "already_done"
    assert name(embedded_lender, subject, phone="13900001235").contact
    assert name(embedded_lender, subject, phone="13900001236").reason == "too_many_contacts"


def test_it_gives_two_borrowers_the_same_contact_person_but_one_key(embedded_lender):
    first = name(embedded_lender, enrol(embedded_lender).subject)
    other = enrol(embedded_lender, id_number="110101199001010029", phone="13800005679")
    second = name(embedded_lender, other.subject)
    assert second.chain == first.chain
    assert (bool(first.person_key), second.person_key) == (True, b"")


def test_it_tells_who_names_nothing_of_who_else_did(embedded_lender):
    from shouxin.usecases.lender import to_document

    first = name(embedded_lender, enrol(embedded_lender).subject)
    other = enrol(embedded_lender, id_number="110101199001010029", phone="13800005679")
    second = name(embedded_lender, other.subject)
    assert first.contact != second.contact
    for named, others in ((first, second), (second, first)):
        assert to_document(named) == {"contact": named.contact}
        assert first.chain not in repr(named) and others.contact not in repr(named)
        assert embedded_lender.vault.history(named.contact).subject == first.chain, "each is a name for the one chain"


def test_it_consents_by_the_name_that_the_naming_gave(embedded_lender):
    named = name(embedded_lender, enrol(embedded_lender).subject)
    given = consent(embedded_lender, named.contact, "reach_through_contact")
    assert given.receipt.subject == named.chain
    assert embedded_lender.vault.history(named.chain).facts.consents


def test_it_uses_data_on_a_consent_only_until_that_is_withdrawn(embedded_lender):
    from shouxin.usecases.privacy.use import Use, use

    subject = enrol(embedded_lender).subject
    ask = Use.read({"subject": subject, "actor": "system:news", "purpose": "marketing", "fields": ["phone"]})
    assert use(embedded_lender, ask).reason == "no_basis"
    given = consent(embedded_lender, subject, "marketing")
    assert use(embedded_lender, ask).receipt.entry == given.entry + 1
    consent(embedded_lender, subject, "marketing", withdraw=True)
    assert use(embedded_lender, ask).reason == "consent_withdrawn"


NO_CONSENT = [
    # to what, who → the answer
    ("gossip", "Ai Li", "unknown_purpose"),
    ("disbursement", "Ai Li", "malformed"),  # a contract carries it, no consent does
    ("marketing", "nobody", "not_yours"),
]


@pytest.mark.parametrize(("purpose", "who", "reason"), NO_CONSENT)
def test_it_refuses_a_consent_that_would_mean_nothing(embedded_lender, purpose, who, reason):
    subject = enrol(embedded_lender).subject if who == "Ai Li" else "01a20ca3-0000-7000-8000-000000000000"
    answer = consent(embedded_lender, subject, purpose)
    assert isinstance(answer, Refusal)
    assert answer.reason == reason


def test_it_engages_a_party_through_the_last_day_of_its_contract(lender):
    from datetime import datetime, timedelta

    from shouxin.usecases.privacy import party, staff
    from tests.lenders import BEGINNING

    today = lender.at(BEGINNING + timedelta(hours=1))
    party.engage(today, party.Engage.read({"party": "a07", "until": "2026-03-31"}))
    appoint = staff.Appoint.read({"actor": "agent:a07.3"})
    last_day = datetime(2026, 3, 31, 23, 59, tzinfo=lender.settings.zone)
    over = lender.at(last_day + timedelta(minutes=1))
    assert staff.appoint(lender.at(last_day), appoint).entry == 1
    another = staff.Appoint.read({"actor": "agent:a07.4"})
    assert staff.appoint(over, another).reason == "party_not_engaged"
