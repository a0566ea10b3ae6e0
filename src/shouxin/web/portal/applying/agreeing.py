"""What is allowed, one by one: each consent on its own page, yes and no of the same weight, marketing last.

When all are answered the overview hands the application in. Nothing is ticked in advance, and there is no button that
agrees to everything.
"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.credit.consents_asked import ASKED, AllAsked, AskedConsent, ConsentsAsked, consents_asked
from shouxin.usecases.credit.own_applications import OwnApplications, own_applications, running
from shouxin.usecases.credit.submit import Submit, submit
from shouxin.usecases.privacy.consent import Consent, Decline, Withdraw, consent, decline, withdraw
from shouxin.web.portal.applying import first_key, way
from shouxin.web.portal.applying.door import borrower
from shouxin.web.portal.applying.draft import CONSENTS, KEY, Draft
from shouxin.web.shell.page import bad_input, not_found, refused, render
from shouxin.web.shell.visit import Visit

NEEDED = "credit_decision"
YES, NO = "yes", "no"


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: Visit) -> HttpResponse:
    """All of them with how they stand; a POST hands the application in."""
    draft = Draft.of(request)
    found = consents_asked(request.lender, ConsentsAsked(subject=request.subject))
    if isinstance(found, Refusal):
        return refused(request, found)
    if request.method == "POST":
        return _hand_in(request, draft)
    standing = running(own_applications(request.lender, OwnApplications(subject=request.subject)))
    if standing is not None and standing.state != "received":
        return HttpResponseRedirect("/apply")
    if draft.open_question():
        return HttpResponseRedirect(f"/apply/{draft.open_question()}")
    answers = [(one, _answer(draft, one)) for one in found.asked]
    context = {
        "stand": way.stand(3),
        "draft": draft.values,
        "key_waits": first_key.waits(request),
        "answers": answers,
        "without": found.without,
        "next": next((one.purpose for one, answer in answers if not answer), ""),
        "stopped": {one.purpose: answer for one, answer in answers}[NEEDED] == NO,
    }
    return render(request, "applying/consents.html", context)


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Visit, purpose: str) -> HttpResponse:
    """One consent: who receives, which fields, until when, what if not; two buttons."""
    found = consents_asked(request.lender, ConsentsAsked(subject=request.subject))
    if isinstance(found, Refusal):
        return refused(request, found)
    asked = next((each for each in found.asked if each.purpose == purpose), None)
    if asked is None:
        return not_found(request)
    if request.method == "POST":
        return _answered(request, found, asked)
    context = {
        "stand": way.stand(3, ASKED.index(purpose) + 1, len(ASKED)),
        "one": asked,
        "text": asked.told.text[request.lang],
        "last": purpose == ASKED[-1],
        "needed": purpose == NEEDED,
    }
    return render(request, "applying/consent.html", context)


def _answered(request: Visit, found: AllAsked, asked: AskedConsent) -> HttpResponse:
    """Yes is entered once, and so is no, which takes back what stood. Both lead on."""
    choice = request.POST.get("choice")
    if choice not in (YES, NO):
        return bad_input(request, "choice", "yes, no")
    stands = asked.standing in ("given", "changed")
    result: object = None
    if choice == YES and asked.standing != "given":
        result = consent(request.lender, Consent(subject=request.subject, purpose=asked.purpose))
    elif choice == NO and stands:
        result = withdraw(request.lender, Withdraw(subject=request.subject, purpose=asked.purpose))
    elif choice == NO and _answer(Draft.of(request), asked) != NO:
        result = decline(request.lender, Decline(subject=request.subject, purpose=asked.purpose))
    if isinstance(result, Refusal):
        return refused(request, result, back=request.path)
    draft = Draft.of(request)
    draft.choose(asked.purpose, choice)
    draft.save()
    left = (each.purpose for each in found.asked if each.purpose != asked.purpose and not _answer(draft, each))
    onward = next(left, None)
    return HttpResponseRedirect(f"/apply/consents/{onward}" if onward else "/apply/consents")


def _answer(draft: Draft, asked: AskedConsent) -> str:
    """How this stands for the application: yes by the history, no by what was said just now, else open."""
    if asked.standing == "given":
        return YES
    return NO if draft[CONSENTS].get(asked.purpose) == NO else ""


def _hand_in(request: Visit, draft: Draft) -> HttpResponse:
    """Apply and be decided on. Pressed twice, the second press finds the first one's application."""
    if draft.open_question():
        return HttpResponseRedirect("/apply")
    asked = Submit(
        subject=request.subject, key=draft[KEY], amount=draft["amount"], instalments=int(draft["instalments"])
    )
    done = submit(request.lender, asked)
    if isinstance(done, Refusal):
        if done.reason is Reason.ALREADY_DONE:
            return HttpResponseRedirect("/apply")
        if done.reason in (Reason.NO_BASIS, Reason.CONSENT_WITHDRAWN):
            return HttpResponseRedirect("/apply/consents")
        return refused(request, done, back="/apply/consents")
    draft.drop()
    return HttpResponseRedirect(f"/decision/{done.application}")
