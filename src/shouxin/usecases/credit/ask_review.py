"""A person doesn't accept a decision by machine alone and has it reviewed by somebody (PIPL article 24)."""

from dataclasses import dataclass
from datetime import date

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.credit.models import Application
from shouxin.usecases.credit.apply import RECEIVED
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy import requests

RIGHT = "human_review"


class AskReview(Request):
    """One's own application, which was decided."""

    subject: Text
    application: Text


@dataclass(frozen=True)
class ReviewAsked:
    """The request as it waits now, and by when it is answered (None: no rule gives a number of days)."""

    request: str
    entry: int
    due_on: date | None


def ask_review(lender: Lender, request: AskReview) -> ReviewAsked | Refusal:
    """Put it before an underwriter; the offer that stands, stands meanwhile."""
    found = Application.objects.filter(id=request.application, subject_id=request.subject).first()
    if found is None:
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "application")
    if found.state == RECEIVED:
        return Refusal(Reason.NOT_DECIDED, ("CN.PIPL.24",), "application")
    row = requests.lodge(lender, request.subject, RIGHT, about=found.id)
    return row if isinstance(row, Refusal) else ReviewAsked(row.id, row.entry, row.due_on)
