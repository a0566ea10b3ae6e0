"""The person's own files: the evidence, what it is checked by, their key, and one page that works without a network.

Each is an answer of its own that nothing keeps (`no-store`), saved as a file and never part of a page or an address.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shouxin import verify
from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.oversight.evidence import Evidence, evidence
from shouxin.usecases.privacy.consent_receipt import ConsentReceipt, consent_receipt
from shouxin.usecases.privacy.issue_key import IssueKey, issue_key
from shouxin.usecases.privacy.tries import NotProved
from shouxin.web.portal.data.history import PROOF, read, shown
from shouxin.web.shell import page
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.visit import Visit

JSON = "application/json"
BYTES = "application/octet-stream"
_VERIFIER = Path(verify.__file__).with_name("verify.js")
_STATIC = Path(__file__).resolve().parents[2] / "static"


@borrower
@require_safe
def bundle(request: Visit) -> HttpResponse:
    """The whole history with its proofs, made now."""
    found = evidence(request.lender, Evidence(subject=request.subject))
    return page.refused(request, found) if isinstance(found, Refusal) else _file("bundle.json", found.bundle, JSON)


@borrower
@require_safe
def receipt(request: Visit) -> HttpResponse:
    """What I allowed, refused and took back, signed; anybody can check it with trust.json."""
    made = consent_receipt(request.lender, ConsentReceipt(subject=request.subject, lang=request.lang))
    return page.refused(request, made) if isinstance(made, Refusal) else _file("consents.json", made.file, JSON)


@borrower
@require_safe
def trust(request: Visit) -> HttpResponse:
    """Whose signatures to believe; better taken from a witness, and kept from the first time on."""
    found = evidence(request.lender, Evidence(subject=request.subject))
    return page.refused(request, found) if isinstance(found, Refusal) else _file("trust.json", found.trust, JSON)


@borrower
@require_POST
def person_key(request: Visit) -> HttpResponse:
    """The key once more; an entry says so. Without a fresh code the way leads to one."""
    asked = IssueKey(subject=request.subject, proof=request.session.get(PROOF, ""))
    issued = issue_key(request.lender, asked)
    if isinstance(issued, Refusal):
        return page.refused(request, issued, back=reverse("data:history"))
    if isinstance(issued, NotProved):
        return HttpResponseRedirect(reverse("data:key"))
    return _file("person.key", issued.person_key, BYTES)


@borrower
@require_safe
def offline(request: Visit) -> HttpResponse:
    """One file with history, evidence and verifier, which needs no network; the key is not in it."""
    told = read(request, everything=True)
    found = evidence(request.lender, Evidence(subject=request.subject))
    if isinstance(told, Refusal) or isinstance(found, Refusal):
        refusal = told if isinstance(told, Refusal) else found
        assert isinstance(refusal, Refusal)
        return page.refused(request, refusal)
    script = _inline(_VERIFIER.read_text("utf-8") + (_STATIC / "data.js").read_text("utf-8"))
    style = (_STATIC / "app.css").read_text("utf-8")
    context = shown(request, told) | {
        "script": script,
        "style": style,
        "allowed": {"script": _hash(script), "style": _hash(style)},
        "bundle": base64.b64encode(found.bundle).decode(),
        "trust": base64.b64encode(found.trust).decode(),
    }
    text = render_to_string("data/offline.html", context, request=request)
    return _file("who-used-my-data.html", text.encode(), "text/html; charset=utf-8")


def _inline(script: str) -> str:
    """The script as it can stand inside a page: its comments and texts must not end it."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _hash(text: str) -> str:
    """How a page's own policy allows this one script or style, and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _file(name: str, content: bytes, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
