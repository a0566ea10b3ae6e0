"""The working sheet of one fold: all lines in order of their due dates, and the money that fits nowhere."""

from dataclasses import dataclass, field
from datetime import date

from shouxin.core.loan.accrual import Clock
from shouxin.core.loan.agreed import Part, Terms
from shouxin.core.loan.line import Charge, Line, lines_of
from shouxin.core.loan.schedule import Schedule


@dataclass(slots=True)
class Ledger:
    """`extra` is the interest that deferrals added, `penalty_let_off` what they spared; `closed` says that the loan was
    settled early, so that no interest runs any more.
    """

    terms: Terms
    clock: Clock
    lines: list[Line]
    day: date
    credit: int = 0
    extra: int = 0
    penalty_let_off: int = 0
    closed: bool = False
    pauses: list[tuple[date, date]] = field(default_factory=list)

    @property
    def principal(self) -> int:
        """Return the principal that is owed."""
        return self.owed(Part.PRINCIPAL)

    def owed(self, part: Part) -> int:
        """Return what is owed of one part, due or not."""
        return sum(line.asked[part] - line.paid[part] for line in self.lines)

    def move_to(self, day: date) -> None:
        """Let time pass until `day`: penalty interest runs on whatever is past due."""
        penalty = self.terms.penalty
        if penalty and day > self.day:
            for line in self.lines:
                if line.due_on >= day:
                    break
                line.run_penalty(penalty, self.terms.rounding, day)
        self.day = day

    def mark(self) -> None:
        """Note on every line whether it came to zero today."""
        for line in self.lines:
            line.mark(self.day)

    def charge(self, charge: Charge) -> None:
        """Give a fee or penalty to the line whose period holds its day; after the last it makes a line of its own."""
        line = next((line for line in self.lines if charge.due_on <= line.due_on), None)
        if line is None:
            line = self._line_for(charge)
            self.lines.append(line)
        line.charge(charge)

    def _line_for(self, charge: Charge) -> Line:
        number = max(line.number for line in self.lines) + 1
        return Line(
            number=number,
            due_on=charge.due_on,
            slot=None,
            row=None,
            asked=dict.fromkeys(Part, 0),
            tranches=[],
        )

    def sort(self) -> None:
        """Put the lines back in order of their due dates."""
        self.lines.sort(key=lambda line: (line.due_on, line.number))


def opened(schedule: Schedule) -> Ledger:
    """Return the ledger of a loan on the day it was paid out."""
    return Ledger(schedule.terms, schedule.clock, lines_of(schedule.rows), schedule.terms.disbursed_on)
