"""Signing an offer, by a code that names its amount and its cost, and paying it out.

1. What was signed already is given again: nothing is asked twice, nothing is signed twice.
2. The sheet must be of today, and its three questions answered: else start again from the cost.
3. The code, which was bound to this offer, these terms and these words, must be right; then the contract is entered
   and the loan made (`sign`), and the money goes to the person's own card (`disburse`).
A crash after signing leaves a signed loan that isn't paid out; asking for it again (`pay_out`) pays it out.
"""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import Field

from shouxin.core.loan import terms
from shouxin.core.loan.schedule import build
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.outbound.render import money
from shouxin.usecases.credit import quiz
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan.disburse import Disburse, disburse
from shouxin.usecases.loan.offer_of import EXPIRED, OPEN, PAID_OUT, OfferOf, OwnOffer, offer_of
from shouxin.usecases.loan.sign import Sign, sign
from shouxin.usecases.privacy.codes import CodeSent
from shouxin.usecases.privacy.step_up import AskStepUp, StepUp, ask, prove
from shouxin.usecases.privacy.tries import NotProved, Why

ABOUT: Literal["sign"] = "sign"
LOOKS, LOOK_EVERY_SECONDS = 30, 0.1
"""A form that came twice at once waits so long for the other one's signature."""


class AskToSign(Request):
    """Send the code for these terms and these words (in `lang`) to the person's own number."""

    subject: Text
    offer: Text
    terms_hash: Text
    text_hash: Text
    lang: Literal["zh", "en"] = "zh"


class TakeUp(Request):
    """The code as typed; `code` and `number` came with `ask_to_sign`."""

    subject: Text
    offer: Text
    terms_hash: Text
    text_hash: Text
    lang: Literal["zh", "en"] = "zh"
    code: str = Field(default="", max_length=200)
    number: str = ""
    typed: str = Field(default="", max_length=200)


@dataclass(frozen=True)
class TakenUp:
    """The signed offer as it stands; `entry` is the contract's in the person's history, `at` its time.

    `unpaid` says why the money couldn't go yet.
    """

    offer: OwnOffer
    entry: int
    at: datetime
    unpaid: Refusal | None


def ready(lender: Lender, request: OfferOf) -> OwnOffer | Refusal:
    """The offer, when it may be signed as it was shown; or why not."""
    offer = offer_of(lender, request)
    if isinstance(offer, Refusal):
        return offer
    if offer.state != OPEN:
        return Refusal(Reason.EXPIRED if offer.state == EXPIRED else Reason.ALREADY_SIGNED, (), "offer")
    if offer.frozen is None or offer.frozen.begins_on < lender.today():
        return Refusal(Reason.NO_COST_SHEET, quiz.SEEN_FIRST, "terms_hash")
    if not quiz.understood(offer.offer, offer.frozen.terms_hash):
        return Refusal(Reason.NO_COST_SHEET, quiz.SEEN_FIRST, "quiz")
    return offer


def ask_to_sign(lender: Lender, request: AskToSign) -> tuple[CodeSent, str] | NotProved | Refusal:
    """Send the code; the message names what is borrowed and what is repaid in all."""
    offer = _as_seen(lender, request.subject, request.offer, request.terms_hash)
    if isinstance(offer, Refusal):
        return offer
    assert offer.frozen is not None, "an offer that is ready has its terms"
    agreed = terms.parse(offer.frozen.terms)
    figures = {"amount": agreed.principal_minor, "total": build(agreed).total}
    return ask(
        lender,
        AskStepUp(
            subject=request.subject,
            about=ABOUT,
            lang=request.lang,
            bound=_bound(request.offer, request.terms_hash, request.text_hash),
            figures={name: money(minor, agreed.currency) for name, minor in figures.items()},
        ),
    )


def take_up(lender: Lender, request: TakeUp) -> TakenUp | NotProved | Refusal:
    """Sign and pay out, or give again what was signed before."""
    see = OfferOf(subject=request.subject, offer=request.offer)
    standing = pay_out(lender, see)
    if not isinstance(standing, Refusal):
        return standing
    offer = _as_seen(lender, request.subject, request.offer, request.terms_hash)
    if isinstance(offer, Refusal):
        return offer
    proof = prove(
        lender,
        StepUp(
            subject=request.subject,
            about=ABOUT,
            code=request.code or "none",
            number=request.number,
            typed=request.typed,
            bound=_bound(request.offer, request.terms_hash, request.text_hash),
        ),
    )
    if isinstance(proof, NotProved):
        return _by_another(lender, see, proof) or proof
    agreed = request.model_dump(include={"subject", "offer", "terms_hash", "text_hash", "lang"})
    signed = sign(lender, Sign(**agreed))
    if isinstance(signed, Refusal) and signed.reason is not Reason.ALREADY_SIGNED:
        return signed
    return pay_out(lender, see)


def taken_up(lender: Lender, request: OfferOf) -> TakenUp | Refusal:
    """A signed offer as it stands, and nothing is done; refused while it isn't signed."""
    offer = offer_of(lender, request)
    if isinstance(offer, Refusal):
        return offer
    if offer.state in (OPEN, EXPIRED):
        return Refusal(Reason.NO_COST_SHEET, (), "offer")
    assert offer.frozen is not None, "what was signed has its terms"
    entry, at = _agreed(lender, request)
    return TakenUp(offer, entry, at, None)


def pay_out(lender: Lender, request: OfferOf) -> TakenUp | Refusal:
    """A signed offer, paid out now if it wasn't; refused while it isn't signed."""
    taken = taken_up(lender, request)
    if isinstance(taken, Refusal) or taken.offer.state == PAID_OUT:
        return taken
    paid = disburse(lender, Disburse(loan=request.offer))
    now = taken_up(lender, request)
    assert not isinstance(now, Refusal), "what was signed stays signed"
    if isinstance(paid, Refusal) and paid.reason is not Reason.ALREADY_DONE:
        return replace(now, unpaid=paid)
    return now


def _by_another(lender: Lender, see: OfferOf, why: NotProved) -> TakenUp | None:
    """The same form came several times at once and another one's code counted: what became of it.

    A used code was used for these very terms, so its signature is on its way; a wrong one waits for nothing.
    """
    taken = taken_up(lender, see)
    looks = LOOKS if why.why is Why.USED else 0
    while looks and (isinstance(taken, Refusal) or taken.offer.state != PAID_OUT):
        time.sleep(LOOK_EVERY_SECONDS)
        taken, looks = taken_up(lender, see), looks - 1
    return None if isinstance(taken, Refusal) else taken


def _agreed(lender: Lender, request: OfferOf) -> tuple[int, datetime]:
    """The number and time of the entry that made the contract; it comes before the loan's row does."""
    history = lender.vault.history(request.subject)
    assert history is not None, "an offer is somebody's"
    made = next(one for one in history.entries if one.record.get("contract") == request.offer)
    return made.j, datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=made.time)


def _as_seen(lender: Lender, subject: str, name: str, terms_hash: str) -> OwnOffer | Refusal:
    """The offer when it is ready and its terms are those that the reader has before them."""
    offer = ready(lender, OfferOf(subject=subject, offer=name))
    if isinstance(offer, Refusal):
        return offer
    assert offer.frozen is not None, "an offer that is ready has its terms"
    same = offer.frozen.terms_hash == terms_hash
    return offer if same else Refusal(Reason.NO_COST_SHEET, quiz.SEEN_FIRST, "terms_hash")


def _bound(offer: str, terms_hash: str, text_hash: str) -> str:
    return f"{offer} {terms_hash} {text_hash}"
