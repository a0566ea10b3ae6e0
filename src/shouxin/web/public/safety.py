"""Help: how our real calls go, what we never ask, and who answers."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from shouxin.web.public.showing import show
from shouxin.web.shell.doors import public
from shouxin.web.shell.visit import Visit

CALLS = ("CN.GBT45251.HOURS", "CN.GBT45251.FREQ", "CN.CBA2026.ID", "CN.GBT45251.TARGET", "CN.GBT45251.CONTACT")
"""The rules that anybody can hold a call of ours against."""


@public
@require_safe
def help_page(request: Visit) -> HttpResponse:
    """A borrower who is signed in keeps the tabs."""
    lender = request.lender
    borrower = request.user.is_authenticated and getattr(request.user, "kind", "") == "borrower"
    shown = {
        "shell": "shell/portal.html" if borrower else "shell/public.html",
        "tab": "help",
        "contact": lender.policy.house.contact[request.lang],
        "rules": [rule for name in CALLS if (rule := lender.policy.rules.get(name, lender.today()))],
    }
    return show(request, "help", shown)
