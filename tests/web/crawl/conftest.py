"""A lender in which everything that an address can name is there, and somebody of each audience."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.usecases.story import (
    AI_LI,
    BO,
    CHEN,
    applied,
    at,
    borrowed,
    enrolled,
    granted,
    must,
    offered,
    opened_case,
    sheet,
    staffed,
)

MARKETER, OFFICER, UNDERWRITER = "marketer:m02", "compliance:p1", "underwriter:u1"


@dataclass(frozen=True)
class World:
    """The names that stand in addresses, all Ai Li's, and the visitors."""

    sample: dict[str, str]
    visitors: dict[str, object]
    values: tuple[str, ...]


@pytest.fixture
def world(lender, site, ai_li) -> World:
    from shouxin.site import serving
    from shouxin.usecases.credit.decide import Decide, decide
    from shouxin.usecases.privacy.contact_person import ContactPerson, contact_person

    staffed(lender)
    must(lender.vault.appoint(MARKETER))
    other = enrolled(lender, name="Bai Bai", id_number="110101198502141027", phone="13800000177")
    contact = must(
        contact_person(lender, ContactPerson(subject=ai_li, name="Wen Wen", phone="13900000202", relation="friend"))
    )
    loan = borrowed(lender, ai_li)
    late = at(lender, "2027-01-07")
    serving.serve(late)
    case = must(opened_case(late, ai_li)).case
    must(granted(late, case))
    application = must(applied(late, ai_li, "3000.00")).application
    must(decide(late, Decide(application=application)))
    offer = offered(late, ai_li, "3000.00")
    must(sheet(late, ai_li, offer))
    from shouxin.records.loan.models import PaymentOrder

    sample = {
        "loan": loan,
        "offer": offer,
        "application": application,
        "order": "none",
        "case": case,
        "number": "1",
        "by": "1",
        "purpose": "marketing",
        "name": "bundle.json",
        "key": "enrolment",
    }
    assert not PaymentOrder.objects.exists()
    from shouxin.usecases.privacy.correct import Correct, correct

    for officer in (OFFICER, UNDERWRITER):
        must(late.vault.appoint(officer))
    waits = must(correct(late, Correct(subject=ai_li, field="id_valid_until", value="2035-01-01")))
    sample["asked"] = waits.request
    chain = late.vault.contact_chain(contact.contact) if hasattr(late.vault, "contact_chain") else contact.contact
    visitors = {
        "visitor": site,
        "borrower": lambda: site().as_borrower(ai_li),
        "another borrower": lambda: site().as_borrower(other),
        "contact person": lambda: site().as_contact(chain),
        "collector with the case": lambda: site().as_staff(BO),
        "collector without": lambda: site().as_staff(CHEN),
        "marketer": lambda: site().as_staff(MARKETER),
        "compliance": lambda: site().as_staff(OFFICER),
        "underwriter": lambda: site().as_staff(UNDERWRITER),
    }
    values = (AI_LI["name"], AI_LI["phone"], AI_LI["id_number"], AI_LI["bank_card"], AI_LI["email"], "Wen Wen")
    return World(sample, visitors, values)
