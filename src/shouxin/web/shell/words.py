"""Money, dates and rates as pages show them, in Chinese and English."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo

_SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
_AMOUNT = re.compile(r"(-?)([0-9]+)(\.[0-9]+)?")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def money(amount: str, currency: str = "CNY") -> str:
    """`"1234.5"` → `¥1,234.50` as the amount has it; the minus sign is U+2212; other currencies by their code."""
    found = _AMOUNT.fullmatch(amount)
    assert found, "an amount is a decimal string"
    sign, whole, fraction = found.groups()
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{'−' if sign else ''}{symbol}{int(whole):,}{fraction or ''}"


def day(when: date, lang: str, *, today: date | None = None) -> str:
    """`11月24日`, with its year when it isn't today's; in English `24 Nov 2026`."""
    if lang != "zh":
        return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
    short = f"{when.month}月{when.day}日"
    return short if today is not None and today.year == when.year else f"{when.year}年{short}"


def moment(when: datetime, lang: str, *, zone: tzinfo, today: date | None = None) -> str:
    """The day and the time of day on the lender's clock."""
    local = when.astimezone(zone)
    joint = " " if lang == "zh" else ", "
    return f"{day(local.date(), lang, today=today)}{joint}{local:%H:%M}"


def rate(percent: str) -> str:
    """`"14.4000%"` → `14.40%`: at least two decimals, and no digit that says something is dropped."""
    whole, _, decimals = percent.rstrip("%").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}%"
