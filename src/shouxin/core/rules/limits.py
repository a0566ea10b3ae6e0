"""The ceilings that rules set on a price and on a credit line: the strictest one wins."""

from collections.abc import Iterable
from dataclasses import dataclass

from shouxin.core.rules.params import Expects
from shouxin.core.rules.rule import Rule

PRICE_CAP = "price_cap"
LINE_CAP = "line_cap"
CHECKS = {
    PRICE_CAP: {
        "annual_ppm": Expects("whole", optional=True),
        "lpr_multiple": Expects("whole", optional=True),
    },
    LINE_CAP: {"max_minor": Expects("whole"), "currency": Expects("word")},
}
"""`annual_ppm` is the all-in cost a year in millionths; `lpr_multiple` is so many times the
one-year loan prime rate; `max_minor` is in minor units of `currency`."""


class NoPrimeRate(Exception):
    """A cap is a multiple of the loan prime rate, and the lender has not entered that rate."""


@dataclass(frozen=True, slots=True)
class Cap:
    """The strictest value, and the ids of all rules that set that very value."""

    value: int
    rules: tuple[str, ...]


def price_cap(rules: Iterable[Rule], *, lpr_1y_ppm: int | None = None) -> Cap | None:
    """The highest all-in annual cost, in ppm, of a contract made while `rules` are in force.

    `lpr_1y_ppm` is the one-year loan prime rate of that day. Raises `NoPrimeRate` where a rule
    needs it and it is not given. None: no rule sets a number.
    """
    return _strictest((_price(rule, lpr_1y_ppm), rule.id) for rule in rules if rule.check == PRICE_CAP)


def line_cap(rules: Iterable[Rule], *, currency: str) -> Cap | None:
    """The largest unsecured consumer line for one person, in minor units of `currency`."""
    return _strictest(
        (rule.whole("max_minor"), rule.id)
        for rule in rules
        if rule.check == LINE_CAP and rule.text("currency") == currency
    )


def _price(rule: Rule, lpr_1y_ppm: int | None) -> int:
    if rule.says("annual_ppm"):
        return rule.whole("annual_ppm")
    if lpr_1y_ppm is None:
        raise NoPrimeRate(rule.id)
    return rule.whole("lpr_multiple") * lpr_1y_ppm


def _strictest(values: Iterable[tuple[int, str]]) -> Cap | None:
    found = list(values)
    if not found:
        return None
    least = min(value for value, _ in found)
    return Cap(least, tuple(rule_id for value, rule_id in found if value == least))
