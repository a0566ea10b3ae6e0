"""Closes a case; its grants end with it. Whether it was cured is read off the loans."""

from dataclasses import dataclass

from django.db import transaction

from shouxin.core.rules.refusal import Refusal
from shouxin.records.outreach.models import Case, Grant
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.outreach.cases import OpenCase, open_case_named
from shouxin.usecases.outreach.lateness import days_late
from shouxin.vault.opening import Receipt

CURED, GIVEN_UP, ELSEWHERE = "cured", "given_up", "elsewhere"
"""Nothing is late any more; something still is; the loans are in another system."""


class CloseCase(Request):
    """Close this case."""

    case: Text


class CloseCured(Request):
    """Close every case in which nothing is late any more."""


@dataclass(frozen=True)
class CaseClosed:
    """Why it could be closed, and the entry."""

    case: str
    why: str
    receipt: Receipt


@dataclass(frozen=True)
class CuredClosed:
    """The names of the cases that were closed."""

    closed: list[str]


def close_case(lender: Lender, request: CloseCase) -> CaseClosed | Refusal:
    """Close it in the history, then in the book."""
    case = open_case_named(lender, request.case)
    if isinstance(case, Refusal):
        return case
    late = days_late(lender, case.subject)
    return _close(lender, case, ELSEWHERE if late is None else GIVEN_UP if late else CURED)


def close_cured(lender: Lender, _: CloseCured) -> CuredClosed:
    """What the worker does each day after payments came in."""
    closed = []
    for name, subject in Case.objects.filter(closed_at=None).values_list("id", "subject_id"):
        if days_late(lender, subject) != 0:
            continue
        case = open_case_named(lender, name)
        if not isinstance(case, Refusal) and not isinstance(_close(lender, case, CURED), Refusal):
            closed.append(name)
    return CuredClosed(closed)


def _close(lender: Lender, case: OpenCase, why: str) -> CaseClosed | Refusal:
    receipt = lender.vault.close_case(case.name, why=why)
    if isinstance(receipt, Refusal):
        return receipt
    now = lender.clock.now()
    with transaction.atomic():
        Case.objects.filter(id=case.name).update(closed_at=now, closed_because=why)
        Grant.objects.filter(case_id=case.name, recalled_at=None).update(recalled_at=now)
    return CaseClosed(case.name, why, receipt)
