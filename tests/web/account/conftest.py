"""The pages of a lender whose text messages go to a gateway on this machine, and people who sign in by them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from shouxin.outbound.channels.sms import HttpSms
from shouxin.outbound.loopback.sms import SmsGateway
from shouxin.site import serving
from tests.usecases.privacy.texts import PHONE, code_in
from tests.usecases.story import NOON, borrowed, enrolled, with_carriers
from tests.web.conftest import Visitor

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def gateway(tmp_path):
    with SmsGateway(tmp_path / "sms") as running:
        yield running


@pytest.fixture
def lender(embedded_lender, gateway):
    """An embedded lender at noon that can send text messages; `later` moves its pages' clock."""
    lender = with_carriers(replace(embedded_lender.at(NOON), sms=HttpSms(gateway.url, "守信")))
    serving.serve(lender)
    return lender


@pytest.fixture
def later(lender):
    """Let so many minutes pass since noon."""

    def move(minutes: int):
        moved = lender.at(NOON + timedelta(minutes=minutes))
        serving.serve(moved)
        return moved

    return move


@pytest.fixture
def ai_li(lender) -> str:
    """Ai Li, who has a loan."""
    subject = enrolled(lender)
    borrowed(lender, subject)
    return subject


@pytest.fixture
def signed_in(gateway):
    """Signs in by the pages: `visitor = signed_in()`, with a number and whatever `Visitor` takes."""

    def sign_in(phone: str = PHONE, **more) -> Visitor:
        visitor = Visitor(headers={"user-agent": FIREFOX}, **more)
        assert visitor.post("/sign-in", {"phone": phone}).status_code == 302
        answer = visitor.post("/sign-in/code", {"code": code_in(gateway, phone)})
        assert answer.status_code == 302, answer.content.decode()
        visitor.led_to = answer.url
        return visitor

    return sign_in


def token(answer) -> str:
    """The token of the page's first form."""
    return re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.content.decode())[0]


def h1(answer) -> str:
    """The page's heading."""
    (found,) = re.findall(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)
    return found.strip()
