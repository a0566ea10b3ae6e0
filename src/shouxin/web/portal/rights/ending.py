"""Everything about me shall go: first what goes and what stays, then a code, then the last file, then the keys."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.privacy import sessions
from shouxin.usecases.privacy.erase import Erase, WhatGoes, erase, what_goes
from shouxin.usecases.privacy.last_file import LastFile, last_file
from shouxin.usecases.privacy.let_go import LetGo, let_go
from shouxin.usecases.privacy.rights_of import RightsOf, rights_of
from shouxin.web.portal.rights.proving import Proving
from shouxin.web.shell import page, session
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.visit import Visit

ERASE = Proving("erase")
ANY = ["GET", "HEAD", "POST"]


@borrower
@require_http_methods(ANY)
def ask(request: Visit) -> HttpResponse:
    """What would go, what would be kept by which rule until when, and what a contract still needs: before any press."""
    fate = what_goes(request.lender, WhatGoes(subject=request.subject))
    if isinstance(fate, Refusal):
        return _closed_or(request, fate)
    return ERASE.send(request, "rights/erase.html", {"fate": fate})


@borrower
@require_http_methods(ANY)
def code(request: Visit) -> HttpResponse:
    """With the code it is done. Every other session ends."""
    fate = what_goes(request.lender, WhatGoes(subject=request.subject))
    if isinstance(fate, Refusal):
        return _closed_or(request, fate)
    asked = ERASE.take(request, "rights/erase_code.html", {"fate": fate})
    if asked is not None:
        return asked
    done = erase(request.lender, Erase(subject=request.subject))
    if isinstance(done, Refusal):
        return page.refused(request, done, back=reverse("rights:overview"))
    sessions.end_all(request.lender, str(request.user.pk), but=request.session["sign_in"], because="erased")
    return HttpResponseRedirect(reverse("rights:erased"))


@borrower
@require_safe
def erased(request: Visit) -> HttpResponse:
    """What is left: the last file to fetch, or what is only kept; before anything was erased there is no such page."""
    found = last_file(request.lender, LastFile(subject=request.subject))
    if not isinstance(found, Refusal):
        return page.render(request, "rights/closed.html", {"tab": "data", "last": found})
    told = rights_of(request.lender, RightsOf(subject=request.subject))
    if isinstance(told, Refusal):
        return page.refused(request, told)
    done = next((one for one in told.asked if one.right == "erasure" and not one.open), None)
    if done is None:
        return HttpResponseRedirect(reverse("rights:overview"))
    return page.render(request, "rights/erased.html", {"tab": "data", "told": told, "done": done})


@borrower
@require_safe
def last(request: Visit) -> HttpResponse:
    """The bundle that ends in `closed`."""
    found = last_file(request.lender, LastFile(subject=request.subject))
    if isinstance(found, Refusal):
        return page.refused(request, found)
    return _file("last-file.json", found.bundle)


@borrower
@require_safe
def trust(request: Visit) -> HttpResponse:
    """Whose signatures to believe when it is checked."""
    found = last_file(request.lender, LastFile(subject=request.subject))
    return page.refused(request, found) if isinstance(found, Refusal) else _file("trust.json", found.trust)


@borrower
@require_POST
def destroy(request: Visit) -> HttpResponse:
    """The person has the file: the keys go now, and with them this session."""
    gone = let_go(request.lender, LetGo(subject=request.subject))
    if isinstance(gone, Refusal):
        return page.refused(request, gone)
    session.finish(request)
    return page.render(request, "rights/gone.html", {})


def _closed_or(request: Visit, refusal: Refusal) -> HttpResponse:
    found = last_file(request.lender, LastFile(subject=request.subject))
    if isinstance(found, Refusal):
        return page.refused(request, refusal)
    return HttpResponseRedirect(reverse("rights:erased"))


def _file(name: str, content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
