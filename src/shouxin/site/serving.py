"""The one lender that this process serves, and the headers of every visit to it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from shouxin.site.trouble import as_unable, incident
from shouxin.usecases.lender import BadInput, Lender
from shouxin.web.shell import page

Next = Callable[[Any], HttpResponseBase]
_served: list[Lender] = []


def serve(lender: Lender) -> None:
    """From now on pages speak for this lender."""
    _served[:] = [lender]


def served() -> Lender:
    """The lender that pages speak for."""
    return _served[0]


def the_lender(get_response: Next) -> Next:
    """Puts the lender on each request, as `request.lender`."""

    def handle(request: Any) -> HttpResponseBase:
        request.lender = served()
        return get_response(request)

    return handle


class Troubles:
    """Says what stops a request as a page: bad input, can't now, or a bug with its incident number."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing to do on the way."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django's hook; None leaves what is its own (a 404, a suspicious request) to its handlers."""
        if type(error).__module__.startswith("django.") and not _of_database(error):
            return None
        unable = as_unable(error)
        if isinstance(unable, BadInput):
            return page.bad_input(request, unable.where, unable.message)
        if unable is not None:
            _note(f"can't now: {unable.code} {unable.where}")
            return page.cannot_now(request)
        number, trail = incident(error)
        _note(f"bug {number}: {trail}")
        return page.bug(request, number)


def _of_database(error: Exception) -> bool:
    return type(error).__module__.startswith("django.db")


def _note(text: str) -> None:
    sys.stderr.write(f"shouxin: {text}\n")
