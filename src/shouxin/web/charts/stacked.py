"""Bars made of parts, on one scale, with a line that they should not pass where there is one.

What you get against what you give back; a month's instalments against what the income bears; interest by when it is
paid off.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from shouxin.web.charts import svg
from shouxin.web.charts.svg import NARROW, PLAIN, SMALL, Picture

_BAR: Final = 18
_TITLE: Final = 20
_BELOW: Final = 14
_SQUARE: Final = 10


class Kind(StrEnum):
    """What a part is: money itself, a burden that was there, this loan's, interest, what is too much, what is done."""

    INK = "ink"
    BEFORE = "before"
    ACT = "act"
    DUE = "due"
    OVER = "over"
    PROOF = "proof"


_CSS: Final = {
    Kind.INK: "f-ink2",
    Kind.BEFORE: "f-ink3",
    Kind.ACT: "f-act",
    Kind.DUE: "f-due",
    Kind.OVER: "f-due-tint s-due",
    Kind.PROOF: "f-proof",
}
_DASHED: Final = 'stroke-dasharray="4 3" stroke-width="1.5"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part: its name, its length in any one unit (minor units), and the amount as it is written."""

    kind: Kind
    name: str
    value: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar under its title; `aside` stands at the right above its end (`利息 ¥956.45`), in ochre when `aside_due`."""

    title: str
    segments: tuple[Segment, ...]
    aside: str = ""
    aside_due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A line across all bars at `value`, with its words below the last."""

    value: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacked:
    """`head` names the columns of the table: the bar, the part, the amount. `legend` names kinds below the bars."""

    label: str
    bars: tuple[Bar, ...]
    head: tuple[str, str, str]
    limit: Limit | None = None
    legend: tuple[tuple[Kind, str], ...] = ()
    width: int = NARROW


def draw(stacked: Stacked) -> Picture:
    """Bars from above to below; the longest, or the limit, is the whole width."""
    sums = [sum(segment.value for segment in bar.segments) for bar in stacked.bars]
    longest = max([*sums, stacked.limit.value if stacked.limit else 0], default=0)
    parts: list[str] = []
    y = 0
    for bar in stacked.bars:
        parts.extend(_bar(bar, y, longest, stacked.width))
        if stacked.limit:
            parts.append(_limit(stacked.limit, y + _TITLE, longest, stacked.width))
        y += _TITLE + _BAR + _BELOW
    if stacked.limit:
        parts.append(_limit_said(stacked.limit, y + 4, longest, stacked.width))
        y += _TITLE
    if stacked.legend:
        parts.extend(_legend(stacked.legend, y + _SQUARE))
        y += _TITLE
    rows = tuple((bar.title, one.name, one.said) for bar in stacked.bars for one in bar.segments)
    if stacked.limit:
        rows += ((stacked.limit.said, "", ""),)
    return svg.picture(parts, width=stacked.width, height=y, label=stacked.label, head=stacked.head, rows=rows)


def _bar(bar: Bar, y: int, longest: int, width: int) -> list[str]:
    parts = [svg.words(0, y + 13, bar.title, "f-ink", size=PLAIN)]
    if bar.aside:
        css = "f-due" if bar.aside_due else "f-ink2"
        parts.append(svg.words(width, y + 13, bar.aside, css, anchor="end", size=PLAIN, bold=True))
    x: svg.Number = 0
    for segment in bar.segments:
        length = svg.part_of(segment.value, longest, width - 2)
        if length > 0:
            dashed = _DASHED if segment.kind is Kind.OVER else ""
            parts.append(
                svg.rect(
                    x + 1, y + _TITLE, max(length - 1, Fraction(1)), _BAR, _CSS[segment.kind], round_=2, more=dashed
                )
            )
        x += length
    return parts


def _limit(limit: Limit, y: int, longest: int, width: int) -> str:
    """Across a bar only, so that it never runs through words."""
    x = svg.part_of(limit.value, longest, width - 2) + 1
    return svg.line(x, y - 4, x, y + _BAR + 4, "s-ink", width=2)


def _limit_said(limit: Limit, y: int, longest: int, width: int) -> str:
    x = svg.part_of(limit.value, longest, width - 2) + 1
    anchor = svg.anchor_at(x, limit.said, width=width, size=SMALL)
    return svg.words(x, y, limit.said, "f-ink2", anchor=anchor)


def _legend(legend: tuple[tuple[Kind, str], ...], y: int) -> list[str]:
    parts, x = [], Fraction(0)
    for kind, name in legend:
        parts.append(svg.rect(x + 1, y - _SQUARE, _SQUARE, _SQUARE, _CSS[kind], round_=2))
        parts.append(svg.words(x + _SQUARE + 6, y, name, "f-ink2"))
        x += _SQUARE + 6 + svg.width_of(name) + 16
    return parts
