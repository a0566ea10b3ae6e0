"""Opens a collection case. A loan of this book must be past due; a loan elsewhere is the caller's word."""

from dataclasses import dataclass

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.outreach.cases import row_of
from shouxin.usecases.outreach.lateness import days_late
from shouxin.vault.opening import Receipt

RULES = ("CN.PIPL.5_6",)


class OpenCase(Request):
    """A case about this borrower."""

    subject: Text


@dataclass(frozen=True)
class CaseOpened:
    """The case's random name, how late the loans here are (None: none is here), and the entry."""

    case: str
    days_late: int | None
    receipt: Receipt


def open_case(lender: Lender, request: OpenCase) -> CaseOpened | Refusal:
    """Open one, unless one is open or nothing is late."""
    history = lender.vault.history(request.subject)
    late = days_late(lender, request.subject) if history else None
    if late == 0:
        return Refusal(Reason.NOT_OVERDUE, RULES, "subject")
    if history and history.facts.cases:
        for open_already in history.facts.cases.values():
            row_of(lender, open_already, request.subject)
        return Refusal(Reason.ALREADY_DONE, (), "case")
    opened = lender.vault.open_case(request.subject)
    if isinstance(opened, Refusal):
        return opened
    name, receipt = opened
    row_of(lender, name, request.subject)
    return CaseOpened(name, late, receipt)
