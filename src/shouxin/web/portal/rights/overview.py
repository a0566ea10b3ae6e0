"""What I can ask, what happens then and by when; what I asked, and what became of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.credit.own_applications import OwnApplications, own_applications
from shouxin.usecases.privacy.correct import BY_DOCUMENT, may_correct
from shouxin.usecases.privacy.own_fields import OwnFields, own_fields
from shouxin.usecases.privacy.rights_of import RightsOf, RightsShown, rights_of
from shouxin.web.shell import page
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.visit import Visit

SAID = "rights_said"
NEWEST = 3
"""So many answers stand open; the earlier ones are folded."""
WORDS: dict[str, str | Promise] = {
    "corrected": _("Corrected. It counts from now on."),
    "waits": _("Your request is taken. It stands below, with the day by which it is answered."),
    "restricted": _("We only keep it now, and use it for nothing."),
    "lifted": _("It is in use again."),
    "deleted": _("Deleted."),
    "taken_back": _("Taken back."),
    "already": _("It was so already; nothing was done twice."),
}


@borrower
@require_safe
def overview(request: Visit) -> HttpResponse:
    """One page; whoever's account is closed already is led to their last file."""
    told = rights_of(request.lender, RightsOf(subject=request.subject))
    if isinstance(told, Refusal):
        return page.refused(request, told)
    if told.closed:
        return HttpResponseRedirect(reverse("rights:erased"))
    return page.render(request, "rights/overview.html", _context(request, told))


def back(request: Visit, word: str) -> HttpResponse:
    """To the overview, which says once what was done."""
    request.session[SAID] = word
    return HttpResponseRedirect(reverse("rights:overview"))


def _context(request: Visit, told: RightsShown) -> dict[str, Any]:
    lender, subject = request.lender, request.subject
    waiting = [one for one in told.asked if one.open and one.request]
    asked_about = {one.about for one in waiting}
    applications = own_applications(lender, OwnApplications(subject=subject))
    decided = [one for one in applications if one.state != "received"]
    held = own_fields(lender, OwnFields(subject=subject))
    answered = [one for one in told.asked if not one.open]
    return {
        "tab": "data",
        "told": told,
        "waiting": waiting,
        "late": sum(one.late for one in waiting),
        "answered": answered[:NEWEST],
        "older": answered[NEWEST:],
        "decided": [(one, one.application in asked_about) for one in decided],
        "correctable": [(name, name in BY_DOCUMENT, name in asked_about) for name in may_correct(lender, subject)],
        "held": held,
        "deletable": [one.name for one in held if not one.required],
        "kept": [one for one in held if one.rule and not one.own],
        "contact": lender.policy.house.contact[request.lang],
        "said": WORDS.get(request.session.pop(SAID, "")),
    }
