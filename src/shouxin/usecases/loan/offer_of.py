"""An offer as its own person sees it: what may be chosen, what was shown so far, and what became of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shouxin.core.loan import cost, terms
from shouxin.core.loan.schedule import build
from shouxin.core.loan.schedule import to_doc as schedule_doc
from shouxin.core.money import format_amount
from shouxin.core.rules.refusal import Refusal
from shouxin.policy.product import percent
from shouxin.records.loan.models import Loan, Offer
from shouxin.records.loan.reading import begun, events_of, frozen, terms_of
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.cooling import ChangeOfMind, change_of_mind

OPEN, EXPIRED, SIGNED, PAID_OUT = "open", "expired", "signed", "paid_out"


class OfferOf(Request):
    """This offer, as seen by this person."""

    subject: Text
    offer: Text


@dataclass(frozen=True)
class Frozen:
    """The terms that a signature would accept: the text itself, its SHA-256, and what it costs.

    `begins_on` is the day of pay-out that the dates were worked out for.
    """

    terms: Mapping[str, Any]
    text: str
    terms_hash: str
    sheet: Mapping[str, Any]
    schedule: Mapping[str, Any]
    begins_on: date


@dataclass(frozen=True)
class OwnOffer:
    """`state` is `open`, `expired`, `signed` (the loan has the offer's id) or `paid_out`.

    `mind` says until when somebody who signs (today, or did) may change their mind, where a rule gives that.
    `least` to `limit` and `choices` (numbers of instalments) may be chosen; `frozen` is None before a sheet was shown.
    """

    offer: str
    application: str
    state: str
    product: str
    currency: str
    asked: str
    least: str
    limit: str
    annual: str
    instalments: int
    choices: tuple[int, ...]
    valid_until: date
    frozen: Frozen | None
    mind: ChangeOfMind | None


def offer_of(lender: Lender, request: OfferOf) -> OwnOffer | Refusal:
    """Read an offer. Nothing is drawn up or frozen, and nothing of the person's is opened."""
    offer = found.own_offer(request.offer, request.subject)
    if isinstance(offer, Refusal):
        return offer
    product = lender.policy.products[offer.product]
    loan = Loan.objects.filter(id=offer.id).first()
    return OwnOffer(
        offer=offer.id,
        application=offer.application_id,
        state=state_of(lender, offer, loan),
        product=offer.product,
        currency=offer.currency,
        asked=format_amount(offer.asked_minor, offer.currency),
        least=product.least,
        limit=format_amount(offer.limit_minor, offer.currency),
        annual=percent(offer.annual_ppm),
        instalments=offer.instalments,
        choices=product.instalments,
        valid_until=offer.valid_until,
        frozen=_frozen(offer) if offer.terms else None,
        mind=mind_of(lender, loan),
    )


def state_of(lender: Lender, offer: Offer, loan: Loan | None) -> str:
    """What became of an offer; `loan` is the one of its id, if it was signed."""
    if loan is not None:
        return PAID_OUT if begun(loan, events_of(loan, terms_of(loan))) else SIGNED
    return EXPIRED if lender.today() > offer.valid_until else OPEN


def mind_of(lender: Lender, loan: Loan | None) -> ChangeOfMind | None:
    """Until when who signed this loan, or signs today, may change their mind."""
    return change_of_mind(lender, loan.opened_on if loan else lender.today())


def _frozen(offer: Offer) -> Frozen:
    document = json.loads(offer.terms)
    agreed = terms.parse(document)
    text, terms_hash = frozen(document)
    return Frozen(
        terms=document,
        text=text,
        terms_hash=terms_hash,
        sheet=cost.to_doc(cost.cost_sheet(agreed)),
        schedule=schedule_doc(build(agreed)),
        begins_on=agreed.disbursed_on,
    )
