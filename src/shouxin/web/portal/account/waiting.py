"""A code on its way, as the session remembers it: its id and times, and the number it went to, sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shouxin.core.privacy.form import masked
from shouxin.usecases.privacy.codes import CodeSent
from shouxin.usecases.privacy.draft import kept_number
from shouxin.web.portal.account.forms import clock
from shouxin.web.shell.visit import Visit


@dataclass(frozen=True)
class Waiting:
    """The code's id, the sealed number, and since when another may be asked for."""

    code: str
    number: str
    again_at: datetime

    def phone(self, request: Visit) -> str:
        """The number, which no page shows whole."""
        return kept_number(request.lender, self.code, self.number) or ""

    def context(self, request: Visit) -> dict[str, Any]:
        """What a page may say of it."""
        phone = self.phone(request)
        return {"masked": masked("phone", phone), "ending": phone[-4:], "again": clock(request, self.again_at)}


def remember(request: Visit, key: str, sent: CodeSent, number: str) -> None:
    """Keep it in the session under `key`; what waited there before is over."""
    request.session[key] = {"code": sent.code, "number": number, "again_at": sent.again_at.isoformat()}


def waiting(request: Visit, key: str) -> Waiting | None:
    """What waits under `key`."""
    found = request.session.get(key)
    if not found:
        return None
    return Waiting(found["code"], found["number"], datetime.fromisoformat(found["again_at"]))
