"""What a loan would cost: money first, then the rate; the figures of the very product that is signed."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouxin.usecases.lender import BadInput
from shouxin.usecases.oversight.price_list import Example, ExampleCost, Offered, default_example, example_cost, products
from shouxin.web.public.home import get_and_repay
from shouxin.web.public.showing import show
from shouxin.web.shell.doors import public
from shouxin.web.shell.visit import Visit
from shouxin.web.shell.words import money

FIELDS = ("amount", "instalments")
_MONTHS = re.compile(r"[0-9]{1,4}")


@public
@require_safe
def cost(request: Visit) -> HttpResponse:
    """`?amount=12000&instalments=12`, or the ordinary example; what can't be lent is said beside its field."""
    example, faults = _asked(request)
    shown = {
        "asked": _typed(request, example),
        "faults": faults,
        "example": example,
        "picture": get_and_repay(example),
        "products": products(request.lender),
    }
    return show(request, "cost", shown, status=400 if faults else 200)


def _asked(request: Visit) -> tuple[Example, dict[str, str]]:
    """The example asked for, or the ordinary one with what is wrong with the question, by field."""
    lender = request.lender
    if not any(name in request.GET for name in FIELDS):
        return default_example(lender), {}
    try:
        return example_cost(lender, ExampleCost.read(_document(request))), {}
    except BadInput as error:
        offered = products(lender)[0]
        where = error.where if error.where in FIELDS else "amount"
        faults = {where: _said(error.code, where, offered)}
        if _document(request)["instalments"] not in offered.instalments:
            faults["instalments"] = _said("", "instalments", offered)
        return default_example(lender), faults


def _document(request: Visit) -> dict[str, object]:
    """The address as the use case reads it. A thousands' comma and a yuan sign are how people write an amount."""
    amount = request.GET.get("amount", "").strip().replace(",", "").replace("，", "").lstrip("¥￥")
    months = request.GET.get("instalments", "").strip()
    return {"amount": amount, "instalments": int(months) if _MONTHS.fullmatch(months) else months}


def _typed(request: Visit, example: Example) -> dict[str, str]:
    """What stands in the fields: what was typed, else the example's."""
    ordinary = str(example.sheet["instalments"])
    months = request.GET.get("instalments", ordinary)
    return {
        "amount": request.GET.get("amount", example.amount.removesuffix(".00"))[:40],
        "instalments": months if months in [str(n) for n in example.product.instalments] else ordinary,
    }


def _said(code: str, where: str, offered: Offered) -> str:
    if where == "instalments":
        return _("Choose one of the numbers of months that we offer")
    if code == "over_limit":
        return _("We lend at most %(most)s to one person") % {"most": money(offered.most, offered.currency)}
    if code == "too_little":
        return _("We lend %(least)s or more") % {"least": money(offered.least, offered.currency)}
    return _("Write the amount in figures, for example 12000")
