"""Which organisations may hold or receive data: engaged until a date and by terms, suspended in one act for all their
cases, and what they say they gave back or deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.privacy.party import Terms
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.core.rules.refusal import Refusal
from shouxin.policy.partners import standard_terms
from shouxin.usecases.lender import BadInput, Date, Lender, PartyName, Request, Text
from shouxin.usecases.privacy.consent import Entered


class Engage(Request):
    """A contract with a party, `kind:id`, up to and including the day `until`.

    `contract` is its number, `purposes` and `fields` what it lets the party receive; what is left out is as the
    policy's standard terms for that party or kind have it.
    """

    party: PartyName
    until: Date | None = None
    contract: Text | None = None
    purposes: tuple[Text, ...] | None = None
    fields: tuple[Text, ...] | None = None


class Suspend(Request):
    """Every use by this party or to it stops; `why` is a word of the lender's, never about a person."""

    party: PartyName
    why: Text = "suspended"


class GaveBack(Request):
    """This party says that it gave back or deleted what it had: of one person, or of everybody."""

    party: PartyName
    subject: Text | None = None


@dataclass(frozen=True)
class GivenBack:
    """In how many histories that stands now."""

    party: str
    histories: int


def engage(lender: Lender, request: Engage) -> Entered | Refusal:
    """Write the engagement; it ends by itself when the day `until` is over in the lender's zone.

    Raises `BadInput` for a day that can't be counted in milliseconds since 1970, and for a purpose or field that isn't.
    """
    result = lender.vault.engage(request.party, until=_end_ms(lender, request), terms=_terms(lender, request))
    return result if isinstance(result, Refusal) else Entered(result.entry, result)


def engage_carriers(lender: Lender) -> tuple[str, ...]:
    """Engage, by standard terms, whom the configuration hands messages and payments to and who isn't engaged; gives
    their names. For a lender that is set up: later on a contract is somebody's decision.
    """
    missing = unengaged_carriers(lender)
    for party in missing:
        engage(lender, Engage(party=party))
    return missing


def unengaged_carriers(lender: Lender) -> tuple[str, ...]:
    """Those of them without a contract now: what would be handed to them is refused."""
    roads = (lender.mail, lender.sms, lender.payments)
    at = int(lender.clock.now().timestamp() * 1000)
    found = ((road.party, lender.vault.history(road.party)) for road in roads if road is not None)
    return tuple(party for party, history in found if history is None or not history.facts.engaged_at(at))


def suspend(lender: Lender, request: Suspend) -> Entered | Refusal:
    """Write the suspension; refused when the party isn't engaged."""
    result = lender.vault.suspend(request.party, why=request.why)
    return result if isinstance(result, Refusal) else Entered(result.entry, result)


def gave_back(lender: Lender, request: GaveBack) -> GivenBack | Refusal:
    """Write it into each history that says that this party has something; refused when none does.

    A borrower whose case it still has is left out. What the party really did, no entry can show: it is its word.
    """
    result = lender.vault.gave_back(request.party, subject=request.subject or "")
    return result if isinstance(result, Refusal) else GivenBack(request.party, result)


def _terms(lender: Lender, request: Engage) -> Terms:
    standard = standard_terms(lender.policy.partners, request.party)
    purposes = standard.purposes if request.purposes is None else request.purposes
    fields = standard.fields if request.fields is None else request.fields
    catalogue = lender.policy.catalogue
    for number, name in enumerate(purposes):
        if name not in PURPOSES or name in purposes[:number]:
            raise BadInput("each a purpose, and none twice", where="purposes")
    for number, name in enumerate(fields):
        known = any(catalogue.get(whose, name) for whose in SUBJECT_KINDS)
        if not known or name in fields[:number]:
            raise BadInput("each a field of the catalogue, and none twice", where="fields")
    return Terms(request.contract or standard.contract, purposes, fields)


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
