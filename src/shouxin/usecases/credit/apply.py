"""Somebody applies: how much and for how long. There is no room for anything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from django.db import transaction
from pydantic import Field

from shouxin.core.money import MoneyError, format_amount, parse_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.policy.product import Product
from shouxin.records.credit.models import Application
from shouxin.usecases.lender import Amount, BadInput, BasicInformation, Lender, Text

NEVER = ("CN.APP.NECESSARY", "CN.APP.TC260")
RECEIVED, APPROVED, DECLINED, REVIEW = "received", "approved", "declined", "review"


class Apply(BasicInformation):
    """An amount, a number of instalments, and the product where a lender has several.

    What somebody's phone could tell about other people or places is refused by name
    (`address_book`); any other unknown field is bad input.
    """

    subject: Text
    amount: Amount
    currency: Text = "CNY"
    instalments: Annotated[int, Field(ge=1, le=1200)]
    product: Text | None = None


@dataclass(frozen=True)
class Applied:
    """The application, waiting for a decision."""

    application: str
    product: str
    amount: str
    currency: str
    instalments: int


def apply(lender: Lender, request: Apply, *, key: str | None = None) -> Applied | Refusal:
    """Take an application. The vault says whether the person exists; nothing is opened.

    With a `key`, whoever sends the same one again gets the first application, whatever else they send.
    """
    if request.offered:
        return Refusal(Reason.ADDRESS_BOOK, NEVER, request.offered[0])
    product = _product(lender, request)
    amount_minor = _amount(request, product)
    if isinstance(amount_minor, Refusal):
        return amount_minor
    history = lender.vault.history(request.subject)
    if history is None or history.kind != "borrower" or history.facts.closed:
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
    asked = {
        "product": product.key,
        "currency": request.currency,
        "amount_minor": amount_minor,
        "instalments": request.instalments,
        "applied_at": lender.clock.now(),
        "state": RECEIVED,
    }
    with transaction.atomic():
        row = _row(lender.ids.new(), request.subject, key, asked)
    amount = format_amount(row.amount_minor, row.currency)
    return Applied(row.id, row.product, amount, row.currency, row.instalments)


def _row(name: str, subject: str, key: str | None, asked: Mapping[str, object]) -> Application:
    if key is None:
        return Application.objects.create(id=name, subject_id=subject, **asked)
    return Application.objects.get_or_create(subject_id=subject, key=key, defaults={"id": name, **asked})[0]


def _product(lender: Lender, request: Apply) -> Product:
    """The named product, or the first whose currency it is."""
    products = lender.policy.products
    if request.product is not None:
        found = products.get(request.product)
    else:
        found = next((one for one in products.values() if one.terms["currency"] == request.currency), None)
    if found is None or found.terms["currency"] != request.currency:
        raise BadInput("no such product in this currency", where="product")
    return found


def _amount(request: Apply, product: Product) -> int | Refusal:
    try:
        least, most, asked = (
            parse_amount(text, request.currency, where="amount")
            for text in (product.least, product.most, request.amount)
        )
    except MoneyError as error:
        raise BadInput(error.message, where=error.where) from None
    return asked if least <= asked <= most else Refusal(Reason.WRONG_AMOUNT, (), "amount")
