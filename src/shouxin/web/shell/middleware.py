"""What happens to every request: language and look from their cookies, and the headers that keep a page to itself."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.utils import translation

from shouxin.web.shell.visit import Visit

Next = Callable[[Visit], HttpResponseBase]
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",  # with no-referrer a form of our own page arrives from "null" and is refused
    "X-Content-Type-Options": "nosniff",
}
LANGS, THEMES, SIZES = ("zh", "en"), ("light", "dark"), ("normal", "large")
DJANGO_NAMES = {"zh": "zh-hans", "en": "en"}


def reader(get_response: Next) -> Next:
    """`request.lang`, `.theme` and `.size`: from a cookie, else the browser's first language, else Chinese."""

    def handle(request: Visit) -> HttpResponseBase:
        request.lang = "en" if _lang(request) == "en" else "zh"
        request.theme = _one_of(request.COOKIES.get("theme"), THEMES)
        request.size = _one_of(request.COOKIES.get("size"), SIZES)
        with translation.override(DJANGO_NAMES[request.lang]):
            return get_response(request)

    return handle


def headers(get_response: Next) -> Next:
    """The same few headers on every answer; what isn't a file of ours is kept nowhere."""

    def handle(request: Visit) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        response.setdefault("Cache-Control", "no-store")
        return response

    return handle


def _lang(request: Visit) -> str:
    chosen = request.COOKIES.get("lang")
    if chosen in LANGS:
        return chosen
    wished = request.headers.get("Accept-Language", "").lower()
    return "en" if wished.startswith("en") else "zh"


def _one_of(value: str | None, known: tuple[str, ...]) -> str:
    return value if value in known else ""
