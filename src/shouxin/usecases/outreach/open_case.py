"""Opens a collection case. A loan of this book must be past due; a loan elsewhere is the caller's word."""

from dataclasses import dataclass

from django.db import transaction

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.outreach.models import Case
from shouxin.usecases.lender import Lender, Request, Text
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
        return Refusal(Reason.ALREADY_DONE, (), "case")
    opened = lender.vault.open_case(request.subject)
    if isinstance(opened, Refusal):
        return opened
    name, receipt = opened
    with transaction.atomic():
        Case.objects.create(id=name, subject_id=request.subject, opened_at=lender.clock.now())
    return CaseOpened(name, late, receipt)
