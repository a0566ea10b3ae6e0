"""Amounts: decimal strings outside, whole minor units inside."""

import re
from typing import Final

from shouxin.core.money.currency import minor_digits

LARGEST: Final = 2**63 - 1
"""The largest amount in minor units: what a signed 64-bit column holds."""

_DECIMAL: Final = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?", re.ASCII)
_LONGEST: Final = 40


class MoneyError(ValueError):
    """An amount, rate or currency that cannot be read; `where` names the field, `message` what is wrong."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


def parse_amount(text: object, currency: str, *, where: str, signed: bool = False) -> int:
    """Return the minor units of a decimal string (`"12000.00"`, `"CNY"` → 1200000).

    Fewer decimals than the currency has are completed, more are refused; so are JSON numbers, signs (unless
    `signed`), leading zeros, spaces, exponents and anything beyond 64 bits. Raises `MoneyError`.
    """
    digits = _digits(currency, where)
    match = _match(text, where)
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    if sign and not signed:
        raise MoneyError(where, "must not be negative")
    if len(fraction) > digits:
        raise MoneyError(where, f"{currency} has {digits} decimals, not {len(fraction)}")
    minor = int(whole + fraction.ljust(digits, "0"))
    if minor > LARGEST:
        raise MoneyError(where, "is larger than 64 bits hold")
    return -minor if sign else minor


def format_amount(minor: int, currency: str) -> str:
    """Return minor units as a decimal string with all decimals of the currency (1200000, `"CNY"` → `"12000.00"`)."""
    digits = _digits(currency, "currency")
    sign, text = ("-" if minor < 0 else ""), str(abs(minor)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else sign + text


def _digits(currency: str, where: str) -> int:
    digits = minor_digits(currency)
    if digits is None:
        raise MoneyError(where if where == "currency" else f"{where} (currency)", "unknown ISO 4217 currency code")
    return digits


def _match(text: object, where: str) -> re.Match[str]:
    if not isinstance(text, str):
        raise MoneyError(where, 'must be a decimal string such as "12000.00", not a number')
    match = _DECIMAL.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise MoneyError(where, 'must be a decimal string such as "12000.00"')
    return match
