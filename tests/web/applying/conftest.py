"""A visitor who has proved a phone number, and the answers of Ai Li as she types them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shouxin.outbound.channels.sms import HttpSms
from shouxin.outbound.loopback.sms import SmsGateway
from tests.usecases.story import NOON, with_carriers

PHONE = "13800000101"
ANSWERS = {
    "amount": {"amount": "12,000", "instalments": "12"},
    "identity": {"name": "Ai Li", "id_number": "110101199003071014", "id_valid_until": "2036年3月6日"},
    "income": {"income": "8600"},
    "obligations": {"monthly_obligations": "¥500"},
    "employer": {"employer": "Beidou Bakery"},
    "card": {"bank_card": "6222 0210 1112 2220 003"},
    "email": {"email": "ai.li@mail.example"},
    "contacts": {"name_1": "Wen", "phone_1": "139 0000 0102", "relation_1": "friend"},
}


def proved(visitor, sealed: str):
    """The visitor, with what the sign-in by code leaves in the session."""
    session = visitor.session
    session["visitor"], session["phone_proven"] = "a-visit", sealed
    session.save()
    visitor.cookies["session"] = session.session_key
    return visitor


@pytest.fixture
def gateway(tmp_path):
    """Where text messages arrive."""
    with SmsGateway(tmp_path / "texts") as gateway:
        yield gateway


@pytest.fixture
def lender(embedded_lender, gateway):
    """An embedded lender, at noon, that can send text messages, and whose pages are asked for."""
    from shouxin.site import serving

    lender = with_carriers(replace(embedded_lender.at(NOON), sms=HttpSms(url=gateway.url, sender="shouxin")))
    serving.serve(lender)
    return lender


@pytest.fixture
def texts(gateway):
    """The texts that arrived, in order."""
    return lambda: [one["text"] for one in gateway.messages()]


@pytest.fixture
def applicant(site, lender):
    """Makes visitors whose number was just proved, as after the code."""

    def make(phone: str = PHONE, **how):
        from shouxin.usecases.privacy.draft import keep_proven

        return proved(site(**how), keep_proven(lender, "a-visit", phone))

    return make


@pytest.fixture
def filled(applicant):
    """A visitor who has answered everything and stands before the check of the answers."""

    def make(phone: str = PHONE, **changes):
        visitor = applicant(phone)
        for name, answer in {**ANSWERS, **changes}.items():
            answered = visitor.post(f"/apply/{name}", answer)
            assert answered.status_code == 302, answered.content.decode()
        return visitor

    return make
