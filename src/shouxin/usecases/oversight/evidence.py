"""The files that a person checks their history with: the bundle and trust.json. Their key is theirs, and is no file of
this use case.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.oversight.gather import gather, prove


class Evidence(Request):
    """Whose history."""

    subject: Text


@dataclass(frozen=True)
class Files:
    """`bundle.json` and `trust.json`, byte for byte."""

    bundle: bytes = field(repr=False, metadata={"secret": True})
    trust: bytes


def evidence(lender: Lender, request: Evidence) -> Files | Refusal:
    """Prove the whole history as it stands now. No entry is written: it is the person's own."""
    gathered = gather(lender, request.subject)
    if isinstance(gathered, Refusal):
        return gathered
    return Files(prove(lender, gathered), lender.vault.trust())
