"""The door of an applicant: somebody who has proved a phone number, enrolled or not yet.

The address is open to all, but without a proved number it leads to the code first. Whatever else a form brings, an
address book or the like is refused by name, and the page says why.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpResponseBase

from shouxin.core.privacy.field import NEVER_HELD
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.credit.apply import NEVER
from shouxin.web.portal.applying.draft import phone
from shouxin.web.shell import doors, page
from shouxin.web.shell.doors import View
from shouxin.web.shell.visit import Visit


def applicant(view: View) -> View:
    """For somebody whose number was proved: `request.subject`, "" before they are enrolled."""

    @wraps(view)
    def guarded(request: Visit, *args: Any, **kwargs: Any) -> HttpResponseBase:
        subject_of(request)
        if not request.subject and not phone(request):
            return doors.sign_in_first(request, "borrower")
        return offered(request) or view(request, *args, **kwargs)

    return doors.public(guarded)


def borrower(view: View) -> View:
    """As the shell's door of a borrower, and nothing that a phone could tell of others comes in."""

    @wraps(view)
    def guarded(request: Visit, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return offered(request) or view(request, *args, **kwargs)

    return doors.borrower(guarded)


def subject_of(request: Visit) -> str:
    """Set and give `request.subject` where the door doesn't: the signed-in borrower's, else ""."""
    user: Any = request.user
    request.subject = user.subject_id if user.is_authenticated and user.kind == "borrower" else ""
    return request.subject


def offered(request: Visit) -> HttpResponseBase | None:
    """The refusal of what nobody may offer."""
    found = sorted(name for name in request.POST if name.lower() in NEVER_HELD)
    return page.refused(request, Refusal(Reason.ADDRESS_BOOK, NEVER, found[0]), back=request.path) if found else None
