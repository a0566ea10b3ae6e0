"""Who may open a page. Each view has exactly one door; a test lists every address with its door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect

from shouxin.web.shell.page import not_found
from shouxin.web.shell.visit import Visit

View = Callable[..., HttpResponseBase]
SIGN_IN = {"borrower": "/sign-in", "contact": "/contact", "staff": "/desk/sign-in"}


def public(view: View) -> View:
    """For everybody; nothing of anybody's is shown."""
    return _marked(view, view, "public")


def borrower(view: View) -> View:
    """For a borrower, about themself: `request.subject`."""
    return _door(view, "borrower")


def contact(view: View) -> View:
    """For a contact person, about themself: `request.subject`."""
    return _door(view, "contact")


def staff(*roles: str) -> Callable[[View], View]:
    """For staff in one of these roles: `request.actor`. Any other role is told that there is no such page."""
    return lambda view: _door(view, "staff", roles)


def machine(view: View) -> View:
    """For a program that signs what it sends; the view checks the signature itself."""
    return _marked(view, view, "machine")


def _door(view: View, audience: str, roles: tuple[str, ...] = ()) -> View:
    @wraps(view)
    def guarded(request: Visit, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        if not user.is_authenticated or user.kind != audience:
            return sign_in_first(request, audience)
        if roles and user.actor.partition(":")[0] not in roles:
            return not_found(request)
        request.subject, request.actor = user.subject_id, user.actor
        return view(request, *args, **kwargs)

    return _marked(guarded, view, audience, roles)


def sign_in_first(request: Visit, audience: str) -> HttpResponse:
    """The way to the right sign-in, which leads back here."""
    return HttpResponseRedirect(f"{SIGN_IN[audience]}?next={quote(request.path)}")


def _marked(guarded: View, view: View, audience: str, roles: tuple[str, ...] = ()) -> View:
    said: Any = guarded
    said.audience, said.roles, said.named = audience, roles, f"{view.__module__}.{view.__name__}"
    return guarded
