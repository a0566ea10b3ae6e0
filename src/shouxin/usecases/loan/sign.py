"""Signs an offer: the terms that the cost sheet showed become a contract in the person's history.

The loan has the offer's id, and the history names the contract by it. So the chain, which takes
one entry after the other, decides a race of two signatures, and a signature whose second half
was lost in a crash is completed by signing again.
"""

import json
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from shouxin.core.loan import terms
from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.facts import Facts
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.models import Loan, Offer
from shouxin.records.loan.reading import SIGNED, frozen
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.cost_sheet import over_the_cap, priced, still_open
from shouxin.vault.opening import Receipt


class Sign(Request):
    """This person accepts this offer. `terms_hash`, when given, is what they saw on the sheet."""

    subject: Text
    offer: Text
    terms_hash: Text | None = None


@dataclass(frozen=True)
class Signed:
    """The new loan, and the receipt of the entry `agreed` (None when an earlier call wrote it)."""

    loan: str
    terms_hash: str
    signed_on: date
    receipt: Receipt | None


def sign(lender: Lender, request: Sign) -> Signed | Refusal:
    """Check the offer and its price as of today, enter the contract, then make the loan."""
    offer = found.own_offer(request.offer, request.subject)
    if isinstance(offer, Refusal):
        return offer
    refusal = still_open(lender, offer) or _sheet_stands(lender, offer, request.terms_hash)
    if refusal:
        return refusal
    _, terms_hash = frozen(json.loads(offer.terms))
    receipt = _agree(lender, offer, terms_hash)
    if isinstance(receipt, Refusal):
        return receipt
    _make_loan(lender, offer, terms_hash)
    return Signed(offer.id, terms_hash, lender.today(), receipt)


def _sheet_stands(lender: Lender, offer: Offer, seen: str | None) -> Refusal | None:
    """No sheet, no signature; nor on other terms than were shown, nor above a cap of today."""
    if not offer.terms:
        return Refusal(Reason.NO_COST_SHEET, ("CN.COST.SHEET",), "offer")
    document = json.loads(offer.terms)
    if seen is not None and seen != frozen(document)[1]:
        return Refusal(Reason.NO_COST_SHEET, ("CN.COST.SHEET",), "terms_hash")
    _, ruling = priced(lender, terms.parse(document))
    return None if ruling.allow else over_the_cap(ruling)


def _agree(lender: Lender, offer: Offer, terms_hash: str) -> Receipt | Refusal | None:
    stood = False

    def agreed(facts: Facts) -> Record | Refusal:
        nonlocal stood
        stood = offer.id in facts.contracts.values()
        if stood:
            return Refusal(Reason.ALREADY_SIGNED, (), "offer")
        return {"kind": "agreed", "contract": offer.id, "terms": terms_hash}

    answer = lender.vault.record(offer.subject_id, agreed)
    return None if stood else answer


def _make_loan(lender: Lender, offer: Offer, terms_hash: str) -> None:
    agreed = terms.parse(json.loads(offer.terms))
    with transaction.atomic():
        Loan.objects.get_or_create(
            id=offer.id,
            defaults={
                "subject_id": offer.subject_id,
                "currency": agreed.currency,
                "principal_minor": agreed.principal_minor,
                "opened_on": lender.today(),
                "terms": offer.terms,
                "terms_hash": terms_hash,
                "source": SIGNED,
            },
        )
