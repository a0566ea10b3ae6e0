"""The few marks that the pictures are made of, as text.

Geometry stands in presentation attributes, colour in classes (`f-…` fills, `s-…` strokes: the stylesheet knows them),
so that a page without inline style shows them and dark mode changes them.  Coordinates are whole numbers or fractions
and are written with at most one decimal; no float, so no `0.30000000000000004`.
"""

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Final

from django.utils.safestring import SafeString

NARROW: Final = 326
"""Units of width of a picture in a card on a phone of 390 px: one unit is one px there."""
WIDE: Final = 960
"""The same on the desk."""
SMALL, PLAIN = 12, 13
"""Sizes of text; nothing is smaller than 12 px on a phone of 390 px."""

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing and the table that says the same; the first cell of each row is its heading.

    `table` is what stands between a table's caption and its end: made here, because a template takes longer over each
    cell than the whole drawing takes.
    """

    svg: SafeString
    label: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def table(self) -> SafeString:
        """Head and body."""
        head = "".join(_cell("th", said, n, ' scope="col"') for n, said in enumerate(self.head))
        body = "".join(f"<tr>{_row(row)}</tr>" for row in self.rows)
        return SafeString(f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody>")


def picture(
    parts: list[str],
    *,
    width: int,
    height: Number,
    label: str,
    head: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
) -> Picture:
    """The whole drawing, named by one sentence for those who do not see it."""
    assert all(len(row) == len(head) for row in rows), "a table has as many cells a row as columns"
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {num(height)}" '
    named = f'width="{width}" height="{num(height)}" aria-label="{escape(label)}">'
    return Picture(SafeString(opening + named + "".join(parts) + "</svg>"), label, head, rows)


def num(value: Number) -> str:
    """A coordinate with at most one decimal, halves rounded up."""
    if isinstance(value, int):
        return str(value)
    tenths = (20 * value.numerator + value.denominator) // (2 * value.denominator)
    sign, whole, tenth = ("-" if tenths < 0 else ""), abs(tenths) // 10, abs(tenths) % 10
    return f"{sign}{whole}.{tenth}" if tenth else f"{sign}{whole}"


def part_of(value: int, whole: int, length: Number) -> Fraction:
    """How long `value` is when `whole` is `length`; nothing of nothing is nothing."""
    return Fraction(value) * length / whole if whole else Fraction(0)


def rect(x: Number, y: Number, width: Number, height: Number, css: str, *, round_: int = 0, more: str = "") -> str:
    """A box; `more` are further presentation attributes."""
    corner = f' rx="{round_}"' if round_ else ""
    place = f'x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}"'
    return f'<rect class="{css}" {place}{corner}{_and(more)}/>'


def line(x1: Number, y1: Number, x2: Number, y2: Number, css: str, *, width: Number = 1, more: str = "") -> str:
    """A straight line."""
    place = f'x1="{num(x1)}" y1="{num(y1)}" x2="{num(x2)}" y2="{num(y2)}"'
    return f'<line class="{css}" {place} stroke-width="{num(width)}"{_and(more)}/>'


def path(commands: str, css: str, *, more: str = "") -> str:
    """A path; its commands are the caller's."""
    return f'<path class="{css}" d="{commands}"{_and(more)}/>'


def circle(x: Number, y: Number, radius: Number, css: str, *, more: str = "") -> str:
    """A disc or a ring."""
    return f'<circle class="{css}" cx="{num(x)}" cy="{num(y)}" r="{num(radius)}"{_and(more)}/>'


def words(
    x: Number, y: Number, said: str, css: str, *, anchor: str = "start", size: int = SMALL, bold: bool = False
) -> str:
    """A line of text whose base line is at `y`."""
    weight = ' font-weight="700"' if bold else ""
    place = f'x="{num(x)}" y="{num(y)}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text class="{css}" {place}{weight}>{escape(said)}</text>'


def width_of(said: str, size: int = SMALL) -> Fraction:
    """About how wide a line of text is: a full em for a Chinese sign, somewhat over half of one for a Latin one."""
    full = sum(ord(sign) > 0x2E7F for sign in said)
    return Fraction(size * (100 * full + 58 * (len(said) - full)), 100)


def anchor_at(x: Number, said: str, *, width: int, size: int = SMALL) -> str:
    """Where to hold a text at `x` so that it stays inside the picture."""
    half = width_of(said, size) / 2
    if x - half < 0:
        return "start"
    return "end" if x + half > width else "middle"


def _row(cells: tuple[str, ...]) -> str:
    first = f'<th scope="row">{escape(cells[0])}</th>' if cells else ""
    return first + "".join(_cell("td", said, n) for n, said in enumerate(cells[1:], start=1))


def _cell(tag: str, said: str, n: int, more: str = "") -> str:
    """All but the first column hold figures."""
    figures = ' class="num"' if n else ""
    return f"<{tag}{more}{figures}>{escape(said)}</{tag}>"


def _and(more: str) -> str:
    return f" {more}" if more else ""
