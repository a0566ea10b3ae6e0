"""One entry of my history: what happened, what it rested on, and how it is chained to its neighbours."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.oversight.entry_of import EntryOf, entry_of
from shouxin.web.shell import page
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.visit import Visit


@borrower
@require_safe
def entry(request: Visit, number: int) -> HttpResponse:
    """A number that isn't there is the same page as somebody else's."""
    told = entry_of(request.lender, EntryOf(subject=request.subject, entry=number, lang=request.lang))
    if isinstance(told, Refusal):
        return page.refused(request, told)
    return page.render(request, "data/entry.html", {"tab": "data", "told": told, "line": told.line})
