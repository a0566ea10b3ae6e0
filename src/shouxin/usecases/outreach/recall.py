"""Takes a grant back, with effect at the next use."""

from dataclasses import dataclass

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.outreach.cases import end_grants
from shouxin.vault.opening import Receipt


class Recall(Request):
    """This case, from this person or agency."""

    case: Text
    actor: Text


@dataclass(frozen=True)
class Recalled:
    """The entry in the borrower's history."""

    case: str
    actor: str
    entry: int
    receipt: Receipt


def recall(lender: Lender, request: Recall) -> Recalled | Refusal:
    """Recalling asks nothing about the loans: it is always allowed. Whatever the vault says, no grant is left."""
    receipt = lender.vault.recall(request.case, request.actor)
    end_grants(lender, request.case, actor=request.actor)
    if isinstance(receipt, Refusal):
        return receipt
    return Recalled(request.case, request.actor, receipt.entry, receipt)
