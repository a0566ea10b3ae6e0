"""The last file of a history that ended, for the person it was about, until it is destroyed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from shouxin.core.privacy import retention
from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy import outlook
from shouxin.usecases.privacy.erase import NOT_YOURS


class LastFile(Request):
    """Whose."""

    subject: Text


@dataclass(frozen=True)
class Last:
    """The bundle that ends in `closed`, what it is checked by, and the last day on which it can be fetched."""

    until: date
    bundle: bytes = field(repr=False, metadata={"secret": True})
    trust: bytes = field(repr=False, metadata={"secret": True})


def last_file(lender: Lender, request: LastFile) -> Last | Refusal:
    """Refused for who lives here still, who was destroyed and who never was: one answer."""
    history = lender.vault.history(request.subject)
    if history is None or not history.facts.closed:
        return NOT_YOURS
    closed = lender.vault.close(request.subject)
    if isinstance(closed, Refusal):
        return closed
    ended = outlook.moment(lender, history.facts.last_time).date()
    days = retention.bundle_days(lender.policy.rules.on(lender.today()))
    return Last(ended + timedelta(days=days), closed.bundle, lender.vault.trust())
