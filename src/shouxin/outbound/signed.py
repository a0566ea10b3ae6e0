"""Bodies signed with a secret that two sides share: HMAC-SHA256 over purpose, time and body.

The header is `t=1795492800,v1=<64 hex digits>`. The purpose keeps a signature of one direction from being used in the
other, the time keeps an old one from being used at all.
"""

import hmac
import re
from datetime import datetime
from typing import Final

HEADER: Final = "Shouxin-Signature"
FRESH_SECONDS: Final = 300
"""How far the two clocks may stand apart, and how long a signed body is good."""

_FORM = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


class NotSignedError(Exception):
    """`code` is `signature` (not by this secret, for this purpose, of this body) or `stale`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sign(secret: bytes, purpose: str, body: bytes, *, at: datetime) -> str:
    """The header for a body sent at `at`."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_mac(secret, purpose, body, seconds)}"


def check(secret: bytes, purpose: str, body: bytes, header: str, *, at: datetime) -> None:
    """Return if the header is this body's and of these minutes. Raises `NotSignedError`; compares in constant time."""
    found = _FORM.fullmatch(header)
    seconds, given = (int(found.group(1)), found.group(2)) if found else (0, "0" * 64)
    right = hmac.compare_digest(_mac(secret, purpose, body, seconds), given)
    if not found or not right:
        raise NotSignedError("signature")
    if abs(int(at.timestamp()) - seconds) > FRESH_SECONDS:
        raise NotSignedError("stale")


def _mac(secret: bytes, purpose: str, body: bytes, seconds: int) -> str:
    signed = b"\0".join((b"shouxin-payments/v1", purpose.encode(), str(seconds).encode(), body))
    return hmac.digest(secret, signed, "sha256").hex()
