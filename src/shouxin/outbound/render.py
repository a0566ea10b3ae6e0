"""A template of the policy and opened values become a letter's text, in memory only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shouxin.core.money import format_amount

_PLACE = re.compile(r"\{([a-z_]+)\}")
_SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_SHOWN_OF_ROOT = 12


class RenderError(ValueError):
    """A template asks for a value that it isn't given. Names the place, never a value."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a letter says. It holds opened values: never kept, never printed."""

    subject: str = field(repr=False)
    body: str = field(repr=False)


def render(subject: str, body: str, values: Mapping[str, str]) -> Text:
    """Fill each `{place}` once; what a value contains is never filled again.

    A subject is one line whatever the values hold, so that none can add a header of its own.
    Raises `RenderError` for a place without a value.
    """
    return Text(" ".join(_filled(subject, values).split()), _filled(body, values).strip() + "\n")


def money(minor: int, currency: str) -> str:
    """An amount as letters show it: `¥1,079.71`, `CHF 1,079.71`."""
    whole, dot, fraction = format_amount(minor, currency).partition(".")
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{symbol}{int(whole):,}{dot}{fraction}"


def day(when: date, lang: str) -> str:
    """A date with its year, as letters and contracts write it: `2026年11月24日`, `24 Nov 2026`."""
    if lang == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def short_checkpoint(note: str) -> str:
    """The size and the beginning of the root of a checkpoint, for the footer of a letter.

    Two people who compare footers of one size see at once whether they were shown one log.
    """
    origin, size, root = note.splitlines()[:3]
    return f"{origin} · {size} · {root[:_SHOWN_OF_ROOT]}"


def _filled(text: str, values: Mapping[str, str]) -> str:
    def value(place: re.Match[str]) -> str:
        try:
            return values[place[1]]
        except KeyError:
            raise RenderError(f"no value for {{{place[1]}}}") from None

    return _PLACE.sub(value, text)
