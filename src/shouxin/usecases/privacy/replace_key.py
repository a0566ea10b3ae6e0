"""A person's key was lost or stolen: the history goes on under a new one, and the new file is handed out."""

from __future__ import annotations

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy import step_up
from shouxin.usecases.privacy.issue_key import KeyIssued
from shouxin.usecases.privacy.tries import NotProved, Why


class ReplaceKey(Request):
    """Whose key; `proof` is what `step_up.prove` gave a moment ago for this very thing (`new_key`)."""

    subject: Text
    proof: str = ""


def replace_key(lender: Lender, request: ReplaceKey) -> KeyIssued | NotProved | Refusal:
    """Write the entry, then give the new file: with it the old one is of no use any more."""
    if not step_up.holds(lender, request.subject, "new_key", request.proof):
        return NotProved(Why.LATE)
    result = lender.vault.replace_key(request.subject)
    return result if isinstance(result, Refusal) else KeyIssued(request.subject, result)
