"""The pages of a lender whose text messages go to a gateway on this machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shouxin.outbound.channels.sms import HttpSms
from shouxin.outbound.loopback.sms import SmsGateway
from shouxin.site import serving
from tests.usecases.story import NOON, with_carriers


@pytest.fixture
def gateway(tmp_path):
    with SmsGateway(tmp_path / "sms") as running:
        yield running


@pytest.fixture
def lender(embedded_lender, gateway):
    """An embedded lender at noon that can send text messages."""
    lender = with_carriers(replace(embedded_lender.at(NOON), sms=HttpSms(gateway.url, "守信")))
    serving.serve(lender)
    return lender
