"""One question a page: its form, why it is asked, and the way on to the first page that has no answer yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.credit.cost_ahead import Ahead, CostAhead, CostsAhead, cost_ahead
from shouxin.usecases.credit.own_applications import OwnApplications, own_applications, running
from shouxin.web.portal.applying import way
from shouxin.web.portal.applying.asked import why
from shouxin.web.portal.applying.door import applicant
from shouxin.web.portal.applying.draft import Draft
from shouxin.web.portal.applying.forms import FORMS, AmountForm, ContactsForm, IdentityForm, Question
from shouxin.web.shell.page import not_found, render
from shouxin.web.shell.visit import Visit
from shouxin.web.shell.words import money

EXAMPLE = "10000"


@applicant
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Visit, name: str) -> HttpResponse:
    """Ask, keep what was answered, go on. Somebody who is enrolled is asked for the amount only."""
    if name not in way.QUESTIONS:
        return not_found(request)
    if request.subject and (name != "amount" or _runs(request)):
        return HttpResponseRedirect("/apply" if _runs(request) else "/apply/consents")
    draft = Draft.of(request)
    if name == "amount":
        return _amount(request, draft)
    return _one(request, draft, name)


def _runs(request: Visit) -> bool:
    return running(own_applications(request.lender, OwnApplications(subject=request.subject))) is not None


def _one(request: Visit, draft: Draft, name: str) -> HttpResponse:
    form = FORMS[name](request, draft)
    asked = why(request, form.asks, whose="contact_person" if isinstance(form, ContactsForm) else "borrower")
    free = not any(one.required for one in asked)
    if request.method == "POST" and free and "leave_out" in request.POST:
        return _kept(draft, name, form.left_out())
    if request.method == "POST" and form.is_valid():
        if isinstance(form, IdentityForm) and form.under_age:
            return _under_age(request, draft)
        return _kept(draft, name, form.given())
    return _page(request, draft, name, form, {"why": asked, "free": free})


def _amount(request: Visit, draft: Draft) -> HttpResponse:
    ahead = _ahead(request, _typed(request, draft)) or _ahead(request, EXAMPLE)
    assert ahead is not None, "every product lends the example"
    form = AmountForm(request, draft, [(row.instalments, _months(row)) for row in ahead.rows])
    looking = "look" in request.POST
    if request.method == "POST" and form.is_valid() and _ahead(request, form.cleaned_data["amount"]) is None:
        least, most = (money(each, ahead.currency) for each in (ahead.least, ahead.most))
        form.over(_("Please write an amount from %(least)s to %(most)s") % {"least": least, "most": most})
    if request.method == "POST" and not looking and form.is_valid():
        return _kept(draft, "amount", form.given())
    if looking and list(form.errors) == ["instalments"]:
        form.errors.clear()
    options = zip(form["instalments"], ahead.rows, strict=True)
    return _page(request, draft, "amount", form, {"ahead": ahead, "options": list(options)})


def _typed(request: Visit, draft: Draft) -> str:
    """The amount as it stands on the page, when it is one."""
    text = request.POST.get("amount", "") if request.method == "POST" else draft["amount"]
    try:
        cleaned: str = AmountForm.base_fields["amount"].clean(text)
    except ValidationError:  # the form says what is wrong with it
        return ""
    return cleaned


def _ahead(request: Visit, amount: str) -> CostsAhead | None:
    found = cost_ahead(request.lender, CostAhead(amount=amount)) if amount else None
    return None if isinstance(found, Refusal) else found


def _months(row: Ahead) -> str:
    return _("%(months)s months") % {"months": row.instalments}


def _kept(draft: Draft, name: str, given: Mapping[str, Any]) -> HttpResponse:
    draft.answer(name, dict(given))
    draft.save()
    return HttpResponseRedirect(onward(draft))


def onward(draft: Draft) -> str:
    """The next page without an answer; when there is none, reading them over (or, once enrolled, the consents)."""
    open_question = draft.open_question()
    if open_question:
        return f"/apply/{open_question}"
    return "/apply/consents" if draft.enrolled else "/apply/check"


def _under_age(request: Visit, draft: Draft) -> HttpResponse:
    """Nothing is kept of somebody to whom nothing may be lent."""
    draft.drop()
    return render(request, "applying/under_age.html", {"stand": way.stand_of("identity")})


def _page(request: Visit, draft: Draft, name: str, form: Question, more: Mapping[str, Any]) -> HttpResponse:
    template = {"amount": "amount", "contacts": "contacts"}.get(name, "question")
    before = way.before(name)
    context = {"form": form, "stand": way.stand_of(name), "back": f"/apply/{before}" if before else "/apply", **more}
    return render(request, f"applying/{template}.html", context)
