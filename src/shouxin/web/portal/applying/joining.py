"""Reading the answers over, and enrolling with one button: twice pressed, enrolled once."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.policy.say import say
from shouxin.usecases.credit.consents_asked import enrolment_told
from shouxin.usecases.credit.join import Join, Joined, join
from shouxin.usecases.privacy.tries import NotProved
from shouxin.web.portal.applying import first_key, way
from shouxin.web.portal.applying.door import applicant
from shouxin.web.portal.applying.draft import Draft, phone
from shouxin.web.shell.page import refused, render
from shouxin.web.shell.session import enter
from shouxin.web.shell.visit import Visit
from shouxin.web.shell.words import moment

FIELDS = {
    "identity": ("name", "id_number", "id_valid_until"),
    "income": ("income",),
    "obligations": ("monthly_obligations",),
    "employer": ("employer",),
    "card": ("bank_card",),
    "email": ("email",),
}
OFFERED = (Reason.ADDRESS_BOOK, Reason.UNKNOWN_FIELD)
"""Refused for what a form brought, not for who somebody is."""
MONEY = ("income", "monthly_obligations")


@applicant
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Visit) -> HttpResponse:
    """The answers, each with a way back to its page; the button enrols."""
    draft = Draft.of(request)
    if request.subject:  # enrolled by the first press of the button, or by coming back
        return HttpResponseRedirect("/apply/consents")
    if draft.open_question():
        return HttpResponseRedirect(f"/apply/{draft.open_question()}")
    if request.method == "POST":
        return _enrol(request, draft)
    context = {
        "stand": way.stand(3),
        "rows": list(_rows(draft)),
        "draft": draft.values,
        "phone": phone(request),
        "told": enrolment_told(request.lender),
    }
    return render(request, "applying/check.html", context)


def _rows(draft: Draft) -> Iterator[tuple[str, str, str, bool]]:
    """Page, field, value, and whether it is money."""
    for question, names in FIELDS.items():
        for name in names:
            yield question, name, draft[name], name in MONEY


def _enrol(request: Visit, draft: Draft) -> HttpResponse:
    joined = join(request.lender, Join.read(draft.basic_information() | {"lang": request.lang}))
    if isinstance(joined, Refusal) and joined.reason in OFFERED:
        return refused(request, joined, back="/apply/check")
    if not isinstance(joined, Joined):
        return _cannot_go_on(request, joined)
    return _in(request, draft, joined)


def _cannot_go_on(request: Visit, found: Refusal | NotProved) -> HttpResponse:
    """One page for every identity that can't go on: it must not tell whether an ID number has a file here."""
    waits = ""
    if isinstance(found, NotProved) and found.until:
        at = moment(found.until, request.lang, zone=request.lender.settings.zone)
        waits = say(request.lender.policy, request.lang, "proof.too_many", at=at)
    return render(request, "applying/cannot_go_on.html", {"stand": way.stand(3), "waits": waits}, status=403)


def _in(request: Visit, draft: Draft, joined: Joined) -> HttpResponse:
    """Signed in by the number that was just proved; of the draft only the amount goes on, the rest is in the vault."""
    draft.restart(unnamed=[refusal.reason.value for refusal in joined.refused])
    enter(request, joined.subject)
    first_key.put(request, joined.subject, joined.person_key)
    draft.save(joined.subject)
    return HttpResponseRedirect("/apply/consents")
