"""What an amount would cost before anything is known of somebody: from the best row of the open grid to the dearest.

No fee is charged, so interest is the whole cost. Nobody is asked anything for it and nothing is kept.
"""

from dataclasses import dataclass

from shouxin.core.credit.offer import instalment, interest
from shouxin.core.money import MoneyError, format_amount, parse_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.policy.product import Product, percent
from shouxin.usecases.credit.decide import grid_of
from shouxin.usecases.lender import Amount, BadInput, Lender, Request, Text
from shouxin.usecases.loan.price import cap_on


class CostAhead(Request):
    """An amount, and the product where a lender has several."""

    amount: Amount
    product: Text | None = None


@dataclass(frozen=True)
class Ahead:
    """One number of months: the monthly amount and the whole cost, at the lowest and at the highest rate."""

    instalments: int
    monthly: tuple[str, str]
    cost: tuple[str, str]


@dataclass(frozen=True)
class CostsAhead:
    """`rates` are the lowest and highest yearly rate that the grid lends at today."""

    product: str
    currency: str
    amount: str
    least: str
    most: str
    rates: tuple[str, str]
    rows: tuple[Ahead, ...]


def cost_ahead(lender: Lender, request: CostAhead) -> CostsAhead | Refusal:
    """Every number of months that the product has; refused for an amount that it doesn't lend."""
    product = _product(lender, request)
    currency = str(product.terms["currency"])
    try:
        least, most, amount = (
            parse_amount(text, currency, where="amount") for text in (product.least, product.most, request.amount)
        )
    except MoneyError as error:
        raise BadInput(error.message, where=error.where) from None
    if not least <= amount <= most:
        return Refusal(Reason.WRONG_AMOUNT, (), "amount")
    rates = _rates(lender, amount)
    return CostsAhead(
        product=product.key,
        currency=currency,
        amount=format_amount(amount, currency),
        least=product.least,
        most=product.most,
        rates=(percent(rates[0]), percent(rates[1])),
        rows=tuple(_ahead(currency, amount, rates, months) for months in product.instalments),
    )


def _product(lender: Lender, request: CostAhead) -> Product:
    products = lender.policy.products
    found = products.get(request.product) if request.product else next(iter(products.values()))
    if found is None:
        raise BadInput("no such product", where="product")
    return found


def _rates(lender: Lender, amount: int) -> tuple[int, int]:
    """The lowest and the highest rate of the bands that lend so much, those above the cap of the day left out."""
    cap = cap_on(lender, lender.today())
    bands = grid_of(lender).bands
    able = [band for band in bands if band.limit_minor >= amount] or bands
    rates = sorted(band.annual_ppm for band in able if cap is None or band.annual_ppm <= cap.value)
    return (rates[0], rates[-1]) if rates else (0, 0)


def _ahead(currency: str, amount: int, rates: tuple[int, int], months: int) -> Ahead:
    monthly = [
        instalment(currency=currency, principal_minor=amount, annual_ppm=ppm, instalments=months) for ppm in rates
    ]
    cost = [interest(currency=currency, principal_minor=amount, annual_ppm=ppm, instalments=months) for ppm in rates]
    low, high = zip(monthly, cost, strict=True)
    shown = [[format_amount(each, currency) for each in pair] for pair in (low, high)]
    return Ahead(months, (shown[0][0], shown[1][0]), (shown[0][1], shown[1][1]))
