"""The cost sheet: money first, then the rate. Showing it freezes the terms that a signature will accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shouxin.core.money import parse_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.loan.cost_sheet import CostSheet, ShownSheet, cost_sheet
from shouxin.usecases.loan.offer_of import OPEN, OfferOf, OwnOffer, offer_of
from shouxin.web.portal.applying import pictures, way
from shouxin.web.portal.applying.door import borrower
from shouxin.web.portal.applying.forms import with_choices
from shouxin.web.portal.applying.typed import AmountField
from shouxin.web.shell.forms import PageForm
from shouxin.web.shell.page import refused, render
from shouxin.web.shell.visit import Visit
from shouxin.web.shell.words import money


class ChoiceForm(PageForm):
    """Borrow less, or over another number of months."""

    amount = AmountField(
        label=gettext_lazy("Amount of the loan"), example="12000",
        unclear=gettext_lazy("Please write the amount as a number, such as 12000"),
    )  # fmt: skip
    instalments = forms.TypedChoiceField(label=gettext_lazy("Over how many months"), coerce=int, choices=())

    def __init__(self, request: Visit, offer: OwnOffer, amount: str, instalments: int) -> None:
        months = [(count, _("%(months)s months") % {"months": count}) for count in offer.choices]
        with_choices(self, "instalments", months)
        super().__init__(request, initial={"amount": amount, "instalments": instalments})


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def cost(request: Visit, offer: str) -> HttpResponse:
    """The sheet as it was last shown if that was today, else drawn up anew; a POST draws it up for another choice."""
    found = offer_of(request.lender, OfferOf(subject=request.subject, offer=offer))
    if isinstance(found, Refusal):
        return refused(request, found)
    if found.state != OPEN:
        return over(request, found)
    amount, months = _chosen(found)
    form = ChoiceForm(request, found, amount, months)
    if request.method == "POST" and form.is_valid():
        asked = _ask(request, offer, form.cleaned_data["amount"], form.cleaned_data["instalments"])
        if isinstance(asked, ShownSheet):
            return HttpResponseRedirect(f"/cost/{offer}")
        if asked.where not in ("amount", "instalments"):
            return refused(request, asked, back=f"/decision/{found.application}")
        form.refuse(asked.where, _said(asked, found))
    shown = _ask(request, offer, amount, months)
    if isinstance(shown, Refusal):
        return refused(request, shown, back=f"/decision/{found.application}")
    return _page(request, found, shown, form)


def _ask(request: Visit, offer: str, amount: str, months: int) -> ShownSheet | Refusal:
    return cost_sheet(
        request.lender, CostSheet(subject=request.subject, offer=offer, amount=amount, instalments=months)
    )


def _chosen(offer: OwnOffer) -> tuple[str, int]:
    """What the last sheet was about; before any, the most that is offered of what was asked for."""
    if offer.frozen is not None:
        return str(offer.frozen.sheet["borrow"]), int(offer.frozen.sheet["instalments"])
    minor = {amount: parse_amount(amount, offer.currency, where="amount") for amount in (offer.asked, offer.limit)}
    return min(minor, key=lambda amount: minor[amount]), offer.instalments


def _said(refusal: Refusal, offer: OwnOffer) -> str:
    least, limit = (money(each, offer.currency) for each in (offer.least, offer.limit))
    if refusal.reason is Reason.NOT_ALLOWED_BY_TERMS:
        return _("Please choose one of these numbers of months")
    return _("Please write an amount from %(least)s to %(most)s") % {"least": least, "most": limit}


def _page(request: Visit, offer: OwnOffer, shown: ShownSheet, form: ChoiceForm) -> HttpResponse:
    sheet: Any = shown.sheet
    context = {
        "stand": way.stand(4),
        "offer": offer,
        "shown": shown,
        "sheet": sheet,
        "items": sheet["items"],
        "rows": shown.schedule["instalments"],
        "repaid": pictures.repaid(sheet),
        "early": pictures.early(sheet),
        "form": form,
    }
    return render(request, "applying/cost.html", context)


def over(request: Visit, offer: OwnOffer) -> HttpResponse:
    """An offer that is signed or has run out: where to go instead."""
    if offer.state == "expired":
        return render(request, "applying/expired.html", {"offer": offer})
    return HttpResponseRedirect(f"/sign/{offer.offer}/done")
