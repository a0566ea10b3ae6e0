"""Ai Li's pages on several days; money comes by a gateway whose notices the tests sign."""

import re
from dataclasses import replace

import pytest

from shouxin.outbound.channels.sms import HttpSms
from shouxin.outbound.loopback.sms import SmsGateway
from tests.usecases.loan.paying import notice, with_gateway
from tests.usecases.story import at, borrowed, with_carriers


@pytest.fixture
def sms(tmp_path):
    """Where text messages arrive."""
    with SmsGateway(tmp_path / "texts") as gateway:
        yield gateway


@pytest.fixture
def lender(lender, sms):
    """The same lender with a payment gateway and a road for text messages."""
    from shouxin.site import serving

    shop = with_carriers(with_gateway(replace(lender, sms=HttpSms(url=sms.url, sender="shouxin"))))
    serving.serve(shop)
    return shop


@pytest.fixture
def texts(sms):
    """The text messages that arrived, in order."""
    return lambda: [one["text"] for one in sms.messages()]


@pytest.fixture
def puts_off(her, texts):
    """Her way to a deferral: the page with both schedules, the code, the answer to it, and the message it came in."""

    def go(loan: str, by: int = 1, **more: str):
        page = f"/loan/{loan}/defer/{by}"
        sent = confirming(her.get(page)) | more
        assert her.post(page, {**sent, "send": "1"}).status_code == 302
        message = texts()[-1]
        return her.post(page, {**sent, "typed": re.search(r"\b[0-9]{6}\b", message)[0]}), message

    return go


def confirming(answer) -> dict[str, str]:
    """The hidden fields of the form that confirms a plan."""
    return dict(re.findall(r'name="(key|plan)" value="([^"]+)"', answer.content.decode()))


@pytest.fixture
def loan(lender, ai_li) -> str:
    """12,000.00 over 12 months, paid out on 24 November 2026: the first 1,066.19 is due on 24 December."""
    return borrowed(lender, ai_li)


@pytest.fixture
def her(site, ai_li):
    """Ai Li's browser, signed in."""
    return site().as_borrower(ai_li)


@pytest.fixture
def on(lender, her, ai_li):
    """Lets the pages stand at noon of another day, when she signs in again; gives the lender of that day."""
    from shouxin.site import serving

    def move(day: str):
        moved = at(lender, day)
        serving.serve(moved)
        her.as_borrower(ai_li)
        return moved

    return move


@pytest.fixture
def brings(site):
    """The gateway brings a notice to the hook; gives the answer."""

    def bring(lender, order: str, amount: str, **more):
        made = notice(lender, order, amount, **more)
        headers = {"Shouxin-Signature": made.signature}
        return site().post("/hooks/payments", made.body, content_type="application/json", headers=headers)

    return bring
