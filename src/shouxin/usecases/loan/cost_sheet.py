"""What an offer costs, all in, before anybody signs (CN.COST.SHEET): money first, then the rate.

Showing the sheet freezes the terms that a signature will accept.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from shouxin.core.loan import cost, terms
from shouxin.core.loan.cost import CostSheet as Sheet
from shouxin.core.loan.schedule import build
from shouxin.core.loan.schedule import to_doc as schedule_doc
from shouxin.core.loan.terms import Terms, TermsError
from shouxin.core.money import MoneyError, format_amount, parse_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.core.rules.ruling import Ruling
from shouxin.records.loan.models import Loan, Offer
from shouxin.records.loan.reading import frozen
from shouxin.usecases.lender import Amount, BadInput, Date, Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.price import cap_on, rule_on_price


class CostSheet(Request):
    """The sheet of an offer. Amount and instalments default to what was applied for (the amount
    to the limit if that is lower), the day of pay-out to today.
    """

    subject: Text
    offer: Text
    amount: Amount | None = None
    instalments: Annotated[int, Field(ge=1, le=1200)] | None = None
    disbursed_on: Date | None = None


@dataclass(frozen=True)
class ShownSheet:
    """The terms as they would be signed, the sheet, the schedule and the ruling on the price."""

    offer: str
    terms: dict[str, object]
    terms_hash: str
    sheet: dict[str, object]
    schedule: dict[str, object]
    cap: dict[str, object]
    valid_until: date


def cost_sheet(lender: Lender, request: CostSheet) -> ShownSheet | Refusal:
    """Draw up the terms, rule on their price on today's date, and freeze them.

    A price above a cap is refused, never clipped.
    """
    offer = found.own_offer(request.offer, request.subject)
    if isinstance(offer, Refusal):
        return offer
    refusal = still_open(lender, offer)
    if refusal:
        return refusal
    drawn = _draw_up(lender, offer, request)
    if isinstance(drawn, Refusal):
        return drawn
    sheet, ruling = priced(lender, drawn)
    if not ruling.allow:
        return over_the_cap(ruling)
    document = terms.to_doc(drawn)
    text, terms_hash = frozen(document)
    now = lender.clock.now()
    # A signature that came in meanwhile wins: its terms must not change under it.
    unsigned = Offer.objects.filter(id=offer.id).exclude(id__in=Loan.objects.filter(id=offer.id).values("id"))
    if not unsigned.update(terms=text, sheet_shown_at=now):
        return Refusal(Reason.ALREADY_SIGNED, (), "offer")
    return ShownSheet(
        offer=offer.id,
        terms=document,
        terms_hash=terms_hash,
        sheet=cost.to_doc(sheet),
        schedule=schedule_doc(build(drawn)),
        cap=ruling.to_doc(),
        valid_until=offer.valid_until,
    )


def still_open(lender: Lender, offer: Offer) -> Refusal | None:
    """Why this offer can't be taken up any more, if so."""
    if Loan.objects.filter(id=offer.id).exists():
        return Refusal(Reason.ALREADY_SIGNED, (), "offer")
    return Refusal(Reason.EXPIRED, (), "offer") if lender.today() > offer.valid_until else None


def priced(lender: Lender, drawn: Terms) -> tuple[Sheet, Ruling]:
    """The sheet of these terms, and the ruling on its price as of today."""
    sheet = cost.cost_sheet(drawn)
    return sheet, rule_on_price(lender, drawn, sheet, on=lender.today())


def over_the_cap(ruling: Ruling) -> Refusal:
    """The refusal that a price above a cap gets; it names every cap that was broken."""
    return Refusal(Reason.OVER_PRICE_CAP, tuple(item.rule_id for item in ruling.blocking), "rate")


def _draw_up(lender: Lender, offer: Offer, request: CostSheet) -> Terms | Refusal:
    product = lender.policy.products[offer.product]
    amount_minor = _amount(offer, request)
    if not parse_amount(product.least, offer.currency, where="least") <= amount_minor <= offer.limit_minor:
        return Refusal(Reason.OVER_LIMIT if amount_minor > offer.limit_minor else Reason.WRONG_AMOUNT, (), "amount")
    instalments = request.instalments or offer.instalments
    if instalments not in product.instalments:
        return Refusal(Reason.NOT_ALLOWED_BY_TERMS, (), "instalments")
    disbursed_on = request.disbursed_on or lender.today()
    if not lender.today() <= disbursed_on <= offer.valid_until:
        raise BadInput("lies outside the days of the offer", where="disbursed_on")
    cap = cap_on(lender, lender.today())
    document = product.filled(
        principal=format_amount(amount_minor, offer.currency),
        disbursed_on=disbursed_on.isoformat(),
        annual_ppm=offer.annual_ppm,
        instalments=instalments,
        cap_ppm=cap.value if cap else None,
    )
    try:
        return terms.parse(document)
    except TermsError as error:
        raise BadInput(error.message, where=error.where) from None


def _amount(offer: Offer, request: CostSheet) -> int:
    if request.amount is None:
        return min(offer.asked_minor, offer.limit_minor)
    try:
        return parse_amount(request.amount, offer.currency, where="amount")
    except MoneyError as error:
        raise BadInput(error.message, where=error.where) from None
