"""Rounding a quotient of whole numbers to a whole number of units: the only place where money is ever rounded."""

from enum import StrEnum


class Mode(StrEnum):
    """Where a fraction of a unit goes; `UP` and `DOWN` are away from zero and towards zero."""

    HALF_EVEN = "half_even"
    HALF_UP = "half_up"
    UP = "up"
    DOWN = "down"


def round_ratio(numerator: int, denominator: int, *, unit: int = 1, mode: Mode = Mode.HALF_EVEN) -> int:
    """Return `numerator / denominator` rounded to a multiple of `unit`; `denominator` and `unit` are positive."""
    scale = denominator * unit
    whole, rest = divmod(abs(numerator), scale)
    if rest and (mode is Mode.UP or (mode is not Mode.DOWN and _over_half(whole, rest, scale, mode))):
        whole += 1
    return whole * unit if numerator >= 0 else -whole * unit


def _over_half(whole: int, rest: int, scale: int, mode: Mode) -> bool:
    twice = 2 * rest
    if twice != scale:
        return twice > scale
    return mode is Mode.HALF_UP or whole % 2 == 1
