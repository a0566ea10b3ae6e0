"""Signing in: a number, the code that came to it, and the ID number where two people share the phone.

No page and no answer tells whether a number is known here before its code came back right.
"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouxin.usecases.lender import CannotNow
from shouxin.usecases.privacy.codes import SendCode, send_code
from shouxin.usecases.privacy.draft import keep_number
from shouxin.usecases.privacy.sessions import SignedIn
from shouxin.usecases.privacy.sign_in import ProvePhone, Shared, SignInWith, Stranger, prove_phone, sign_in
from shouxin.usecases.privacy.tries import NotProved, Why
from shouxin.web.portal.account.forms import CodeForm, IdNumberForm, NumberForm, why_not
from shouxin.web.portal.account.waiting import Waiting, remember, waiting
from shouxin.web.shell import session
from shouxin.web.shell.doors import public
from shouxin.web.shell.kept import KEPT
from shouxin.web.shell.page import render
from shouxin.web.shell.visit import Visit

STEP, PROVEN, SAID = "signing_in", "phone_proven", "said_once"
HOME, APPLYING = "/me", "/apply"
ANY = ["GET", "HEAD", "POST"]


@public
@require_http_methods(ANY)
def number(request: Visit) -> HttpResponse:
    """The first step. Whoever is signed in already is led home."""
    if _is_borrower(request):
        return session.where_next(request, HOME)
    form = NumberForm(request)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            sent = _send(request, form.cleaned_data["phone"])
        except CannotNow:
            form.refuse("phone", _("No message can be sent just now. Nothing is lost; try again in a minute."))
            status = 503
        else:
            if not isinstance(sent, NotProved):
                session.want(request)
                return HttpResponseRedirect("/sign-in/code")
            form.refuse("phone", why_not(request, sent))
    context = {"form": form, "ended": request.session.get("ended", ""), "kept": KEPT in request.session}
    context["onward"] = session.onward(request)
    return render(request, "account/number.html", context, status=status)


@public
@require_http_methods(ANY)
def code(request: Visit) -> HttpResponse:
    """The second step: the code."""
    sent = waiting(request, STEP)
    if sent is None:
        return HttpResponseRedirect("/sign-in")
    form = CodeForm(request)
    if request.method == "POST" and form.is_valid():
        proved = _prove(request, sent, form.cleaned_data["code"])
        if isinstance(proved, str):
            request.session.cycle_key()  # a key that somebody planted is worth nothing once a number is proved
            request.session[PROVEN] = proved
            return _go_on(request, form)
        form.refuse("code", why_not(request, proved))
    said = request.session.pop(SAID, "")
    return render(request, "account/code.html", {"form": form, "said": said, **sent.context(request)})


@public
@require_POST
def again(request: Visit) -> HttpResponse:
    """Another code to the same number."""
    sent = waiting(request, STEP)
    if sent is None:
        return HttpResponseRedirect("/sign-in")
    try:
        answer = _send(request, sent.phone(request))
    except CannotNow:
        request.session[SAID] = _("No message can be sent just now. Nothing is lost; try again in a minute.")
    else:
        request.session[SAID] = why_not(request, answer) if answer else _("Another code is on its way.")
    return HttpResponseRedirect("/sign-in/code")


@public
@require_http_methods(ANY)
def id_number(request: Visit) -> HttpResponse:
    """The third step, for few: who of those who share this phone is there."""
    if PROVEN not in request.session or _is_borrower(request):
        return HttpResponseRedirect("/sign-in")
    form = IdNumberForm(request)
    if request.method == "POST" and form.is_valid():
        return _go_on(request, form, form.cleaned_data["id_number"])
    return render(request, "account/id_number.html", {"form": form})


@public
@require_POST
def sign_out(request: Visit) -> HttpResponse:
    """Out, on our side too."""
    session.finish(request)
    return render(request, "account/signed_out.html")


def _send(request: Visit, phone: str) -> NotProved | None:
    asked = {"phone": phone, "about": "sign_in", "lang": request.lang}
    origin = request.META.get("REMOTE_ADDR") or "nowhere"
    sent = send_code(request.lender, SendCode.read({**asked, "origin": origin}))
    if isinstance(sent, NotProved):
        return sent
    remember(request, STEP, sent, keep_number(request.lender, sent.code, phone))
    return None


def _prove(request: Visit, sent: Waiting, typed: str) -> str | NotProved:
    asked = {"visitor": session.visitor(request), "code": sent.code, "number": sent.number, "typed": typed}
    return prove_phone(request.lender, ProvePhone.read(asked))


def _go_on(request: Visit, form: CodeForm | IdNumberForm, id_number: str | None = None) -> HttpResponse:
    """The number is proved: in, to the application, to the ID number, or back with what was wrong."""
    asked = {"visitor": session.visitor(request), "proven": request.session[PROVEN], "lang": request.lang}
    asked |= {"id_number": id_number, **session.device_of(request)}
    found = sign_in(request.lender, SignInWith.read(asked))
    if isinstance(found, SignedIn):
        session.begin(request, found)
        return session.where_next(request, HOME)
    if isinstance(found, Shared):
        return HttpResponseRedirect("/sign-in/id")
    request.session.pop(STEP, None)
    if isinstance(found, Stranger):
        wanted = str(request.session.pop("return_to", APPLYING))
        return HttpResponseRedirect(wanted if wanted.startswith(APPLYING) else APPLYING)
    if id_number is None:
        return HttpResponseRedirect("/sign-in")
    strange = _("No account with this phone has this ID number. Please look at it again.")
    form.refuse("id_number", strange if found.why is Why.WRONG else why_not(request, found))
    return render(request, "account/id_number.html", {"form": form})


def _is_borrower(request: Visit) -> bool:
    return request.user.is_authenticated and getattr(request.user, "kind", "") == "borrower"
