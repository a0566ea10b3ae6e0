"""What is still to be paid over time: principal below, the interest that is still to come shaded above it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from shouxin.web.charts import svg
from shouxin.web.charts.svg import NARROW, Picture

_TOP: Final = 18
_TALL: Final = 120
_BELOW: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What stands after one payment: principal and interest still to come, in minor units, and its row of the table."""

    when: str
    principal: int
    interest: int
    row: tuple[str, ...]
    paid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The steps from the pay-out on; `names` are what principal and interest are called in the legend."""

    label: str
    steps: tuple[Step, ...]
    names: tuple[str, str]
    head: tuple[str, ...]
    width: int = NARROW


def draw(balance: Balance) -> Picture:
    """One column a step; columns that are behind us are paler, so that the eye finds today."""
    most = max((one.principal + one.interest for one in balance.steps), default=0)
    slot = Fraction(balance.width, max(len(balance.steps), 1))
    gap = min(Fraction(3), slot / 4)
    floor = _TOP + _TALL
    parts = _legend(balance)
    for n, step in enumerate(balance.steps):
        low, high = svg.part_of(step.principal, most, _TALL), svg.part_of(step.interest, most, _TALL)
        x, wide = n * slot, slot - gap
        parts.append(svg.rect(x, floor - low, wide, low, "f-ink3" if step.paid else "f-ink2"))
        if high > 0:
            parts.append(svg.rect(x, floor - low - high, wide, high, "f-due"))
    parts.append(svg.line(0, floor, balance.width, floor, "s-edge"))
    parts.extend(_dates(balance, slot, floor + 15))
    rows = tuple(step.row for step in balance.steps)
    height = floor + _BELOW
    return svg.picture(parts, width=balance.width, height=height, label=balance.label, head=balance.head, rows=rows)


def _legend(balance: Balance) -> list[str]:
    interest, principal = balance.names[1], balance.names[0]
    start = balance.width - svg.width_of(interest) - svg.width_of(principal) - 46
    second = start + svg.width_of(principal) + 30
    return [
        svg.rect(start, 2, 10, 10, "f-ink2", round_=2),
        svg.words(start + 15, 12, principal, "f-ink2"),
        svg.rect(second, 2, 10, 10, "f-due", round_=2),
        svg.words(second + 15, 12, interest, "f-ink2"),
    ]


def _dates(balance: Balance, slot: Fraction, y: int) -> list[str]:
    if not balance.steps:
        return []
    first, last = balance.steps[0].when, balance.steps[-1].when
    parts = [svg.words(0, y, first, "f-ink2"), svg.words(balance.width, y, last, "f-ink2", anchor="end")]
    now = next((n for n, step in enumerate(balance.steps) if not step.paid), None)
    if now is None or not 0 < now < len(balance.steps) - 1:
        return parts
    x, said = now * slot + slot / 2, balance.steps[now].when
    half = svg.width_of(said) / 2
    if x - half > svg.width_of(first) + 6 and x + half < balance.width - svg.width_of(last) - 6:
        parts.append(svg.words(x, y, said, "f-ink", anchor="middle", bold=True))
    return parts
