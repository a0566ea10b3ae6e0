"""A person gets their key once more; an entry in their history says so each time."""

from __future__ import annotations

from dataclasses import dataclass, field

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy import step_up
from shouxin.usecases.privacy.tries import NotProved, Why


class IssueKey(Request):
    """Whose key; `proof` is what `step_up.prove` gave a moment ago for this very thing."""

    subject: Text
    proof: str = ""


@dataclass(frozen=True)
class KeyIssued:
    """The file person.key as it is handed out now. It holds no first leaf: see `vault/issue.py`."""

    subject: str
    person_key: bytes = field(repr=False, metadata={"secret": True})


def issue_key(lender: Lender, request: IssueKey) -> KeyIssued | NotProved | Refusal:
    """Write the entry, then give the key."""
    if not step_up.holds(lender, request.subject, "key", request.proof):
        return NotProved(Why.LATE)
    result = lender.vault.issue_key(request.subject)
    return result if isinstance(result, Refusal) else KeyIssued(request.subject, result)
