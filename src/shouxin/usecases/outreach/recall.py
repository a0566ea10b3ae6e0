"""Takes a grant back, with effect at the next use."""

from dataclasses import dataclass

from django.db import transaction

from shouxin.core.rules.refusal import Refusal
from shouxin.records.outreach.models import Grant as Row
from shouxin.usecases.lender import Lender, Request, Text
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
    """Recalling asks nothing about the loans: it is always allowed."""
    receipt = lender.vault.recall(request.case, request.actor)
    if isinstance(receipt, Refusal):
        return receipt
    with transaction.atomic():
        held = Row.objects.filter(case_id=request.case, actor=request.actor, recalled_at=None)
        held.update(recalled_at=lender.clock.now())
    return Recalled(request.case, request.actor, receipt.entry, receipt)
