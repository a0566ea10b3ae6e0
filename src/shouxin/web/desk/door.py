"""The desk's doors: for collectors, and for whoever answers requests, once they chose a password of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.web.shell.doors import staff
from shouxin.web.shell.page import not_found, refused
from shouxin.web.shell.visit import Visit

View = Callable[..., HttpResponseBase]
NOT_THEIRS = (Reason.NOT_YOURS, Reason.NO_CASE, Reason.NO_GRANT)


def collector(view: View) -> View:
    """For collectors alone; other staff hears that there is no such page."""
    return staff("collector")(_ready(view))


def answering(*roles: str) -> Callable[[View], View]:
    """For staff of these desks; other staff hears that there is no such page."""
    return lambda view: staff(*roles)(_ready(view))


def _ready(view: View) -> View:
    @wraps(view)
    def guarded(request: Visit, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        if user.must_change:
            return HttpResponseRedirect(reverse("desk:password"))
        return view(request, *args, **kwargs)

    return guarded


def said_no(request: Visit, refusal: Refusal, *, case: str) -> HttpResponse:
    """A refusal in a case. What another holds, what is over and what never was are the same page."""
    if refusal.reason in NOT_THEIRS:
        return not_found(request)
    return refused(request, refusal, back=reverse("desk:case", args=[case]))
