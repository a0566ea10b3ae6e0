"""Entrusts a case to an agency: it may work on it, and is told a name and how late; never a number."""

from dataclasses import dataclass

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import Lender, PartyName, Request, Text
from shouxin.usecases.loan.opening import open_fields
from shouxin.usecases.outreach.cases import open_case_named
from shouxin.usecases.outreach.grant import grant_to
from shouxin.usecases.outreach.lateness import days_late
from shouxin.usecases.outreach.open_case import RULES
from shouxin.vault.opening import Receipt, UseRequest

PURPOSE = "entrust_collection"
PROGRAM = "system:collection"
FIELDS = ("name", "arrears", "days_past_due")
"""All that an agency is told (CN.GBT45251.PI): its people dial by a token in their own use."""


class Entrust(Request):
    """This case, to this agency, which must be engaged."""

    case: Text
    party: PartyName


@dataclass(frozen=True)
class Entrusted:
    """The grant's entry (None when it stood), the fields that were disclosed, and that entry."""

    case: str
    party: str
    entry: int | None
    disclosed: tuple[str, ...]
    receipt: Receipt


def entrust(lender: Lender, request: Entrust) -> Entrusted | Refusal:
    """Disclose first, then grant: an agency that may be told nothing gets no case either."""
    case = open_case_named(lender, request.case)
    if isinstance(case, Refusal):
        return case
    if not request.party.startswith("agency:"):
        return Refusal(Reason.MALFORMED, ("CN.PIPL.21",), "party")
    if days_late(lender, case.subject) == 0:
        return Refusal(Reason.NOT_OVERDUE, RULES, "case")
    fields = tuple(name for name in FIELDS if name != "name" or name in case.facts.held)
    asked = UseRequest(case.subject, PROGRAM, PURPOSE, fields, case=case.name, recipient=request.party)
    opened = open_fields(lender, asked)
    if isinstance(opened, Refusal):
        return opened
    granted = grant_to(lender, case, request.party)
    if isinstance(granted, Refusal) and granted.reason is not Reason.ALREADY_DONE:
        return granted
    entry = None if isinstance(granted, Refusal) else granted.entry
    return Entrusted(case.name, request.party, entry, fields, opened.receipt)
