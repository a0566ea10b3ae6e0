"""What was typed and isn't done yet, and what was proved a moment ago: sealed by the vault, kept in the session.

The session row holds the sealed text and no personal value. It opens for the same owner alone: the person's id once
they are signed in, before that an id that stands in the session itself (`visitor`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from shouxin.usecases.lender import BadInput, Lender

Kind = Literal["draft", "form", "phone", "proof"]
MAX_BYTES = 65_000
PROVEN_FOR = timedelta(hours=2)
"""How long somebody who isn't a borrower yet may go on with a number that was proved."""


def keep_draft(lender: Lender, owner: str, document: Mapping[str, Any], *, kind: Kind = "draft") -> str:
    """The document sealed. Raises `BadInput` when it is larger than any form of ours."""
    raw = json.dumps(dict(document), ensure_ascii=False).encode("utf-8", "replace")
    if len(raw) > MAX_BYTES:
        raise BadInput("too much was typed to be kept", where="form", code="too_large")
    return lender.vault.keep(kind, owner, raw)


def read_draft(lender: Lender, owner: str, text: str, *, kind: Kind = "draft") -> dict[str, Any] | None:
    """The document that was kept for this owner; None for another's, for a changed text, and for nothing."""
    raw = lender.vault.kept(kind, owner, text)
    found = json.loads(raw) if raw is not None else None
    return found if isinstance(found, dict) else None


def keep_proven(lender: Lender, owner: str, phone: str) -> str:
    """That this visitor proved this number now."""
    return keep_draft(lender, owner, {"phone": phone, "at": _seconds(lender)}, kind="phone")


def proven_phone(lender: Lender, owner: str, text: str) -> str | None:
    """The number that this visitor proved in the last two hours (`session["visitor"]`, `session["phone_proven"]`)."""
    found = read_draft(lender, owner, text, kind="phone")
    if found is None or _seconds(lender) - found["at"] > PROVEN_FOR.total_seconds():
        return None
    return str(found["phone"])


def keep_number(lender: Lender, code: str, phone: str) -> str:
    """The number to which this code went, until the code comes back."""
    return keep_draft(lender, code, {"phone": phone}, kind="draft")


def kept_number(lender: Lender, code: str, text: str) -> str | None:
    """That number; None when the text isn't of this code."""
    found = read_draft(lender, code, text)
    return str(found["phone"]) if found and "phone" in found else None


def keep_key(lender: Lender, subject: str, key: bytes) -> str:
    """The file person.key of who was enrolled a moment ago, until they save it."""
    return lender.vault.keep("key", subject, key)


def kept_key(lender: Lender, subject: str, text: str) -> bytes | None:
    """That file; None when the text isn't of this person."""
    return lender.vault.kept("key", subject, text)


def _seconds(lender: Lender) -> int:
    return int(lender.clock.now().timestamp())
