"""A second look before a deferral is agreed: both schedules, what it costs, and a code that names the two figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from shouxin.core.money import format_amount, parse_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.credit import put_off as use
from shouxin.usecases.credit.put_off import AskToPutOff, PlanOf, PlanShown, PutOff, plan_shown
from shouxin.usecases.loan.own_loans import OwnLoan, own_loan
from shouxin.usecases.privacy.tries import NotProved
from shouxin.web.portal.loan.defer import OFFERED
from shouxin.web.portal.loan.forms import PutOffForm
from shouxin.web.portal.loan.home import law
from shouxin.web.shell import words
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.page import not_found, refused, render
from shouxin.web.shell.proof import why_not
from shouxin.web.shell.visit import Visit

SLOT = "putting_off"
"""In the session: the code's id and the sealed number that it went to, by loan, length and plan."""


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def put_off(request: Visit, loan: str, by: int) -> HttpResponse:
    """A POST with `send` asks for a code, one without brings it back and agrees, once for each form."""
    if by not in OFFERED:
        return not_found(request)
    shown = plan_shown(request.lender, PlanOf(subject=request.subject, loan=loan, instalments=by))
    if isinstance(shown, Refusal):
        return _cannot(request, loan, shown)
    form = PutOffForm(request, initial={"plan": shown.plan_hash})
    if request.method != "POST" or not form.is_valid():
        return _page(request, loan, by, shown, form)
    if form.cleaned_data["plan"] != shown.plan_hash:
        return _changed(request, loan, by)
    return _send(request, loan, by, shown, form) if "send" in request.POST else _agree(request, loan, by, shown, form)


def _send(request: Visit, loan: str, by: int, shown: PlanShown, form: PutOffForm) -> HttpResponse:
    asked = AskToPutOff(
        subject=request.subject, loan=loan, instalments=by, plan_hash=shown.plan_hash, lang=request.lang
    )
    sent = use.ask_to_put_off(request.lender, asked)
    if isinstance(sent, Refusal):
        return _cannot(request, loan, sent)
    if isinstance(sent, NotProved):
        form.refuse("typed", why_not(request, sent))
        return _page(request, loan, by, shown, form)
    request.session[SLOT] = {"for": [loan, by, shown.plan_hash], "code": sent[0].code, "number": sent[1]}
    return HttpResponseRedirect(reverse("loan:put_off", args=[loan, by]))


def _agree(request: Visit, loan: str, by: int, shown: PlanShown, form: PutOffForm) -> HttpResponse:
    sent, said = _sent(request, loan, by, shown), form.cleaned_data
    if not sent or not said["typed"]:
        form.refuse(
            "typed", _("Please write the six digits of the message") if sent else _("Please ask for the code first")
        )
        return _page(request, loan, by, shown, form)
    wish = PutOff(
        subject=request.subject,
        loan=loan,
        instalments=by,
        plan_hash=shown.plan_hash,
        key=f"defer:{said['key']}"[:64],
        code=sent["code"],
        number=sent["number"],
        typed=said["typed"],
    )
    answer = use.put_off(request.lender, wish)
    if isinstance(answer, NotProved):
        form.refuse("typed", why_not(request, answer))
        return _page(request, loan, by, shown, form)
    if isinstance(answer, Refusal):
        return _cannot(request, loan, answer)
    request.session.pop(SLOT, None)
    return HttpResponseRedirect(reverse("loan:defer", args=[loan]))


def _cannot(request: Visit, loan: str, refusal: Refusal) -> HttpResponse:
    """A deferral that is kept has its own page, and so has a loan with nothing to put off: both stand at the first."""
    if refusal.reason in (Reason.ALREADY_DONE, Reason.NOT_ALLOWED_BY_TERMS):
        return HttpResponseRedirect(reverse("loan:defer", args=[loan]))
    return refused(request, refusal, back=reverse("loan:defer", args=[loan]))


def _changed(request: Visit, loan: str, by: int) -> HttpResponse:
    """The plan isn't the one of the page that was sent: nothing was agreed, look again."""
    return render(request, "loan/plan_changed.html", {"tab": "bills", "loan": loan, "by": by}, status=409)


def _sent(request: Visit, loan: str, by: int, shown: PlanShown) -> dict[str, Any]:
    """The code that was sent for this very plan, if one was."""
    sent: dict[str, Any] = request.session.get(SLOT) or {}
    return sent if sent.get("for") == [loan, by, shown.plan_hash] else {}


def _page(request: Visit, name: str, by: int, shown: PlanShown, form: PutOffForm) -> HttpResponse:
    loan = own_loan(request.lender, OwnLoan(subject=request.subject, loan=name))
    assert not isinstance(loan, Refusal), "a plan is of an own loan"
    plan: Any = shown.plan
    context = {
        "tab": "bills",
        "loan": loan,
        "by": by,
        "plan": plan,
        "heading": _heading(plan, by),
        "open": [row for row in plan["rows"] if parse_amount(row["new_outstanding"], loan.currency, where="row")],
        "old_total": _total(plan, "old_outstanding"),
        "new_total": _total(plan, "new_outstanding"),
        "form": form,
        "sent": bool(_sent(request, name, by, shown)),
        "law": law(request),
    }
    return render(request, "loan/put_off.html", context)


def _heading(plan: Any, by: int) -> str:
    said = ngettext("Put off by %(by)d month: %(extra)s more", "Put off by %(by)d months: %(extra)s more", by)
    return said % {"by": by, "extra": words.money(plan["extra_cost"], plan["currency"])}


def _total(plan: Any, column: str) -> str:
    """What is still to pay in all."""
    currency = plan["currency"]
    return format_amount(sum(parse_amount(row[column], currency, where=column) for row in plan["rows"]), currency)
