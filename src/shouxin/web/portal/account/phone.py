"""Changing the phone number: a code to the old one, the new one, a code to that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import CannotNow
from shouxin.usecases.privacy import step_up
from shouxin.usecases.privacy.change_phone import ChangePhone, SendToNew, change_phone, send_to_new
from shouxin.usecases.privacy.step_up import AskStepUp, StepUp
from shouxin.usecases.privacy.tries import NotProved
from shouxin.web.portal.account.forms import CodeForm, NewNumberForm, why_not
from shouxin.web.portal.account.waiting import remember, waiting
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.forms import PageForm
from shouxin.web.shell.page import refused, render
from shouxin.web.shell.visit import Visit

OLD, NEW, PROOF = "old_phone_code", "new_phone_code", "old_phone_proof"
ANY = ["GET", "HEAD", "POST"]
T = TypeVar("T")


@borrower
@require_http_methods(ANY)
def old(request: Visit) -> HttpResponse:
    """What happens; the button sends the code to the number that stands."""
    form = PageForm(request)
    status = 200
    if request.method == "POST" and form.is_valid():
        asked = AskStepUp(subject=request.subject, about="old_phone", lang=request.lang)
        sent, status = _sending(form, None, lambda: step_up.ask(request.lender, asked))
        if isinstance(sent, Refusal):
            return refused(request, sent, back="/account")
        if isinstance(sent, tuple):
            remember(request, OLD, *sent)
            return HttpResponseRedirect("/account/phone/code")
        if sent is not None:
            form.refuse(None, why_not(request, sent))
    return render(request, "account/phone.html", {"form": form, "tab": "data"}, status=status)


@borrower
@require_http_methods(ANY)
def old_code(request: Visit) -> HttpResponse:
    """The code that came to the old number."""
    sent = waiting(request, OLD)
    if sent is None:
        return HttpResponseRedirect("/account/phone")
    form = CodeForm(request)
    if request.method == "POST" and form.is_valid():
        asked = {"subject": request.subject, "about": "old_phone", "code": sent.code, "number": sent.number}
        proof = step_up.prove(request.lender, StepUp.read({**asked, "typed": form.cleaned_data["code"]}))
        if isinstance(proof, str):
            request.session[PROOF] = proof
            del request.session[OLD]
            return HttpResponseRedirect("/account/phone/new")
        form.refuse("code", why_not(request, proof))
    return render(request, "account/phone_code.html", {"form": form, "step": 1, "tab": "data", **sent.context(request)})


@borrower
@require_http_methods(ANY)
def new(request: Visit) -> HttpResponse:
    """The new number."""
    if PROOF not in request.session:
        return HttpResponseRedirect("/account/phone")
    form = NewNumberForm(request)
    status = 200
    if request.method == "POST" and form.is_valid():
        asked = {"subject": request.subject, "proof": request.session[PROOF], "lang": request.lang}
        wanted = SendToNew.read({**asked, "phone": form.cleaned_data["phone"]})
        sent, status = _sending(form, "phone", lambda: send_to_new(request.lender, wanted))
        if isinstance(sent, Refusal):
            return _over(request, sent)
        if isinstance(sent, tuple):
            remember(request, NEW, *sent)
            return HttpResponseRedirect("/account/phone/confirm")
        if sent is not None:
            form.refuse("phone", why_not(request, sent))
    return render(request, "account/phone_new.html", {"form": form, "tab": "data"}, status=status)


@borrower
@require_http_methods(ANY)
def new_code(request: Visit) -> HttpResponse:
    """The code that came to the new number; then it is done."""
    sent = waiting(request, NEW)
    if sent is None or PROOF not in request.session:
        return HttpResponseRedirect("/account/phone")
    form = CodeForm(request)
    if request.method == "POST" and form.is_valid():
        asked = {"subject": request.subject, "user": str(request.user.pk), "sign_in": request.session["sign_in"]}
        asked |= {"proof": request.session[PROOF], "code": sent.code, "number": sent.number, "lang": request.lang}
        changed = change_phone(request.lender, ChangePhone.read({**asked, "typed": form.cleaned_data["code"]}))
        if isinstance(changed, Refusal):
            return _over(request, changed)
        if not isinstance(changed, NotProved):
            del request.session[NEW], request.session[PROOF]
            return HttpResponseRedirect("/account/phone/done")
        form.refuse("code", why_not(request, changed))
    return render(request, "account/phone_code.html", {"form": form, "step": 2, "tab": "data", **sent.context(request)})


@borrower
@require_safe
def done(request: Visit) -> HttpResponse:
    """That it is done, and what that means."""
    return render(request, "account/phone_done.html", {"tab": "data"})


def _sending(form: PageForm, field: str | None, send: Callable[[], T]) -> tuple[T | None, int]:
    """What the use case gave, and the page's status; without a way to send, the form says so."""
    try:
        return send(), 200
    except CannotNow:
        form.refuse(field, _("No message can be sent just now. Nothing is lost; try again in a minute."))
        return None, 503


def _over(request: Visit, refusal: Refusal) -> HttpResponse:
    """The proof of the old number has ended: begin anew."""
    if refusal.reason is Reason.EXPIRED:
        request.session.pop(PROOF, None)
        return HttpResponseRedirect("/account/phone")
    return refused(request, refusal, back="/account")
