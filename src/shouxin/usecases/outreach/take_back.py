"""Records that an agency gave back or deleted what it was told of a borrower (PIPL art. 21).

What the agency really did, no entry can show: the answer prints this as what the lender says.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.facts import Facts
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import BadInput, Lender, PartyName, Request, Text
from shouxin.usecases.outreach.cases import NO_CASE
from shouxin.vault.opening import Receipt

RULE = "CN.PIPL.21"


class TakeBack(Request):
    """This agency says that it holds nothing any more of the borrower of this case, which was recalled or closed."""

    case: Text
    party: PartyName


@dataclass(frozen=True)
class TakenBack:
    """The fields that it had been given, and the entry that ends its holding them."""

    case: str
    party: str
    fields: tuple[str, ...]
    entry: int
    receipt: Receipt


def take_back(lender: Lender, request: TakeBack) -> TakenBack | Refusal:
    """Refused when it holds nothing; `BadInput` while it still has a case of this borrower."""
    subject = lender.vault.case_subject(request.case)
    history = lender.vault.history(subject) if subject else None
    if subject is None or history is None:
        return NO_CASE
    if any(to == request.party for _, to in history.facts.grants.values()):
        raise BadInput("recall the case first: the agency still works on it", where="party")
    fields = tuple(sorted(history.facts.given.get(request.party, ())))
    receipt = lender.vault.record(subject, _all_of(request, fields))
    if isinstance(receipt, Refusal):
        return receipt
    return TakenBack(request.case, request.party, fields, receipt.entry, receipt)


def _all_of(request: TakeBack, fields: tuple[str, ...]) -> Callable[[Facts], Record | Refusal]:
    def decide(facts: Facts) -> Record | Refusal:
        if not fields or not facts.given.get(request.party, frozenset()).issuperset(fields):
            return Refusal(Reason.ALREADY_DONE, (RULE,), "party")
        return {"kind": "returned", "recipient": request.party, "fields": list(fields), "case": request.case}

    return decide
