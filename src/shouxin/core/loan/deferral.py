"""Moving what is unpaid to later due dates: the one deferral that is built.

What `defer {instalments: n}` on a day means, exactly:
1. every agreed instalment that is not fully paid that day, overdue ones included, moves by n due dates; none is split
   and none changes its number;
2. each still unpaid part of principal bears the loan's own rate from its old due date to its new one (whatever the
   product's day count). The sum over all of them is the extra cost: rounded once, asked as interest of the last
   instalment that moved, bearing no interest itself;
3. penalty interest that ran on the moved instalments and is unpaid is let off; what was paid of it stays paid, and
   single fees and penalties stay;
4. nothing that moved is past due any more, so collection has nothing to act on until a new due date passes.
"""

from datetime import date
from fractions import Fraction

from shouxin.core.calendar import CalendarError
from shouxin.core.loan.agreed import Part
from shouxin.core.loan.event import EventError
from shouxin.core.loan.ledger import Ledger
from shouxin.core.loan.line import Line, Tranche
from shouxin.core.money import round_ratio


def defer(ledger: Ledger, *, instalments: int, where: str) -> None:
    """Move every unpaid instalment. Raises `EventError` when nothing is unpaid or the terms give no rhythm."""
    if ledger.terms.due_dates:
        raise EventError(f"{where}.type", '"defer" with due_dates is not supported yet')
    moved = [line for line in ledger.lines if line.slot is not None and line.outstanding]
    if not moved:
        raise EventError(f"{where}.type", "nothing is left to defer")
    exact = Fraction(0)
    for line in moved:
        ledger.penalty_let_off += line.let_off_penalty_interest()
        exact += _move(ledger, line, instalments, where)
    _ask(ledger, moved[-1], exact)
    ledger.sort()
    assert _run(ledger) == sum(line.exact for line in ledger.lines), "days charged are not the days money was lent"


def _move(ledger: Ledger, line: Line, instalments: int, where: str) -> Fraction:
    assert line.slot is not None
    slot, before = line.slot + instalments, line.due_on
    line.slot, line.due_on = slot, _due_on(ledger, slot, where)
    unpaid = line.owed(Part.PRINCIPAL)
    latest = line.tranches[-1]
    latest.amount -= unpaid
    line.tranches.append(Tranche(unpaid, line.due_on))
    return unpaid * ledger.terms.annual * ledger.clock.between(before, line.due_on)


def _run(ledger: Ledger) -> Fraction:
    """Return the interest of every piece of principal over all the days for which it is lent, exactly."""
    pieces = (piece for line in ledger.lines for piece in line.tranches)
    return ledger.terms.annual * sum(piece.amount * ledger.clock.since(piece.until) for piece in pieces)


def _due_on(ledger: Ledger, slot: int, where: str) -> date:
    try:
        return ledger.clock.grid.at(slot)
    except CalendarError as error:
        raise EventError(f"{where}.instalments", error.message) from None


def _ask(ledger: Ledger, line: Line, exact: Fraction) -> None:
    rounding = ledger.terms.rounding
    extra = round_ratio(exact.numerator, exact.denominator, unit=rounding.unit_minor, mode=rounding.mode)
    line.extra += exact
    line.asked[Part.INTEREST] += extra
    ledger.extra += extra
