"""Closes a case; its grants end with it. Whether it was cured is read off the loans."""

from dataclasses import dataclass

from django.db import transaction

from shouxin.core.rules.refusal import Refusal
from shouxin.records.outreach.models import Case
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.outreach.cases import OpenCase, end_grants, open_case_named
from shouxin.usecases.outreach.desk import is_paused
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
        _end_rows(lender, request.case, _why_closed(lender, request.case))
        return case
    late = days_late(lender, case.subject)
    return _close(lender, case, ELSEWHERE if late is None else GIVEN_UP if late else CURED)


def close_cured(lender: Lender, _: CloseCured) -> CuredClosed:
    """What the worker does after payments came in. What was put off isn't cured: its case rests until the day comes."""
    closed = []
    for name in Case.objects.filter(closed_at=None).values_list("id", flat=True):
        case = open_case_named(lender, name)
        if isinstance(case, Refusal):
            _end_rows(lender, name, _why_closed(lender, name))
        elif _is_cured(lender, case) and not isinstance(_close(lender, case, CURED), Refusal):
            closed.append(name)
    return CuredClosed(closed)


def _is_cured(lender: Lender, case: OpenCase) -> bool:
    return not is_paused(lender, case) and days_late(lender, case.subject) == 0


def _close(lender: Lender, case: OpenCase, why: str) -> CaseClosed | Refusal:
    receipt = lender.vault.close_case(case.name, why=why)
    if isinstance(receipt, Refusal):
        return receipt
    _end_rows(lender, case.name, why)
    return CaseClosed(case.name, why, receipt)


def _end_rows(lender: Lender, name: str, why: str) -> None:
    with transaction.atomic():
        Case.objects.filter(id=name, closed_at=None).update(closed_at=lender.clock.now(), closed_because=why)
        end_grants(lender, name)


def _why_closed(lender: Lender, name: str) -> str:
    """What the history says of a case that isn't open any more: a crash may have left its rows open."""
    subject = lender.vault.case_subject(name)
    history = lender.vault.history(subject) if subject else None
    if history is None:
        return ""
    opened = {entry.j for entry in history.entries if entry.record.get("case") == name}
    closed = (entry.record for entry in history.entries if entry.record["kind"] == "case_closed")
    return next((str(record["why"]) for record in closed if record["case"] in opened), "")
