"""A lender at noon whose text messages go to a gateway on this machine."""

from dataclasses import replace

import pytest

from shouxin.outbound.channels.sms import HttpSms
from shouxin.outbound.loopback.sms import SmsGateway
from tests.usecases.story import NOON, with_carriers


@pytest.fixture
def gateway(tmp_path):
    with SmsGateway(tmp_path / "sms") as running:
        yield running


@pytest.fixture
def texting(lender, gateway):
    """The lender, on SQLite and on PostgreSQL."""
    return with_carriers(replace(lender.at(NOON), sms=HttpSms(gateway.url, "守信")))


@pytest.fixture
def here(embedded_lender, gateway):
    """The lender on SQLite alone."""
    return with_carriers(replace(embedded_lender.at(NOON), sms=HttpSms(gateway.url, "守信")))
