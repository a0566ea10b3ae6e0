"""Signs an offer: the terms that the cost sheet showed become a contract in the person's history.

Two entries are made: `notice_shown` names the version and fingerprint of the contract's words in the language that was
read, `agreed` the fingerprint of the terms. The words themselves are kept with the loan, as they were.

The loan has the offer's id, and the history names the contract by it. So the chain, which takes
one entry after the other, decides a race of two signatures, and a signature whose second half
was lost in a crash is completed by signing again.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db import transaction

from shouxin.core.loan import terms
from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.facts import Facts
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.core.rules.rule import LANGUAGES
from shouxin.records.loan.models import Loan, Offer, SignedText
from shouxin.records.loan.reading import SIGNED, frozen
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.contract_text import ContractText, contract_text, to_doc
from shouxin.usecases.loan.cost_sheet import over_the_cap, priced, still_open
from shouxin.vault.opening import Receipt
from shouxin.vault.record import Deciding

NOTICE = "contract"
"""What the history calls the contract's words."""
SHOWN = 16
"""Hex digits of a fingerprint that tell one text from any other of the same contract."""


class Sign(Request):
    """This person accepts this offer. `terms_hash` and `text_hash`, when given, are what they saw: the terms on the
    sheet, and the words in `lang`.
    """

    subject: Text
    offer: Text
    terms_hash: Text | None = None
    text_hash: Text | None = None
    lang: Literal["zh", "en"] = "zh"


@dataclass(frozen=True)
class Signed:
    """The new loan, and the receipt of the entry `agreed` (None when an earlier call wrote it)."""

    loan: str
    terms_hash: str
    text_hash: str
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
    texts = texts_of(lender, offer)
    seen = texts[request.lang]
    if request.text_hash not in (None, seen.fingerprint):
        return Refusal(Reason.NO_COST_SHEET, ("CN.COST.SHEET",), "text_hash")
    _, terms_hash = frozen(json.loads(offer.terms))
    receipt = _agree(lender, offer, terms_hash, seen)
    if isinstance(receipt, Refusal):
        return receipt
    _make_loan(lender, offer, terms_hash, texts, seen)
    return Signed(offer.id, terms_hash, seen.fingerprint, lender.today(), receipt)


def texts_of(lender: Lender, offer: Offer) -> dict[str, ContractText]:
    """The contract's words in each language, as somebody would sign them today."""
    document = json.loads(offer.terms)
    agreed, (_, terms_hash) = terms.parse(document), frozen(document)
    return {
        lang: contract_text(
            lender.policy, agreed, contract=offer.id, terms_hash=terms_hash, signed_on=lender.today(), lang=lang
        )
        for lang in LANGUAGES
    }


def _sheet_stands(lender: Lender, offer: Offer, seen: str | None) -> Refusal | None:
    """No sheet, no signature; nor on other terms than were shown, nor above a cap of today."""
    if not offer.terms:
        return Refusal(Reason.NO_COST_SHEET, ("CN.COST.SHEET",), "offer")
    document = json.loads(offer.terms)
    if seen is not None and seen != frozen(document)[1]:
        return Refusal(Reason.NO_COST_SHEET, ("CN.COST.SHEET",), "terms_hash")
    _, ruling = priced(lender, terms.parse(document))
    return None if ruling.allow else over_the_cap(ruling)


def _agree(lender: Lender, offer: Offer, terms_hash: str, seen: ContractText) -> Receipt | Refusal | None:
    stood = False

    def unless_signed(record: Record) -> Deciding:
        def decide(facts: Facts) -> Record | Refusal:
            nonlocal stood
            stood = offer.id in facts.contracts.values()
            return Refusal(Reason.ALREADY_SIGNED, (), "offer") if stood else record

        return decide

    shown: Record = {"kind": "notice_shown", "notice": NOTICE, "version": version_of(seen), "lang": seen.lang}
    agreed: Record = {"kind": "agreed", "contract": offer.id, "terms": terms_hash}
    answer = lender.vault.record(offer.subject_id, unless_signed(shown))
    if not isinstance(answer, Refusal):
        answer = lender.vault.record(offer.subject_id, unless_signed(agreed))
    return None if stood else answer


def version_of(text: ContractText) -> str:
    """What the history calls these words: their version, and the beginning of their fingerprint."""
    return f"{text.version} · {text.fingerprint[:SHOWN]}"


def _make_loan(
    lender: Lender, offer: Offer, terms_hash: str, texts: dict[str, ContractText], seen: ContractText
) -> None:
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
        SignedText.objects.get_or_create(
            id=offer.id,
            defaults={
                "subject_id": offer.subject_id,
                "version": seen.version,
                "lang": seen.lang,
                **{lang: frozen(to_doc(text))[0] for lang, text in texts.items()},
                "fingerprint": seen.fingerprint,
                "signed_on": lender.today(),
            },
        )
