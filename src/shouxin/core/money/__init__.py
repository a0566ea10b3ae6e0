"""Whole minor units, exact rates, and how both are written: nothing here ever becomes a float."""

from shouxin.core.money.amount import LARGEST, MoneyError, format_amount, parse_amount
from shouxin.core.money.currency import minor_digits
from shouxin.core.money.rate import format_percent, parse_number, parse_rate, rate_text, whole_ppm
from shouxin.core.money.rounding import Mode, round_ratio

__all__ = [
    "LARGEST",
    "Mode",
    "MoneyError",
    "format_amount",
    "format_percent",
    "minor_digits",
    "parse_amount",
    "parse_number",
    "parse_rate",
    "rate_text",
    "round_ratio",
    "whole_ppm",
]
