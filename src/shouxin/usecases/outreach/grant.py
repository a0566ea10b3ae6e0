"""Grants a case to somebody who works on it, while something is late."""

from dataclasses import dataclass

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.outreach.cases import OpenCase, open_case_named, write_grant
from shouxin.usecases.outreach.lateness import days_late
from shouxin.usecases.outreach.open_case import RULES
from shouxin.vault.opening import Receipt


class Grant(Request):
    """This case, to a person (`collector:k31`, `agent:a07.3`) or an agency (`agency:a07`)."""

    case: Text
    actor: Text


@dataclass(frozen=True)
class Granted:
    """The entry in the borrower's history."""

    case: str
    actor: str
    entry: int
    receipt: Receipt


def grant(lender: Lender, request: Grant) -> Granted | Refusal:
    """The vault checks that the actor is appointed and the agency engaged; this, that a loan is late."""
    case = open_case_named(lender, request.case)
    if isinstance(case, Refusal):
        return case
    if days_late(lender, case.subject) == 0:
        return Refusal(Reason.NOT_OVERDUE, RULES, "case")
    receipt = grant_to(lender, case, request.actor)
    if isinstance(receipt, Refusal):
        return receipt
    return Granted(case.name, request.actor, receipt.entry, receipt)


def grant_to(lender: Lender, case: OpenCase, name: str) -> Receipt | Refusal:
    """Enter the grant, then write the book's row; one that stands already gets the row that it may lack."""
    receipt = lender.vault.grant(case.name, name)
    if not isinstance(receipt, Refusal) or receipt.reason is Reason.ALREADY_DONE:
        write_grant(lender, case, name)
    return receipt
