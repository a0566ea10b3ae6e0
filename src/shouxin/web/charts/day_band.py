"""One day of somebody's clock: when they may be reached, when they were tried, and where now is."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from shouxin.web.charts import svg
from shouxin.web.charts.svg import NARROW, WIDE, Picture

_DAY: Final = 24 * 60
_TOP: Final = 22
_BAND: Final = 26
_HOURS: Final = {NARROW: (0, 8, 16, 24), WIDE: (0, 4, 8, 12, 16, 20, 24)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """An attempt at a minute of the day; a ring where nobody answered, a disc where somebody did."""

    minute: int
    reached: bool
    row: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBand:
    """`opens` and `closes` are minutes of the day (480 and 1320 for 08:00–22:00), `now` too or None on another day.

    `now_said`, `open_said` and `quiet_said` are written above and in the band. Unless `is_open`, the hours between the
    two have the colour of the others: on this day nobody is reached in them.
    """

    label: str
    opens: int
    closes: int
    now: int | None
    tries: tuple[Try, ...]
    now_said: str
    open_said: str
    quiet_said: str
    head: tuple[str, ...]
    width: int = NARROW
    is_open: bool = True


def draw(band: DayBand) -> Picture:
    """The band, its hours, the tries and the moment."""
    opens, closes = _x(band.opens, band.width), _x(band.closes, band.width)
    parts = [
        svg.rect(0, _TOP, band.width, _BAND, "f-sunken"),
        svg.rect(opens, _TOP, closes - opens, _BAND, "f-proof-tint" if band.is_open else "f-sunken"),
        *_said(band),
        *(_hour(hour, band.width) for hour in _hours(band)),
    ]
    for one in band.tries:
        css = "f-ink s-ink" if one.reached else "f-surface s-ink"
        parts.append(svg.circle(_x(one.minute, band.width), _TOP + _BAND // 2, 5, css, more='stroke-width="2"'))
    if band.now is not None:
        x = _x(band.now, band.width)
        anchor = svg.anchor_at(x, band.now_said, width=band.width)
        parts.append(svg.line(x, _TOP - 4, x, _TOP + _BAND + 4, "s-ink", width=3))
        parts.append(svg.words(x, 12, band.now_said, "f-ink", anchor=anchor, bold=True))
    rows = tuple(one.row for one in band.tries)
    height = _TOP + _BAND + 22
    return svg.picture(parts, width=band.width, height=height, label=band.label, head=band.head, rows=rows)


def _x(minute: int, width: int) -> Fraction:
    return Fraction(minute * width, _DAY)


def _hours(band: DayBand) -> tuple[int, ...]:
    """The ends of the window and what fits between; on the narrow one no other hour crowds them."""
    shown = {band.opens // 60, band.closes // 60, *_HOURS.get(band.width, _HOURS[NARROW])}
    room = svg.width_of("00:00") + 6
    kept: list[int] = []
    for hour in sorted(
        shown, key=lambda one: (one not in (band.opens // 60, band.closes // 60), one not in (0, 24), one)
    ):
        if all(abs(_centre(hour, band.width) - _centre(other, band.width)) >= room for other in kept):
            kept.append(hour)
    return tuple(sorted(kept))


def _centre(hour: int, width: int) -> Fraction:
    half = svg.width_of("00:00") / 2
    return min(max(_x(hour * 60, width), half), width - half)


def _hour(hour: int, width: int) -> str:
    return svg.words(_centre(hour, width), _TOP + _BAND + 16, f"{hour:02}:00", "f-ink2", anchor="middle")


def _said(band: DayBand) -> list[str]:
    """The words in the band, each where it has room and no try or moment stands in its way."""
    opens, closes = _x(band.opens, band.width), _x(band.closes, band.width)
    taken = [_x(one.minute, band.width) for one in band.tries]
    if band.now is not None:
        taken.append(_x(band.now, band.width))
    spans = (
        (Fraction(0), opens, band.quiet_said, "f-ink2"),
        (opens, closes, band.open_said, "f-proof" if band.is_open else "f-ink2"),
        (closes, Fraction(band.width), band.quiet_said, "f-ink2"),
    )
    parts = []
    for start, end, said, css in spans:
        half = svg.width_of(said) / 2 + 8
        edges = sorted([start, *(x for x in taken if start < x < end), end])
        left, right = max(pairwise(edges), key=lambda pair: pair[1] - pair[0])
        if right - left >= 2 * half:
            parts.append(svg.words((left + right) / 2, _TOP + 17, said, css, anchor="middle"))
    return parts
