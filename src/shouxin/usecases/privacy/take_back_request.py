"""A person takes back a request that waits at a desk."""

from __future__ import annotations

from shouxin.core.privacy.rights import TAKEN_BACK
from shouxin.core.rules.refusal import Refusal
from shouxin.records.privacy.models import RightsRequest
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy import requests
from shouxin.vault.opening import Receipt


class TakeBackRequest(Request):
    """One's own open request."""

    subject: Text
    request: Text


def take_back_request(lender: Lender, request: TakeBackRequest) -> Receipt | Refusal:
    """Entry `answered` with `taken_back`; somebody else's request and none are the same refusal."""
    row = RightsRequest.objects.filter(id=request.request, subject_id=request.subject, entry__gt=0).first()
    if row is None:
        return requests.NOT_YOURS
    if row.answered_at is not None:
        return requests.ALREADY
    return requests.answer(lender, row, TAKEN_BACK, actor="borrower:self")
