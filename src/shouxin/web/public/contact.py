"""The page of a contact person: opened by the code of their notice, without an account.

It says nothing of a borrower and nothing of a debt, to nobody. What it shows is the contact person's own history.
"""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.policy.say import say
from shouxin.usecases.oversight.evidence import Evidence, evidence
from shouxin.usecases.oversight.history_of import HistoryOf, history_of
from shouxin.usecases.privacy.contact_notice import (
    OpenContact,
    RenewContact,
    hand_key,
    has_refused,
    open_contact,
    page_until,
    refuse_for_good,
    renew_contact,
)
from shouxin.usecases.privacy.last_file import LastFile, last_file
from shouxin.usecases.privacy.tries import NotProved, Why
from shouxin.web.public.showing import show
from shouxin.web.shell import session
from shouxin.web.shell.doors import contact, public
from shouxin.web.shell.forms import PageForm
from shouxin.web.shell.page import refused
from shouxin.web.shell.visit import Visit
from shouxin.web.shell.words import moment

MINE, ERASED = "/contact/mine", "/contact/erased"
RULES = ("CN.GBT45251.CONTACT", "CN.CBA2026.THIRD")
"""When a contact person may be asked at all. The house's own rule says more than that: it speaks of lateness."""
ANY = ["GET", "HEAD", "POST"]


class PassForm(PageForm):
    """The code of the notice, however it is spelt."""

    code = forms.CharField(
        label=_("The code in our message"),
        help_text=_("Twelve letters and digits, for example abcd-2345-efgh. Capitals and strokes make no difference."),
        max_length=60,
        error_messages={"required": _("Enter the code that stands in our message")},
    )


@public
@require_http_methods(ANY)
def door(request: Visit) -> HttpResponse:
    """Why a message came, and the field for its code."""
    if request.user.is_authenticated and getattr(request.user, "kind", "") == "contact":
        return HttpResponseRedirect(MINE)
    form = PassForm(request)
    if request.method == "POST" and form.is_valid():
        asked = {"code": form.cleaned_data["code"], "visit": session.visitor(request)}
        opened = open_contact(request.lender, OpenContact.read(asked))
        if not isinstance(opened, NotProved):
            session.begin(request, opened)
            return session.where_next(request, MINE)
        form.refuse("code", why_not(request, opened))
        late = request.POST["code"] if opened.why is Why.LATE else ""
        return show(request, "contact", {"form": form, "late": late})
    return show(request, "contact", {"form": form, "ended": request.session.get("ended", "")})


@public
@require_http_methods(ANY)
def again(request: Visit) -> HttpResponse:
    """A new code to the same number, for who has one whose days are over. Its address alone leads to the door."""
    if request.method != "POST":
        return HttpResponseRedirect("/contact")
    form = PassForm(request)
    if not form.is_valid():
        return show(request, "contact", {"form": form})
    asked = {"code": form.cleaned_data["code"], "visit": session.visitor(request), "lang": request.lang}
    answer = renew_contact(request.lender, RenewContact.read(asked))
    if isinstance(answer, Refusal):
        return refused(request, answer, back="/contact")
    if isinstance(answer, NotProved):
        form.refuse("code", why_not(request, answer))
        return show(request, "contact", {"form": form})
    return show(request, "contact_again", {"renewed": answer}, here="contact")


@contact
@require_safe
def mine(request: Visit) -> HttpResponse:
    """What we hold of the contact person, each use of it, what it may be used for, and the way out."""
    asked = HistoryOf(subject=request.subject, lang=request.lang, everything=True)
    told = history_of(request.lender, asked)
    if isinstance(told, Refusal):
        return refused(request, told)
    lender = request.lender
    if not isinstance(last_file(lender, LastFile(subject=request.subject)), Refusal):
        return HttpResponseRedirect(ERASED)
    rules = [rule for name in RULES if (rule := lender.policy.rules.get(name, lender.today()))]
    shown = {"told": told, "rules": rules, "has_refused": has_refused(lender, request.subject)}
    shown |= {"contact": lender.policy.house.contact[request.lang], "until": page_until(lender, request.subject)}
    return show(request, "contact_mine", shown, here="contact")


@contact
@require_http_methods(ANY)
def refuse(request: Visit) -> HttpResponse:
    """Once more in words, because it can't be undone; then it is done."""
    form = PageForm(request)
    if request.method == "POST" and form.is_valid():
        done = refuse_for_good(request.lender, request.subject)
        if isinstance(done, Refusal) and done.reason is not Reason.ALREADY_DONE:
            return refused(request, done, back=MINE)
        return HttpResponseRedirect(MINE)
    if has_refused(request.lender, request.subject):
        return HttpResponseRedirect(MINE)
    return show(request, "contact_refuse", {"form": form}, here="contact")


@contact
@require_safe
def bundle(request: Visit) -> HttpResponse:
    """The whole history with its proofs, to be checked anywhere."""
    found = evidence(request.lender, Evidence(subject=request.subject))
    return refused(request, found) if isinstance(found, Refusal) else as_file("bundle.json", found.bundle)


@contact
@require_POST
def person_key(request: Visit) -> HttpResponse:
    """The key that the history is checked with; that it was handed out is an entry of it."""
    key = hand_key(request.lender, request.subject)
    if isinstance(key, Refusal):
        return refused(request, key, back=MINE)
    return HttpResponseRedirect(MINE) if isinstance(key, NotProved) else as_file("person.key", key)


@contact
@require_POST
def leave(request: Visit) -> HttpResponse:
    """Close the page on this device."""
    session.finish(request)
    return HttpResponseRedirect("/contact")


def as_file(name: str, content: bytes) -> HttpResponse:
    """A file that nothing keeps."""
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def why_not(request: Visit, found: NotProved) -> str:
    """In words, beside the code."""
    if found.why is Why.LATE:
        return str(_("This code is too old to open the page. Have a new one sent: below."))
    if found.why is Why.WRONG or found.until is None:
        return str(
            _("No page opens with this code. Compare it with the message; a newer message has a code of its own.")
        )
    at = moment(found.until, request.lang, zone=request.lender.settings.zone, today=request.lender.today())
    return say(request.lender.policy, request.lang, f"proof.{found.why.value}", at=at)
