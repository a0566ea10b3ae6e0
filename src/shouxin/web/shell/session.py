"""The web's own session: how it begins and ends, and what becomes of a form that was sent after its end.

It holds the user's id, the id of the sign-in and sealed texts, never a personal value. Whether the sign-in still stands
is asked at each request, so it ends here when it was ended on another device.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib.auth import login, logout
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect

from shouxin.usecases.privacy import sessions
from shouxin.usecases.privacy.sessions import SignedIn
from shouxin.usecases.privacy.sign_in import Admit, admit
from shouxin.web.shell.doors import sign_in_first
from shouxin.web.shell.kept import KEPT, keep_form
from shouxin.web.shell.look import here
from shouxin.web.shell.visit import Visit

Next = Callable[[Visit], HttpResponseBase]
BACKEND = "django.contrib.auth.backends.ModelBackend"
DEVICE = "device"
DRAFT = "draft"
"""A sealed application; it goes on after an end that nobody asked for, and opens for its owner alone."""
DEVICE_DAYS = 400
"""As long as browsers keep a cookie at most."""
STEPS = ("signing_in", "phone_proven", "ended")
"""What belongs to the way in and is over with it."""
OPEN_TO_ALL = ("public", "machine")
PASSWORD, WITHOUT_ONE = "/desk/password", ("/desk/password", "/desk/sign-out")
"""Where staff goes whose password somebody else made, and the only pages that they have until it is changed."""


def visitor(request: Visit) -> str:
    """The id of this visit, for what is kept before anybody is known."""
    found = request.session.setdefault("visitor", request.lender.ids.new())
    return str(found)


def device_of(request: Visit) -> dict[str, str]:
    """What a use case is told of the browser: its device cookie, and what it calls itself."""
    return {"device": request.COOKIES.get(DEVICE, "")[:200], "user_agent": request.headers.get("User-Agent", "")[:500]}


def enter(request: Visit, subject: str) -> None:
    """Sign in whom this visit has just enrolled."""
    begin(request, admit(request.lender, Admit(subject=subject, **device_of(request))))


def begin(request: Visit, signed: SignedIn) -> None:
    """Begin a session for who signed in. Its key is new, so that one which somebody planted is worth nothing."""
    for key in STEPS:
        request.session.pop(key, None)
    login(request, signed.user, backend=BACKEND)
    request.session["sign_in"] = signed.sign_in
    if signed.device_cookie:
        said: Any = request
        said.device_cookie = signed.device_cookie


def finish(request: Visit) -> None:
    """Sign out, on our side too, and forget what the session held."""
    user = request.user
    if user.is_authenticated:
        sessions.end(request.lender, request.session.get("sign_in", ""), user=str(user.pk))
    logout(request)


def where_next(request: Visit, default: str) -> HttpResponse:
    """Where a sign-in leads: to the form that was kept, to the page that was wanted, or to `default`."""
    kept = request.session.pop("return_to", default)
    wanted = here(request.GET.get("next", kept))
    return HttpResponseRedirect("/kept" if KEPT in request.session else wanted)


def want(request: Visit) -> None:
    """Remember the page for whose sake somebody signs in (`?next=`), over steps that have addresses of their own.

    Only once there is something to remember for them: following a link alone makes no session.
    """
    if "next" in request.GET:
        request.session["return_to"] = here(request.GET["next"])


def onward(request: Visit) -> str:
    """The page that is wanted, as the address of the form that asks for a sign-in carries it on."""
    return f"?next={quote(here(request.GET['next']))}" if "next" in request.GET else ""


class SessionLife:
    """Ends sessions that stand no more, and sets the cookie of a new device on the way out."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: Visit) -> HttpResponseBase:
        """The device's cookie is long-lived, and no script reads it."""
        response = self._next(request)
        cookie = getattr(request, "device_cookie", "")
        if cookie:
            age = DEVICE_DAYS * 86_400
            secure = request.is_secure()
            response.set_cookie(DEVICE, cookie, max_age=age, secure=secure, httponly=True, samesite="Lax")
        return response

    def process_view(
        self, request: Visit, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """After the form's token was checked, before the view: does the sign-in still stand?"""
        user = request.user
        if not user.is_authenticated:
            return None
        audience = getattr(view, "audience", "public")
        because = sessions.stands(request.lender, request.session.get("sign_in", ""), user)
        if not because:
            stays = audience in OPEN_TO_ALL or request.path in WITHOUT_ONE or not getattr(user, "must_change", False)
            return None if stays else HttpResponseRedirect(PASSWORD)
        sealed = {KEPT: keep_form(request, str(user.pk)), DRAFT: request.session.get(DRAFT, "")}
        logout(request)
        request.session["ended"] = because
        request.session.update({key: text for key, text in sealed.items() if text})
        return None if audience in OPEN_TO_ALL else sign_in_first(request, audience)
