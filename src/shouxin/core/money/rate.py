"""Rates: read exactly, kept as fractions, written as percent. 14.4 % a year is 18/125, never 0.144000…1."""

import re
from fractions import Fraction
from typing import Final

from shouxin.core.money.amount import MoneyError
from shouxin.core.money.rounding import Mode, round_ratio

_PLAIN: Final = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_RATE: Final = re.compile(rf"({_PLAIN})(%)?(?:/({_PLAIN}))?", re.ASCII)
_NUMBER: Final = re.compile(rf"(-?)({_PLAIN})(?:/({_PLAIN}))?", re.ASCII)
_LONGEST: Final = 60
_MILLION: Final = 1_000_000


def parse_rate(text: object, *, where: str) -> Fraction:
    """Return the exact rate of `"14.4%"`, `"0.144"` or one quotient such as `"0.08/12"`. Raises `MoneyError`."""
    if not isinstance(text, str):
        raise MoneyError(where, 'must be a rate as a string such as "14.4%", not a number')
    match = _RATE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise MoneyError(where, 'must be a rate such as "14.4%", "0.144" or "0.08/12"')
    divisor = Fraction(match.group(3) or "1") * (100 if match.group(2) else 1)
    if divisor == 0:
        raise MoneyError(where, "divides by zero")
    return Fraction(match.group(1)) / divisor


def parse_number(text: object, *, where: str, signed: bool = False) -> Fraction:
    """Return the exact value of a decimal of any length or one quotient (`"14/365"`). Raises `MoneyError`."""
    match = _NUMBER.fullmatch(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    if match is None or (match.group(1) and not signed):
        raise MoneyError(where, f'must be a {"signed " if signed else ""}decimal string such as "12.5" or "14/365"')
    divisor = Fraction(match.group(3) or "1")
    if divisor == 0:
        raise MoneyError(where, "divides by zero")
    value = Fraction(match.group(2)) / divisor
    return -value if match.group(1) else value


def whole_ppm(rate: Fraction, *, where: str) -> int:
    """Return the rate in parts per million (14.4 % → 144000); raises `MoneyError` when it is not a whole number."""
    ppm = rate * _MILLION
    if ppm.denominator != 1:
        raise MoneyError(where, "must be a whole number of parts per million")
    return ppm.numerator


def rate_text(rate: Fraction) -> str:
    """Return a text that `parse_rate` reads back exactly: percent where it ends, else a quotient."""
    scaled, places = rate * 100, 0
    while scaled.denominator != 1 and places < 20:
        scaled, places = scaled * 10, places + 1
    if scaled.denominator != 1:
        return f"{rate.numerator}/{rate.denominator}"
    return format_percent(rate, places=places) + "%"


def format_percent(rate: Fraction, *, places: int) -> str:
    """Return the rate in percent with `places` decimals, half up (18/125, 2 → `"14.40"`)."""
    units = round_ratio(rate.numerator * 100 * 10**places, rate.denominator, mode=Mode.HALF_UP)
    sign, text = ("-" if units < 0 else ""), str(abs(units)).rjust(places + 1, "0")
    return f"{sign}{text[:-places]}.{text[-places:]}" if places else sign + text
