"""What I allowed, one by one; each taken back with one press, and given again as easily."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.privacy.consent import Consent, Withdraw, consent, withdraw
from shouxin.usecases.privacy.consents_of import Consents, ConsentsOf, consents_of
from shouxin.web.shell import page
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.visit import Visit

SAID = "consent_said"
"""What the last press did, kept for the next page."""


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: Visit) -> HttpResponse:
    """`purpose` and `act` (`give`, `withdraw`) come in the body: no address tells what somebody allows."""
    found = consents_of(request.lender, ConsentsOf(subject=request.subject))
    if isinstance(found, Refusal):
        return page.refused(request, found)
    if request.method == "POST":
        return _act(request, found)
    counts = {state: sum(one.state == state for one in found.standing) for state in ("given", "withdrawn", "never")}
    context = {"tab": "data", "standing": found.standing, "counts": counts, "said": request.session.pop(SAID, "")}
    return page.render(request, "data/consents.html", context)


def _act(request: Visit, found: Consents) -> HttpResponse:
    """Done twice is done: the second press finds it so and says so."""
    result: object = None
    act, purpose = request.POST.get("act", ""), request.POST.get("purpose", "")
    one = next((one for one in found.standing if one.purpose == purpose), None)
    if one is None or act not in ("give", "withdraw"):
        return page.bad_input(request, "purpose", _("There is no such consent on this page."))
    if act == "withdraw":
        result = withdraw(request.lender, Withdraw(subject=request.subject, purpose=purpose))
        already = isinstance(result, Refusal) and result.reason is Reason.NO_BASIS
    elif request.POST.get("version", "") != one.notice.version:
        return page.bad_input(request, "version", _("The wording has changed meanwhile; please read it again."))
    else:
        already = one.state == "given" and not one.reworded
        asked = Consent(subject=request.subject, purpose=purpose)
        result = None if already else consent(request.lender, asked)
    if isinstance(result, Refusal) and not already:
        return page.refused(request, result, back=reverse("data:consents"))
    request.session[SAID] = "already" if already else act
    return HttpResponseRedirect(reverse("data:consents"))
