"""What a loan would cost, for anybody who asks before applying: the product's own arithmetic on an amount and a term.

Nobody's data is needed, so nobody's rate is known: the sheet is drawn up at the highest rate at which the grid lends
that amount, and the lowest is named beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shouxin.core.credit import grid
from shouxin.core.loan import cost, schedule, terms
from shouxin.core.loan.annual_rate import Method
from shouxin.core.money import MoneyError, format_amount, parse_amount
from shouxin.core.rules.rule import Rule
from shouxin.policy.product import Product, percent
from shouxin.usecases.lender import Amount, BadInput, Lender, Request, Text
from shouxin.usecases.loan.cost_sheet import priced
from shouxin.usecases.loan.price import cap_on

ASKED, MONTHS = "12000.00", 12
"""What the first page shows: an ordinary purchase over a year, cut to what the product lends."""
_DIGITS = 15
"""No currency's loan has more before its point."""


class ExampleCost(Request):
    """An amount and a number of instalments; without a product, the first."""

    product: Text | None = None
    amount: Amount
    instalments: Annotated[int, Field(ge=1, le=1200)]


@dataclass(frozen=True)
class Offered:
    """A product as it is offered: amounts as decimal strings, the rates of the grid as percentages."""

    key: str
    version: str
    title: Mapping[str, str]
    currency: str
    least: str
    most: str
    instalments: tuple[int, ...]
    lowest: str
    highest: str


@dataclass(frozen=True)
class Example:
    """The sheet (contract's shape) at `annual`, the highest rate for this amount; `lowest` is the best one.

    `cap` is the highest yearly cost that the rules of today allow, as a percentage, "" without a rule; `rules` say so.
    """

    product: Offered
    amount: str
    annual: str
    lowest: str
    late: str
    sheet: Mapping[str, object]
    schedule: Mapping[str, object]
    cap: str
    rules: tuple[Rule, ...]
    method: Method


def products(lender: Lender) -> tuple[Offered, ...]:
    """Every product of the policy in force."""
    return tuple(_offered(lender, product) for product in lender.policy.products.values())


def default_example(lender: Lender) -> Example:
    """The example of the first page, for the first product."""
    first = products(lender)[0]
    most = max((one for one in first.instalments if one <= MONTHS), default=first.instalments[0])
    asked = min(parse_amount(one, first.currency, where="amount") for one in (ASKED, first.most))
    least = parse_amount(first.least, first.currency, where="amount")
    amount = format_amount(max(asked, least), first.currency)
    return example_cost(lender, ExampleCost(product=first.key, amount=amount, instalments=most))


def example_cost(lender: Lender, request: ExampleCost) -> Example:
    """Draw up the sheet. Raises `BadInput` (`over_limit`, `too_little`, `no_such_term`) for what isn't lent."""
    offered = _chosen(lender, request.product)
    amount_minor = _lent(offered, request)
    rates = [band.annual_ppm for band in _grid(lender).bands if band.limit_minor >= amount_minor]
    if not rates:
        raise BadInput("nobody is lent that much", where="amount", code="over_limit")
    cap = cap_on(lender, lender.today())
    drawn = terms.parse(
        lender.policy.products[offered.key].filled(
            principal=format_amount(amount_minor, offered.currency),
            disbursed_on=lender.today().isoformat(),
            annual_ppm=max(rates),
            instalments=request.instalments,
            cap_ppm=cap.value if cap else None,
        )
    )
    sheet, _ = priced(lender, drawn)
    rules = [lender.policy.rules.get(name, lender.today()) for name in (cap.rules if cap else ())]
    return Example(
        product=offered,
        amount=format_amount(amount_minor, offered.currency),
        annual=percent(max(rates)),
        lowest=percent(min(rates)),
        late=f"{sheet.late_percent}%" if sheet.late_percent else "",
        sheet=cost.to_doc(sheet),
        schedule=schedule.to_doc(schedule.build(drawn)),
        cap=percent(cap.value) if cap else "",
        rules=tuple(rule for rule in rules if rule),
        method=sheet.method,
    )


def _chosen(lender: Lender, key: str | None) -> Offered:
    found = [one for one in products(lender) if key in (None, one.key)]
    if not found:
        raise BadInput("there is no such product", where="product", code="no_such_product")
    return found[0]


def _lent(offered: Offered, request: ExampleCost) -> int:
    """The amount in minor units, if the product lends it over that many instalments."""
    try:
        least, most, amount = (
            parse_amount(one, offered.currency, where="amount") for one in (offered.least, offered.most, request.amount)
        )
    except MoneyError as error:
        whole = request.amount.partition(".")[0]
        raise BadInput(error.message, where="amount", code="over_limit" if len(whole) > _DIGITS else "") from None
    if amount > most:
        raise BadInput("more than is lent", where="amount", code="over_limit")
    if amount < least:
        raise BadInput("less than is lent", where="amount", code="too_little")
    if request.instalments not in offered.instalments:
        raise BadInput("no such number of instalments", where="instalments", code="no_such_term")
    return amount


def _offered(lender: Lender, product: Product) -> Offered:
    """A product lends what both it and the grid allow."""
    bands, currency = _grid(lender).bands, str(product.terms["currency"])
    most = min(parse_amount(product.most, currency, where="most"), max(band.limit_minor for band in bands))
    rates = [band.annual_ppm for band in bands]
    return Offered(
        key=product.key,
        version=product.version,
        title=product.title,
        currency=currency,
        least=product.least,
        most=format_amount(most, currency),
        instalments=tuple(one for one in product.instalments if one in _grid(lender).terms),
        lowest=percent(min(rates)),
        highest=percent(max(rates)),
    )


def _grid(lender: Lender) -> grid.Grid:
    return grid.parse(lender.policy.grid)
