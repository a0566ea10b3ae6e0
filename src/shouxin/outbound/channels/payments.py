"""A payment gateway over HTTP: orders go out as signed JSON, notices come back to our own hook the same way.

`POST {url}/orders` with `{"order", "amount", "currency"}` answers `{"page": address}`. The gateway knows beforehand
where our hook is and where people go back to; nothing of that is sent, and nothing about anybody.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from shouxin.core.privacy.party import PAYMENT_GATEWAY
from shouxin.outbound import signed
from shouxin.outbound.handed import NotTaken
from shouxin.outbound.payment import DECLINED, PAID, NotFromGatewayError, Notice

ORDER, NOTICE = "order", "notice"
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,18})(\.[0-9]{1,4})?", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_KEYS = {"order", "reference", "status", "amount", "currency", "at"}
_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class HttpPayments:
    """The gateway at `url` (no slash at its end), with the secret that it shares with us."""

    url: str
    secret: bytes = field(repr=False)
    timeout_seconds: int = 10
    party: str = PAYMENT_GATEWAY

    def start(self, *, order: str, amount: str, currency: str, at: datetime) -> str:
        """Tell the gateway of an order; the same order again is the same page. Raises `NotTaken`."""
        body = json.dumps({"order": order, "amount": amount, "currency": currency}).encode()
        headers = {
            signed.HEADER: signed.sign(self.secret, ORDER, body, at=at),
            "Content-Type": "application/json",
        }
        try:
            answer = httpx.post(
                f"{self.url}/orders", content=body, headers=headers, timeout=self.timeout_seconds, trust_env=False
            )
        except (httpx.HTTPError, httpx.InvalidURL):
            raise NotTaken("no_connection", permanent=False) from None
        if answer.status_code not in (200, 201):
            raise NotTaken(f"http_{answer.status_code}", permanent=400 <= answer.status_code < 500)
        return self._page(answer)

    def read(self, body: bytes, signature: str, *, at: datetime) -> Notice:
        """Check first, read afterwards: what isn't signed isn't even parsed. Raises `NotFromGatewayError`."""
        try:
            signed.check(self.secret, NOTICE, body, signature, at=at)
        except signed.NotSignedError as error:
            raise NotFromGatewayError(error.code) from None
        if len(body) > _MOST_BYTES:
            raise NotFromGatewayError("malformed")
        try:
            return _notice(json.loads(body))
        except (ValueError, RecursionError):
            raise NotFromGatewayError("malformed") from None

    def _page(self, answer: httpx.Response) -> str:
        """The address that it gave, which must be its own: nobody is sent elsewhere."""
        try:
            page = answer.json()["page"]
            ours, theirs = urlsplit(self.url), urlsplit(page)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise NotTaken("bad_answer", permanent=True) from None
        if (theirs.scheme, theirs.netloc) != (ours.scheme, ours.netloc):
            raise NotTaken("bad_answer", permanent=True)
        assert isinstance(page, str)
        return page


def _notice(document: Any) -> Notice:
    """Raises `ValueError` for anything but the six texts in their forms."""
    if not isinstance(document, dict) or document.keys() != _KEYS:
        raise ValueError("keys")
    if not all(isinstance(value, str) for value in document.values()):
        raise ValueError("texts")
    at = datetime.fromisoformat(document["at"])
    fits = (
        document["status"] in (PAID, DECLINED)
        and _AMOUNT.fullmatch(document["amount"])
        and _CURRENCY.fullmatch(document["currency"])
        and _NAME.fullmatch(document["order"])
        and _NAME.fullmatch(document["reference"])
        and at.tzinfo is not None
    )
    if not fits:
        raise ValueError("forms")
    return Notice(**{**document, "at": at})
