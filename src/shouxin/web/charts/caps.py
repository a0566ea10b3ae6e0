"""A cap as boxes: as many as are allowed, the used ones full."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from shouxin.web.charts import svg
from shouxin.web.charts.svg import NARROW, PLAIN, Picture

_MOST: Final = 12
_SIDE: Final = 13
_ROW: Final = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """What is counted, how often it happened, how often it may, and that in words (`2 of 6`)."""

    name: str
    used: int
    most: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """All caps of one case; `head` names the columns: what is counted, how often."""

    label: str
    caps: tuple[Cap, ...]
    head: tuple[str, str]
    width: int = NARROW


def draw(caps: Caps) -> Picture:
    """A row each: name, boxes, words. A full row is ochre; beyond twelve the words must do."""
    parts: list[str] = []
    widest = max((svg.width_of(cap.said, PLAIN) for cap in caps.caps), default=Fraction(0))
    for n, cap in enumerate(caps.caps):
        y = n * _ROW
        boxes = cap.most if cap.most <= _MOST else 0
        start = caps.width - widest - 8 - boxes * (_SIDE + 3)
        parts.append(svg.words(0, y + 17, cap.name, "f-ink", size=PLAIN))
        full = "f-due s-due" if cap.used >= cap.most else "f-ink2 s-ink2"
        for box in range(boxes):
            css = full if box < cap.used else "f-none s-edge"
            parts.append(svg.rect(start + box * (_SIDE + 3), y + 6, _SIDE, _SIDE, css, round_=2))
        parts.append(svg.words(caps.width, y + 17, cap.said, "f-ink", anchor="end", size=PLAIN, bold=True))
    rows = tuple((cap.name, cap.said) for cap in caps.caps)
    height = max(len(caps.caps), 1) * _ROW
    return svg.picture(parts, width=caps.width, height=height, label=caps.label, head=caps.head, rows=rows)
