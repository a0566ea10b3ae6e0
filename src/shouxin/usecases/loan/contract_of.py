"""The contract's words for their own person: before signing as they would be signed, afterwards as they were."""

import json
from dataclasses import dataclass
from datetime import date

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.models import Offer, SignedText
from shouxin.records.loan.reading import frozen
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.contract_text import ContractText, from_doc
from shouxin.usecases.loan.cost_sheet import still_open
from shouxin.usecases.loan.sign import NOTICE, texts_of, version_of
from shouxin.vault.history import History


class ContractOf(Request):
    """The contract of this offer, or of the loan that it became, in one language."""

    subject: Text
    offer: Text
    lang: Text


@dataclass(frozen=True)
class Signature:
    """When and where it stands: entry `agreed` of the history, and whether the history names these very words.

    `lang` is the language that was read; the other one was kept beside it.
    """

    on: date
    lang: str
    entry: int
    as_recorded: bool


@dataclass(frozen=True)
class OwnContract:
    """`signed` is None for an offer that is open."""

    offer: str
    text: ContractText
    terms_hash: str
    signed: Signature | None


def contract_of(lender: Lender, request: ContractOf) -> OwnContract | Refusal:
    """Nothing of the person's is opened. Refused before a cost sheet of today was shown, and for an offer that has
    lapsed.
    """
    offer = found.own_offer(request.offer, request.subject)
    if isinstance(offer, Refusal):
        return offer
    kept = SignedText.objects.filter(id=offer.id, subject_id=request.subject).first()
    if kept is not None:
        return OwnContract(offer.id, _words(kept, request.lang), _terms_hash(offer), _signature(lender, kept))
    refusal = still_open(lender, offer) or _not_shown(lender, offer)
    if refusal:
        return refusal
    return OwnContract(offer.id, texts_of(lender, offer)[request.lang], _terms_hash(offer), None)


def has_words(loan: str) -> bool:
    """Were the words of this loan's contract kept? Those of a loan from a tape are somebody else's."""
    return SignedText.objects.filter(id=loan).exists()


def _not_shown(lender: Lender, offer: Offer) -> Refusal | None:
    """A sheet of another day has other dates than what can be signed today."""
    today = lender.today().isoformat()
    stands = bool(offer.terms) and json.loads(offer.terms)["disbursed_on"] >= today
    return None if stands else Refusal(Reason.NO_COST_SHEET, ("CN.COST.SHEET",), "offer")


def _terms_hash(offer: Offer) -> str:
    """An offer's terms don't change once they are signed (`cost_sheet`), so they are the loan's."""
    return frozen(json.loads(offer.terms))[1]


def _words(kept: SignedText, lang: str) -> ContractText:
    return from_doc(json.loads(kept.en if lang == "en" else kept.zh))


def _signature(lender: Lender, kept: SignedText) -> Signature:
    history = lender.vault.history(kept.subject_id)
    assert history is not None, "who signed has a history"
    version = version_of(_words(kept, kept.lang))
    return Signature(kept.signed_on, kept.lang, _agreed(history, kept.id), _names(history, version, kept.lang))


def _agreed(history: History, loan: str) -> int:
    return next(one.j for one in history.entries if one.record.get("contract") == loan)


def _names(history: History, version: str, lang: str) -> bool:
    """Does the history say that these words were shown?"""
    wanted = {"notice": NOTICE, "version": version, "lang": lang}
    return any(wanted.items() <= one.record.items() for one in history.entries)
