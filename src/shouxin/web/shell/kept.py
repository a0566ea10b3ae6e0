"""A form that was sent after its session had ended: kept sealed, and given back to who typed it once they are back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from shouxin.usecases.lender import BadInput
from shouxin.usecases.privacy.draft import keep_draft, read_draft
from shouxin.web.shell.doors import public
from shouxin.web.shell.page import not_found, render
from shouxin.web.shell.visit import Visit

KEPT = "kept_form"
NEVER = frozenset({"csrfmiddlewaretoken", "code", "password", "new", "typed"})
"""What proves somebody is not kept: it is asked for again."""
PLAIN = {
    "account:phone_new": _("Your new mobile number"),
    "applying:question": _("An answer of your application"),
}
"""The forms that are kept, by the name of their address, and what they are. Any other is typed or pressed anew: one
that consents, agrees, signs, pays or puts off is never sent from another page than the one that says what it does.
"""
UNSEEN = "key"
"""Makes sending twice count once; it is no answer of anybody's."""
HOMES = {"borrower": "/me", "contact": "/contact/mine", "staff": "/desk"}


def keep_form(request: Visit, user: str) -> str:
    """What was posted in a plain form, sealed for this user; empty for any other form, or for more than one holds."""
    match = request.resolver_match
    about = match.view_name if match else ""
    if request.method != "POST" or about not in PLAIN:
        return ""
    fields = [[name, value] for name, values in request.POST.lists() for value in values if name not in NEVER]
    try:
        return keep_draft(request.lender, user, {"path": request.path, "about": about, "fields": fields}, kind="form")
    except BadInput:
        return ""


@public
def kept(request: Visit) -> HttpResponse:
    """What was typed before the session ended: send it now, or drop it. Nobody else ever sees it."""
    user: Any = request.user
    if not user.is_authenticated or KEPT not in request.session:
        return not_found(request)
    found = read_draft(request.lender, str(user.pk), request.session[KEPT], kind="form")
    if found is None:  # another person signed in: it is gone, and they are not told of it
        del request.session[KEPT]
        return HttpResponseRedirect(HOMES[user.kind])
    typed = [value for name, value in found["fields"] if value and name != UNSEEN]
    shown = {**found, "about": PLAIN[found["about"]], "typed": typed, "home": HOMES[user.kind]}
    return render(request, "shell/kept.html", shown)
