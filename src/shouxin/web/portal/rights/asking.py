"""Asking for one thing: a field corrected, restricted or deleted, a decision reviewed, a request taken back."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.credit.ask_review import AskReview, ask_review
from shouxin.usecases.lender import STATED_AMOUNTS, BadInput
from shouxin.usecases.privacy.correct import BY_DOCUMENT, Correct, correct, may_correct
from shouxin.usecases.privacy.own_fields import (
    DeleteField,
    OwnFields,
    RestrictField,
    delete_field,
    own_fields,
    restrict_field,
)
from shouxin.usecases.privacy.take_back_request import TakeBackRequest, take_back_request
from shouxin.web.portal.rights.overview import back
from shouxin.web.shell import page
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.forms import PageForm
from shouxin.web.shell.visit import Visit

LONGEST = 64
ACTS = ("restrict", "lift", "delete")


class ValueForm(PageForm):
    """The value that is right. What stands now isn't shown: to see it takes a code, and an entry."""

    value = forms.CharField(
        label=gettext_lazy("What is right"),
        error_messages={"required": gettext_lazy("Enter what is right")},
    )


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: Visit) -> HttpResponse:
    """`?field=` names one that may be corrected here; any other leads back."""
    name = request.GET.get("field", "")
    if name not in may_correct(request.lender, request.subject):
        return HttpResponseRedirect(reverse("rights:overview"))
    form = ValueForm(request)
    if name in STATED_AMOUNTS:
        form.fields["value"].widget.attrs |= {"inputmode": "decimal", "class": "box short"}
    if request.method == "POST" and form.is_valid():
        done = _corrected(request, form, name)
        if done is not None:
            return done
    context = {"tab": "data", "form": form, "name": name, "by_document": name in BY_DOCUMENT}
    return page.render(request, "rights/correct.html", context, status=400 if form.errors else 200)


def _corrected(request: Visit, form: ValueForm, name: str) -> HttpResponse | None:
    """Back to the overview; None when the form has to say what is wrong with the value."""
    try:
        done = correct(request.lender, Correct(subject=request.subject, field=name, value=form.cleaned_data["value"]))
    except BadInput:
        form.refuse("value", _("Write the amount with digits, such as 8600 or 8600.50"))
        return None
    if not isinstance(done, Refusal):
        return back(request, "corrected" if done.at_once else "waits")
    if done.reason is Reason.ALREADY_DONE:
        return back(request, "already")
    if done.reason is Reason.MALFORMED:
        form.refuse("value", _("It can’t be written like this; compare it with the document"))
        return None
    return page.refused(request, done, back=reverse("rights:overview"))


@borrower
@require_safe
def delete(request: Visit) -> HttpResponse:
    """What can't be undone is said once more in words. `?field=` names one that may go; any other leads back."""
    name = request.GET.get("field", "")
    if name not in {
        one.name for one in own_fields(request.lender, OwnFields(subject=request.subject)) if not one.required
    }:
        return HttpResponseRedirect(reverse("rights:overview"))
    return page.render(request, "rights/delete.html", {"tab": "data", "name": name})


@borrower
@require_POST
def field(request: Visit) -> HttpResponse:
    """`act` and `field` come in the body: no address tells what somebody restricts."""
    act, name = request.POST.get("act", ""), _posted(request, "field")
    if act not in ACTS or not name:
        return page.bad_input(request, "field", _("There is no such field on this page."))
    if act == "delete":
        done = delete_field(request.lender, DeleteField(subject=request.subject, field=name))
        return _told(request, done, "deleted")
    lift = act == "lift"
    done = restrict_field(request.lender, RestrictField(subject=request.subject, field=name, lift=lift))
    return _told(request, done, "lifted" if lift else "restricted")


@borrower
@require_POST
def review(request: Visit) -> HttpResponse:
    """Put a decision before a person; an application of somebody else is not found."""
    name = _posted(request, "application")
    if not name:
        return page.bad_input(request, "application", _("There is no such application on this page."))
    return _told(request, ask_review(request.lender, AskReview(subject=request.subject, application=name)), "waits")


@borrower
@require_POST
def take_back(request: Visit) -> HttpResponse:
    """Take back what waits; somebody else's request is not found."""
    name = _posted(request, "request")
    if not name:
        return page.bad_input(request, "request", _("There is no such request on this page."))
    done = take_back_request(request.lender, TakeBackRequest(subject=request.subject, request=name))
    return _told(request, done, "taken_back")


def _told(request: Visit, done: object, word: str) -> HttpResponse:
    """Done twice is done: the second press finds it so and says so."""
    if not isinstance(done, Refusal):
        return back(request, word)
    if done.reason in (Reason.ALREADY_DONE, Reason.NOT_HELD):
        return back(request, "already")
    return page.refused(request, done, back=reverse("rights:overview"))


def _posted(request: Visit, name: str) -> str:
    """A name as a button of ours sends it; anything else names nothing."""
    value = request.POST.get(name, "")
    return value if len(value) <= LONGEST and value.isprintable() else ""
