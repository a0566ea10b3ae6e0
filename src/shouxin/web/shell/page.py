"""Turns what a use case gave into a page, and bad news into the page that it has.

HTTP statuses are decided here and nowhere else: a refusal is 403, what isn't there (or isn't yours) 404 with the same
bytes, bad input 400, what can't be done now 503, a bug 500 with an incident number and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.web.shell.visit import Visit

RETRY_SECONDS = 60


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The template, filled in."""
    return shortcuts.render(request, template, dict(context or {}), status=status)


def refused(request: Visit, refusal: Refusal, *, back: str = "/") -> HttpResponse:
    """A refusal is a page, not an error: its reason, the rules behind it, and where to go. Not yours is not found."""
    if refusal.reason is Reason.NOT_YOURS:
        return not_found(request)
    rules = [rule for name in refusal.rules if (rule := request.lender.policy.rules.get(name, request.lender.today()))]
    return render(request, "shell/refused.html", {"refusal": refusal, "rules": rules, "back": back}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Missing, or somebody else's: nobody can tell which."""
    return render(request, "shell/not_found.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What arrived isn't what a form of ours sends (too large, cut short, a field doubled)."""
    return render(request, "shell/bad_request.html", status=400)


def bad_input(request: HttpRequest, where: str, message: str) -> HttpResponse:
    """A request that makes no sense as it stands, and where."""
    return render(request, "shell/bad_request.html", {"where": where, "message": message}, status=400)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token of its own page: sent from elsewhere, or the session ended meanwhile."""
    return render(request, "shell/forged.html", status=403)


def cannot_now(request: HttpRequest) -> HttpResponse:
    """Nothing is lost; try again."""
    answer = render(request, "shell/cannot_now.html", {"seconds": RETRY_SECONDS}, status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def bug(request: HttpRequest, incident: str = "") -> HttpResponse:
    """Our fault: a number to quote, and nothing else."""
    return render(request, "shell/bug.html", {"incident": incident}, status=500)
