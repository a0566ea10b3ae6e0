"""Dots by week, stacked by verb: a disc where something was used, an arrow where it left, a barred ring where it was
refused.  Shape first, colour second.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from shouxin.web.charts import svg
from shouxin.web.charts.svg import NARROW, Picture

_MOST: Final = 9
_STEP: Final = 11
_BELOW: Final = 20
_ROOM: Final = 16


class Verb(StrEnum):
    """Three of the four verbs: what happens in a week, while what is held is held all the time."""

    USED = "used"
    LEFT = "left"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """How often what happened in one week; `begins` is written below where a month begins, else empty."""

    begins: str
    counts: tuple[tuple[Verb, int], ...]
    row: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """The weeks in order, the oldest first."""

    label: str
    weeks: tuple[Week, ...]
    head: tuple[str, ...]
    width: int = NARROW


def draw(weeks: Weeks) -> Picture:
    """At most nine marks a week; above them how many more, because a tall stack must not lie by being cut off."""
    tallest = max((min(_sum(week), _MOST) for week in weeks.weeks), default=0)
    more = any(_sum(week) > _MOST for week in weeks.weeks)
    floor = (_ROOM if more else 4) + max(tallest, 1) * _STEP
    slot = Fraction(weeks.width, max(len(weeks.weeks), 1))
    parts = [svg.line(0, floor + 2, weeks.width, floor + 2, "s-line")]
    end = Fraction(-8)
    for n, week in enumerate(weeks.weeks):
        x = n * slot + slot / 2
        parts.extend(_stack(week, x, floor))
        start = max(x - 6, Fraction(0))
        if week.begins and start > end + 6 and start + svg.width_of(week.begins) <= weeks.width:
            parts.append(svg.words(start, floor + 17, week.begins, "f-ink2"))
            end = start + svg.width_of(week.begins)
    rows = tuple(week.row for week in weeks.weeks)
    height = floor + _BELOW
    return svg.picture(parts, width=weeks.width, height=height, label=weeks.label, head=weeks.head, rows=rows)


def _sum(week: Week) -> int:
    return sum(count for _, count in week.counts)


def _stack(week: Week, x: Fraction, floor: int) -> list[str]:
    """What left and what was refused is rarer and says more, so it keeps its marks when a week has too many."""
    marks = [verb for verb, count in week.counts for _ in range(count)]
    rare = [verb for verb in marks if verb is not Verb.USED][:_MOST]
    used = [verb for verb in marks if verb is Verb.USED][: _MOST - len(rare)]
    shown = used + rare
    parts = [part for n, verb in enumerate(shown) for part in mark(verb, x, floor - _STEP * n - 5)]
    if len(marks) > len(shown):
        over = f"+{len(marks) - len(shown)}"
        parts.append(svg.words(x, floor - _STEP * _MOST - 3, over, "f-ink2", anchor="middle"))
    return parts


def mark(verb: Verb, x: svg.Number, y: svg.Number) -> list[str]:
    """The mark of a verb, four units around a point."""
    if verb is Verb.LEFT:
        left, top = svg.num(x - 3), svg.num(y - 4)
        return [svg.path(f"M{left} {top}l7 4l-7 4z", "f-left")]
    if verb is Verb.REFUSED:
        ring = svg.circle(x, y, Fraction(7, 2), "f-surface s-ink", more='stroke-width="1.5"')
        return [ring, svg.line(x - 2, y, x + 2, y, "s-ink", width=Fraction(3, 2))]
    return [svg.circle(x, y, 4, "f-act")]
