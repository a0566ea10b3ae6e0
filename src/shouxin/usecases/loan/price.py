"""May a loan at this price be made on this day? The caps of the contract's own date decide."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from shouxin.core.loan.agreed import Terms
from shouxin.core.loan.cost import CostSheet
from shouxin.core.rules.limits import PRICE_CAP, Cap, NoPrimeRate, price_cap
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.rule import Rule
from shouxin.core.rules.ruling import ALLOW, BLOCK, Applied, Ruling
from shouxin.usecases.lender import CannotNow, Lender

_MILLION = 1_000_000


def rule_on_price(lender: Lender, terms: Terms, sheet: CostSheet, *, on: date) -> Ruling:
    """Every price cap in force on the day, each met or not; the strictest wins.

    Two figures must stand within a cap: the contract rate to the last digit, and the all-in rate
    as the sheet shows it, to two decimals of its percent. (Instalments are whole cents, so the
    all-in rate of a 24 % contract comes out a few millionths beside 24 %.)
    """
    applied = []
    for rule in lender.policy.rules.on(on):
        cap = _cap([rule]) if rule.check == PRICE_CAP else None
        if cap is not None:
            applied.append(_applied(rule.id, rule.force, within=_within(terms, sheet, cap)))
    allow = all(item.effect == ALLOW for item in applied)
    return Ruling(allow=allow, applied=tuple(applied), next_permitted=None)


def cap_on(lender: Lender, on: date) -> Cap | None:
    """The strictest cap on the all-in yearly price of a contract of that day; None without one."""
    return _cap(lender.policy.rules.on(on))


def _cap(rules: Iterable[Rule]) -> Cap | None:
    try:
        return price_cap(rules)
    except NoPrimeRate as error:
        raise CannotNow(
            "this cap is a multiple of the loan prime rate", where=str(error), code="no_prime_rate"
        ) from None


def _within(terms: Terms, sheet: CostSheet, cap: Cap) -> bool:
    return max(terms.annual, Fraction(sheet.percent) / 100) * _MILLION <= cap.value


def _applied(rule_id: str, force: str, *, within: bool) -> Applied:
    return Applied(rule_id, force, ALLOW) if within else Applied(rule_id, force, BLOCK, Reason.OVER_PRICE_CAP)
