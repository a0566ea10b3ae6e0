"""A phone on the other end of the gateway, and what stands in its messages."""

from __future__ import annotations

import re

from shouxin.outbound.loopback.sms import SmsGateway

PHONE = "13800000101"


def newest(gateway: SmsGateway, to: str = PHONE) -> str:
    """The text of the newest message to that number."""
    return gateway.messages(to)[-1]["text"]


def code_in(gateway: SmsGateway, to: str = PHONE) -> str:
    """The six digits of the newest message to that number."""
    return re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])", newest(gateway, to))[0]


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 1_000_000:06}"
