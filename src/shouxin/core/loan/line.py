"""One instalment while events are being folded: what it asks for, what was paid on it, and when that was.

Lines are the working sheet of `account.fold` and never leave it; what comes out is frozen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from shouxin.core.loan.agreed import Part, Penalty, Rounding
from shouxin.core.loan.schedule import Row
from shouxin.core.money import round_ratio

_PENALTY_YEAR: Final = 365
_NOTHING: Final = dict.fromkeys(Part, 0)


@dataclass(slots=True)
class Charge:
    """A single fee or penalty that an event raised."""

    kind: Part
    code: str | None
    due_on: date
    amount: int


@dataclass(slots=True)
class Tranche:
    """A piece of an instalment's principal, and the day until which it bears interest."""

    amount: int
    until: date


@dataclass(slots=True)
class Line:
    """Asked and paid amounts by part, in minor units; `asked` is net of what was waived.

    `slot` is the place on the grid of due dates and `row` the instalment as planned (both None for a line that a late
    fee made), `extra` the interest that deferrals added to it before rounding, `unit_days` the minor units times days
    on which penalty interest ran.
    """

    number: int
    due_on: date
    slot: int | None
    row: Row | None
    asked: dict[Part, int]
    tranches: list[Tranche]
    extra: Fraction = Fraction(0)
    paid: dict[Part, int] = field(default_factory=_NOTHING.copy)
    waived: dict[Part, int] = field(default_factory=_NOTHING.copy)
    paid_early: int = 0
    paid_late: int = 0
    settled_on: date | None = None
    charges: list[Charge] = field(default_factory=list)
    unit_days: int = 0
    penalty_until: date | None = None
    penalty_interest: int = 0
    """Penalty interest raised so far, whatever became of it."""

    def owed(self, part: Part) -> int:
        """Return what is still to be paid of one part."""
        return self.asked[part] - self.paid[part]

    @property
    def exact(self) -> Fraction:
        """Return the interest that was agreed, deferrals included, before rounding."""
        return self.extra + self.row.exact if self.row else self.extra

    @property
    def outstanding(self) -> int:
        """Return all that is still to be paid."""
        return sum(self.asked.values()) - sum(self.paid.values())

    def pay(self, part: Part, amount: int, day: date) -> None:
        """Book money on one part."""
        self.paid[part] += amount
        if day < self.due_on:
            self.paid_early += amount
        elif day > self.due_on:
            self.paid_late += amount

    def waive(self, part: Part, amount: int) -> None:
        """Let off what is still to be paid of one part."""
        self.waived[part] += amount
        self.asked[part] -= amount

    def charge(self, charge: Charge) -> None:
        """Add a fee or penalty."""
        self.charges.append(charge)
        self.asked[charge.kind] += charge.amount

    def run_penalty(self, penalty: Penalty, rounding: Rounding, day: date) -> None:
        """Let penalty interest run to `day` on what is unpaid since its free days ended."""
        free_until = self.due_on + timedelta(days=penalty.after_days)
        start = max(free_until, self.penalty_until or free_until)
        base = sum(self.owed(part) for part in penalty.base)
        if day <= start or not base:
            return
        self.unit_days += base * (day - start).days
        self.penalty_until = day
        run = round_ratio(
            self.unit_days * penalty.annual.numerator,
            penalty.annual.denominator * _PENALTY_YEAR,
            unit=rounding.unit_minor,
            mode=rounding.mode,
        )
        self.asked[Part.PENALTY] += run - self.penalty_interest
        self.penalty_interest = run

    def let_off_penalty_interest(self) -> int:
        """Let off the unpaid penalty interest, keep what was paid and every single charge; return the amount."""
        charged = sum(charge.amount for charge in self.charges if charge.kind is Part.PENALTY)
        charges_left = max(0, charged - self.paid[Part.PENALTY] - self.waived[Part.PENALTY])
        unpaid = self.owed(Part.PENALTY) - charges_left
        self.asked[Part.PENALTY] -= unpaid
        self.penalty_until = None
        return unpaid

    def mark(self, day: date) -> None:
        """Note the day on which nothing was left to pay, or forget it when something is owed again."""
        if self.outstanding:
            self.settled_on = None
        elif self.settled_on is None:
            self.settled_on = day


def lines_of(rows: Sequence[Row]) -> list[Line]:
    """Return the lines of a schedule, before anything happened."""
    return [
        Line(
            number=row.number,
            due_on=row.due_on,
            slot=row.number - 1,
            row=row,
            asked={Part.PENALTY: 0, Part.FEE: 0, Part.INTEREST: row.interest, Part.PRINCIPAL: row.principal},
            tranches=[Tranche(row.principal, row.due_on)],
        )
        for row in rows
    ]
