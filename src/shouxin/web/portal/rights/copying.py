"""My copy: on a page to read and print, or as a file for another program; each after a code, each an entry."""

from __future__ import annotations

import json

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.oversight.own_copy import Copy, OwnCopy, Right, own_copy
from shouxin.usecases.privacy.tries import NotProved
from shouxin.web.portal.rights.proving import Proving
from shouxin.web.shell import page
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.visit import Visit

COPY = Proving("copy")
ANY = ["GET", "HEAD", "POST"]


@borrower
@require_http_methods(ANY)
def ask(request: Visit) -> HttpResponse:
    """What the copy holds, and the code; once the code was right, the two buttons."""
    if COPY.proved(request) and request.method != "POST":
        return page.render(request, "rights/copy_ready.html", {"tab": "data"})
    return COPY.send(request, "rights/copy.html", {})


@borrower
@require_http_methods(ANY)
def code(request: Visit) -> HttpResponse:
    """The code comes back."""
    return COPY.take(request, "rights/copy_code.html", {}) or HttpResponseRedirect(reverse("rights:copy"))


@borrower
@require_http_methods(ANY)
def page_of(request: Visit) -> HttpResponse:
    """All of it on one page that nothing keeps; whoever comes back to its address presses once more."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("rights:copy"))
    made = _made(request, "access")
    if not isinstance(made, Copy):
        return made
    return page.render(request, "rights/copy_page.html", {"tab": "data", "copy": made})


@borrower
@require_POST
def file_of(request: Visit) -> HttpResponse:
    """The same as JSON."""
    made = _made(request, "portability")
    if not isinstance(made, Copy):
        return made
    text = json.dumps(made.to_doc(request.lender), ensure_ascii=False, indent=2) + "\n"
    answer = HttpResponse(text, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


def _made(request: Visit, right: Right) -> Copy | HttpResponse:
    made = own_copy(request.lender, OwnCopy(subject=request.subject, right=right, proof=COPY.proof(request)))
    if isinstance(made, Refusal):
        return page.refused(request, made, back=reverse("rights:overview"))
    return HttpResponseRedirect(reverse("rights:copy")) if isinstance(made, NotProved) else made
