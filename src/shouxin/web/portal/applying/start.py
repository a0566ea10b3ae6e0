"""The first page: what is asked, what never is, and where somebody's application stands."""

from __future__ import annotations

from django.http import HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from shouxin.usecases.credit.own_applications import OwnApplications, own_applications, running
from shouxin.web.portal.applying.asked import why
from shouxin.web.portal.applying.door import offered, subject_of
from shouxin.web.portal.applying.draft import Draft, phone
from shouxin.web.shell.doors import public
from shouxin.web.shell.page import render
from shouxin.web.shell.visit import Visit

ASKED = (
    "phone",
    "name",
    "id_number",
    "id_valid_until",
    "bank_card",
    "income",
    "monthly_obligations",
    "employer",
    "email",
)
"""In the order of the page: what the law lets a lender require first, then what is a free choice."""
NEVER = ("address_book", "call_log", "location", "album")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Visit) -> HttpResponseBase:
    """A POST throws the draft away and begins anew."""
    subject = subject_of(request)
    refusal = offered(request)
    if refusal:
        return refusal
    if request.method == "POST":
        Draft.of(request).drop()
        return HttpResponseRedirect("/apply/amount")
    own = own_applications(request.lender, OwnApplications(subject=subject)) if subject else ()
    draft = Draft.of(request)
    asked = why(request, ASKED)
    context = {
        "required": [one for one in asked if one.required],
        "free": [one for one in asked if not one.required],
        "own": own,
        "enrolled": bool(subject),
        "running": running(own),
        "known": bool(subject or phone(request)),
        "onward": draft.open_question() if draft.begun else "",
        "begun": draft.begun,
        "hours": request.session.get_expiry_age() // 3600,
    }
    return render(request, "applying/start.html", context)
