"""Small multiples: what each month asks for under one plan beside another, on one scale."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from shouxin.web.charts import svg
from shouxin.web.charts.svg import NARROW, SMALL, Picture

_TALL: Final = 56
_TITLE: Final = 22
_BETWEEN: Final = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month: its name, the amount in minor units and as it is written."""

    name: str
    value: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One panel; `chosen` is drawn in the colour of acting. All panels have the same months."""

    title: str
    months: tuple[Month, ...]
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """The panels side by side; `head` names the column of months, each plan has one of its own."""

    label: str
    plans: tuple[Plan, ...]
    head: str
    width: int = NARROW


def draw(months: Months) -> Picture:
    """A month that asks for nothing keeps a flat mark, so that the gap is seen as one."""
    count = len(months.plans)
    wide = (months.width - _BETWEEN * (count - 1)) // count
    most = max((one.value for plan in months.plans for one in plan.months), default=0)
    parts: list[str] = []
    for n, plan in enumerate(months.plans):
        parts.extend(_panel(plan, n * (wide + _BETWEEN), wide, most))
    names = [one.name for one in months.plans[0].months]
    assert all([one.name for one in plan.months] == names for plan in months.plans), "panels share their months"
    rows = tuple((name, *(plan.months[n].said for plan in months.plans)) for n, name in enumerate(names))
    head = (months.head, *(plan.title for plan in months.plans))
    height = _TITLE + _TALL + 20
    return svg.picture(parts, width=months.width, height=height, label=months.label, head=head, rows=rows)


def _panel(plan: Plan, left: int, wide: int, most: int) -> list[str]:
    slot = Fraction(wide, max(len(plan.months), 1))
    floor = _TITLE + _TALL
    css = "f-act" if plan.chosen else "f-ink2"
    parts = [svg.words(left, 13, plan.title, css, size=SMALL, bold=True)]
    for n, month in enumerate(plan.months):
        tall = svg.part_of(month.value, most, _TALL)
        bar = max(tall, Fraction(3, 2))
        parts.append(
            svg.rect(left + n * slot, floor - bar, slot - min(Fraction(2), slot / 4), bar, css if tall else "f-edge")
        )
    if plan.months:
        parts.append(svg.words(left, floor + 14, plan.months[0].name, "f-ink2"))
        parts.append(svg.words(left + wide, floor + 14, plan.months[-1].name, "f-ink2", anchor="end"))
    return parts
