"""Which organisations may hold or receive data: engaged until a date, suspended in one act for all their cases."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import BadInput, Date, Lender, PartyName, Request, Text
from shouxin.usecases.privacy.consent import Entered


class Engage(Request):
    """A contract with a party, `kind:id`, up to and including the day `until`."""

    party: PartyName
    until: Date | None = None


class Suspend(Request):
    """Every use by this party or to it stops; `why` is a word of the lender's, never about a person."""

    party: PartyName
    why: Text = "suspended"


def engage(lender: Lender, request: Engage) -> Entered | Refusal:
    """Write the engagement; it ends by itself when the day `until` is over in the lender's zone.

    Raises `BadInput` for a day that can't be counted in milliseconds since 1970.
    """
    result = lender.vault.engage(request.party, until=_end_ms(lender, request))
    return result if isinstance(result, Refusal) else Entered(result.entry, result)


def suspend(lender: Lender, request: Suspend) -> Entered | Refusal:
    """Write the suspension; refused when the party isn't engaged."""
    result = lender.vault.suspend(request.party, why=request.why)
    return result if isinstance(result, Refusal) else Entered(result.entry, result)


def _end_ms(lender: Lender, request: Engage) -> int:
    if request.until is None:
        return 0
    try:
        midnight = datetime.combine(request.until + timedelta(days=1), time(0), lender.settings.zone)
        ends = int(midnight.timestamp()) * 1000
    except OverflowError:
        ends = 0
    if ends <= 0:
        raise BadInput("no contract runs until that day", where="until")
    return ends
