"""The strip of instalments: one box each, its state by shape first and by colour second."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from shouxin.web.charts import svg
from shouxin.web.charts.svg import NARROW, Picture

_A_ROW: Final = 12
_GAP: Final = 4
_LABEL: Final = 20


class State(StrEnum):
    """Paid in full, late, the next one, one to come."""

    PAID = "paid"
    LATE = "late"
    NEXT = "next"
    COMING = "coming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One instalment: what is written below it (`11月`) and its row of the table."""

    state: State
    below: str
    row: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """All instalments in order of their dates; `label` says in a sentence how many are paid and which is next."""

    label: str
    boxes: tuple[Box, ...]
    head: tuple[str, ...]
    width: int = NARROW


def draw(strip: Strip) -> Picture:
    """Twelve a row; below a row its first, its last, and what is late or next."""
    side = (strip.width - _GAP * (_A_ROW - 1)) // _A_ROW
    parts: list[str] = []
    y = 1
    for start in range(0, len(strip.boxes), _A_ROW):
        row = strip.boxes[start : start + _A_ROW]
        for n, box in enumerate(row):
            parts.extend(_box(box.state, n * (side + _GAP) + 1, y, side - 2))
        parts.extend(_below(row, side, y + side + 12, strip.width))
        y += side + _LABEL
    rows = tuple(box.row for box in strip.boxes)
    return svg.picture(parts, width=strip.width, height=max(y, 1), label=strip.label, head=strip.head, rows=rows)


def _box(state: State, x: int, y: int, side: int) -> list[str]:
    if state is State.PAID:
        third = side // 3
        tick = f"M{x + third} {y + side // 2}l{side // 6} {side // 5}l{side // 3} -{side // 3}"
        mark = svg.path(tick, "f-none s-proof-ink", more='stroke-width="2" stroke-linecap="round"')
        return [svg.rect(x, y, side, side, "f-proof", round_=3), mark]
    if state is State.LATE:
        inner = side // 4
        frame = svg.rect(x, y, side, side, "f-due-tint s-due", round_=3, more='stroke-width="2"')
        return [frame, svg.rect(x + inner, y + inner, side - 2 * inner, side - 2 * inner, "f-due", round_=1)]
    if state is State.NEXT:
        return [svg.rect(x, y, side, side, "f-act-tint s-act", round_=3, more='stroke-width="2"')]
    return [svg.rect(x, y, side, side, "f-none s-edge", round_=3)]


def _below(row: tuple[Box, ...], side: int, y: int, width: int) -> list[str]:
    """What is late or next goes first; an end of the row stands there if it has room."""
    marked = [n for n, box in enumerate(row) if box.state in (State.LATE, State.NEXT)][:1]
    taken: list[tuple[svg.Number, svg.Number]] = []
    parts = []
    for n in dict.fromkeys([*marked, 0, len(row) - 1]):
        middle, said = n * (side + _GAP) + side // 2, row[n].below
        half = svg.width_of(said) / 2
        centre = min(max(Fraction(middle), half), width - half)
        if any(centre - half < end + 4 and start - 4 < centre + half for start, end in taken):
            continue
        taken.append((centre - half, centre + half))
        css = "f-due" if row[n].state is State.LATE else "f-act" if row[n].state is State.NEXT else "f-ink2"
        parts.append(svg.words(centre, y, said, css, anchor="middle", bold=n in marked))
    return parts
