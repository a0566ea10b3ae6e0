"""The log as anybody may see it, and the files that go with it."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from shouxin.usecases.oversight.example_history import example_history
from shouxin.usecases.oversight.published_log import CHECKPOINT, published_file, published_log, trust_file, verifier
from shouxin.web.public.showing import show
from shouxin.web.shell.doors import public
from shouxin.web.shell.page import not_found
from shouxin.web.shell.visit import Visit

NOTE, TILE = "text/plain; charset=utf-8", "application/octet-stream"
FOR_GOOD = "public, max-age=31536000, immutable"
KINDS = {"json": "application/json", "key": "application/json", "js": "text/javascript; charset=utf-8"}


@public
@require_safe
def log(request: Visit) -> HttpResponse:
    """Where the log stands, whom to believe, what to check with."""
    return show(request, "log", {"verifier": verifier()})


@public
@require_safe
def checkpoint(request: Visit) -> HttpResponse:
    """The newest signed checkpoint as the C2SP note that any tool of the kind reads."""
    return HttpResponse(published_log(request.lender).note, content_type=NOTE)


@public
@require_safe
def published(request: Visit, name: str) -> HttpResponse:
    """The published log, file by file (C2SP tlog-tiles). A tile never changes; the checkpoint does."""
    data = published_file(request.lender, name)
    if data is None:
        return not_found(request)
    kind, kept = (NOTE, "no-cache") if name == CHECKPOINT else (TILE, FOR_GOOD)
    return HttpResponse(data, content_type=kind, headers={"Cache-Control": kept})


@public
@require_safe
def trust(request: Visit) -> HttpResponse:
    """trust.json, to be kept."""
    return _file("trust.json", trust_file(request.lender))


@public
@require_safe
def verify_js(request: Visit) -> HttpResponse:
    """The verifier: what the pages run, and what anybody may save. It is the same for all and may be kept a while."""
    return HttpResponse(verifier().data, content_type=KINDS["js"], headers={"Cache-Control": "public, max-age=300"})


@public
@require_safe
def example(request: Visit, name: str) -> HttpResponse:
    """One of the three files of the made-up borrower."""
    data = example_history().files.get(name)
    return not_found(request) if data is None else _file(name, data)


def _file(name: str, data: bytes) -> HttpResponse:
    kind = KINDS[name.rpartition(".")[2]]
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
