"""What the lender goes by, in the open: partners, rules, terms and notices."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from shouxin.core.rules.rule import TOPICS
from shouxin.usecases.lender import BadInput
from shouxin.usecases.oversight.partners import partners as list_partners
from shouxin.usecases.oversight.price_list import products
from shouxin.usecases.oversight.published_notices import published_notice, published_notices
from shouxin.usecases.oversight.published_rules import SearchRules, search_rules
from shouxin.web.public.showing import show
from shouxin.web.shell.doors import public
from shouxin.web.shell.page import not_found
from shouxin.web.shell.visit import Visit


@public
@require_safe
def partners(request: Visit) -> HttpResponse:
    """Who may hold or receive which data, from when until when; the suspended stay on the list."""
    found = list_partners(request.lender)
    receiving = sum(one.receives for one in found)
    silent = sum(one.state == "engaged" and not one.receives for one in found)
    return show(request, "partners", {"partners": found, "receiving": receiving, "silent": silent})


@public
@require_safe
def rules(request: Visit) -> HttpResponse:
    """An index of topics; `?topic=` opens one of them, `?q=` finds the rules that hold these words."""
    asked, topic = request.GET.get("q", "").strip(), request.GET.get("topic", "")
    wish = {"q": asked, "topic": topic if topic in TOPICS else ""}
    try:
        found, fault = search_rules(request.lender, SearchRules.read(wish)), ""
    except BadInput as error:
        found, fault = search_rules(request.lender, SearchRules()), error.where
    shown = {"found": found, "q": asked[:200], "topic": wish["topic"], "fault": fault}
    return show(request, "rules", shown, status=400 if fault else 200)


@public
@require_safe
def terms(request: Visit) -> HttpResponse:
    """All notices and products, each with its version."""
    lender = request.lender
    shown = {"notices": published_notices(lender), "products": products(lender), "policy": lender.policy.hash}
    return show(request, "terms", shown)


@public
@require_safe
def notice(request: Visit, key: str) -> HttpResponse:
    """One notice, as it is shown before something is done."""
    found = published_notice(request.lender, key)
    if found is None:
        return not_found(request)
    return show(request, "notice", {"notice": found, "items": found.items[request.lang]}, here="terms")
