"""The catalogue as shipped: what exists, what for, and in which form who sees it."""

import pytest

from shouxin.core.privacy.field import NEVER_HELD
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.policy import folder
from shouxin.policy.load import load

POLICY = load(folder())
FIELDS = {field.key: field for field in POLICY.catalogue}

HELD = """
    borrower: name phone id_number id_valid_until bank_card email income employer address monthly_obligations
    borrower: balance arrears days_past_due next_due terms promise contact_history pause
    contact_person: name phone relation
"""


def fields_for(purpose: str) -> set[str]:
    return {field.name for field in FIELDS.values() if purpose in field.purposes}


def test_it_knows_these_fields_and_no_other() -> None:
    lines = (line.split(":") for line in HELD.strip().splitlines())
    assert set(FIELDS) == {f"{whose.strip()}.{name}" for whose, names in lines for name in names.split()}


def test_it_has_no_field_for_an_address_book_or_the_like() -> None:
    assert not NEVER_HELD & {field.name for field in FIELDS.values()}
    assert "contact_list" in NEVER_HELD


def test_it_keeps_in_the_book_what_the_loan_says() -> None:
    book = {field.name for field in FIELDS.values() if field.home == "book"}
    assert book == {"balance", "arrears", "days_past_due", "next_due", "terms", "promise", "contact_history", "pause"}


NEEDED = """
    identity_check         name id_number id_valid_until
    credit_decision        name income monthly_obligations employer address
    disbursement           name bank_card
    reminder               name email phone arrears next_due
    collection             name phone balance arrears days_past_due next_due promise contact_history pause
    entrust_collection     name phone arrears days_past_due
    contact_person_notice  name phone
    reach_through_contact  phone
    credit_reporting       name id_number balance arrears days_past_due terms
    marketing              phone email
"""


@pytest.mark.parametrize("line", NEEDED.strip().splitlines())
def test_it_gives_a_purpose_what_it_needs_and_nothing_else(line: str) -> None:
    purpose, *names = line.split()
    assert fields_for(purpose) == set(names)


def test_it_has_a_field_for_every_purpose() -> None:
    assert all(fields_for(purpose) for purpose in PURPOSES)


def test_it_shows_people_all_their_own_fields_in_plain() -> None:
    for field in FIELDS.values():
        themselves = "borrower" if field.whose == "borrower" else "contact"
        assert field.shown[themselves] == "plain"
        assert "own_request" in field.purposes


def test_it_shows_a_collector_and_an_agency_no_more_than_they_need() -> None:
    seen = {role: {key for key, field in FIELDS.items() if role in field.shown} for role in ("collector", "agent")}
    need = {f"borrower.{name}" for name in "name phone balance arrears days_past_due next_due".split()}
    history = {"borrower.promise", "borrower.contact_history", "borrower.pause"}
    assert seen["collector"] == need | history
    assert seen["agent"] == need
    assert FIELDS["borrower.phone"].shown["agent"] == "token"


def test_it_shows_staff_no_whole_id_or_card_number_but_where_a_duty_says_so() -> None:
    whole = {
        (role, field.name)
        for field in FIELDS.values()
        for role, form in field.shown.items()
        if field.name in ("id_number", "bank_card") and form == "plain"
    }
    assert whole - {("borrower", field) for field in ("id_number", "bank_card")} == {
        ("system", "id_number"),
        ("system", "bank_card"),
        ("compliance", "id_number"),
    }


def test_it_shows_a_contact_person_to_the_platforms_programs_and_themselves_alone() -> None:
    for field in FIELDS.values():
        if field.whose == "contact_person":
            assert set(field.shown) <= {"contact", "system"}


def test_it_demands_only_what_the_law_calls_necessary() -> None:
    required = {key for key, nature in POLICY.natures.items() if nature.required}
    rule = POLICY.rules.get("CN.APP.NECESSARY")
    assert rule is not None
    assert required == set(rule.words("fields"))


def test_it_gives_each_sensitive_field_its_kind() -> None:
    sensitive = {key: nature.category for key, nature in POLICY.natures.items() if nature.category}
    assert sensitive == {
        "borrower.bank_card": "financial_account",
        "borrower.income": "financial",
        "borrower.monthly_obligations": "financial",
    }
