"""The key of a new borrower, handed over once: sealed in the session from the enrolment until it is saved.

It is the only copy that holds the first leaf of their history; one that is issued later says so to a verifier.
"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouxin.usecases.privacy.draft import keep_key, kept_key
from shouxin.web.portal.applying.door import borrower
from shouxin.web.shell.visit import Visit

SLOT = "first_key"


def put(request: Visit, subject: str, key: bytes) -> None:
    """Keep it for who has just been enrolled; a press that enrolled nobody brings none."""
    if key:
        request.session[SLOT] = keep_key(request.lender, subject, key)


def waits(request: Visit) -> bool:
    """Is it still to be saved?"""
    return SLOT in request.session


@borrower
@require_POST
def save(request: Visit) -> HttpResponse:
    """The file, once; afterwards the way leads to a new issue, which asks for a code."""
    text = request.session.pop(SLOT, "")
    key = kept_key(request.lender, request.subject, text) if text else None
    if key is None:
        return HttpResponseRedirect(reverse("data:key"))
    answer = HttpResponse(key, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="person.key"'
    answer["Cache-Control"] = "no-store"
    return answer
