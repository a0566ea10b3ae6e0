"""Paying everything off on a day: interest up to that day and not a day further.

The steps, in order:
1. instalments whose due date has come ask for their whole interest, as it was rounded;
2. beyond them, interest has run on each unpaid-for piece of principal up to the day, or up to the due date at which
   it stops; that sum is rounded once;
3. interest that was paid ahead and is not earned by then counts against the rest (民法典 art. 677: interest for the
   time that the money was really lent, unless agreed otherwise); the interest of a quote may therefore be negative,
   its amount never is;
4. all fees and penalties raised so far, and all principal, fall due.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shouxin.core.loan.agreed import Part
from shouxin.core.loan.ledger import Ledger
from shouxin.core.loan.line import Line
from shouxin.core.money import round_ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """What pays everything off, in minor units."""

    principal: int
    interest: int
    fees: int
    penalties: int

    @property
    def amount(self) -> int:
        """Return the sum."""
        return self.principal + self.interest + self.fees + self.penalties


def quote(ledger: Ledger) -> Settle:
    """Return what pays everything off on the ledger's day."""
    principal, fees, penalties = ledger.owed(Part.PRINCIPAL), ledger.owed(Part.FEE), ledger.owed(Part.PENALTY)
    interest = _owed_interest(ledger) if _lent(ledger) else 0
    return Settle(
        principal=principal, interest=max(interest, -principal - fees - penalties), fees=fees, penalties=penalties
    )


def let_off_unearned(ledger: Ledger) -> int:
    """Bring what all lines ask for down to the quote; return the interest paid ahead that is thereby free again."""
    if not _lent(ledger):
        return 0
    _, coming = _lines(ledger)
    running = _running(ledger)
    freed = 0
    for line in coming:
        line.asked[Part.INTEREST], running = running, 0
        line.waived[Part.INTEREST] = 0
        freed += _take_back(line)
    ledger.closed = True
    return freed


def _lent(ledger: Ledger) -> bool:
    """Return whether principal or interest is left to pay: a plan that was paid to its end is not opened again."""
    return bool(ledger.owed(Part.PRINCIPAL) or ledger.owed(Part.INTEREST))


def _owed_interest(ledger: Ledger) -> int:
    reached, coming = _lines(ledger)
    due = sum(line.owed(Part.INTEREST) for line in reached)
    return due + _running(ledger) - sum(line.paid[Part.INTEREST] for line in coming)


def _running(ledger: Ledger) -> int:
    """Return the interest that has run beyond the lines whose due date has come, net of what was waived of it."""
    reached, coming = _lines(ledger)
    if ledger.closed or not coming:
        return 0
    until: dict[date, int] = {}
    for piece in (piece for line in ledger.lines for piece in line.tranches):
        stops = min(piece.until, ledger.day)
        until[stops] = until.get(stops, 0) + piece.amount
    run = sum((amount * ledger.clock.since(day) for day, amount in until.items()), Fraction(0))
    exact = ledger.terms.annual * run - sum((line.exact for line in reached), Fraction(0))
    rounding = ledger.terms.rounding
    rounded = round_ratio(exact.numerator, exact.denominator, unit=rounding.unit_minor, mode=rounding.mode)
    return max(0, rounded - sum(line.waived[Part.INTEREST] for line in coming))


def _lines(ledger: Ledger) -> tuple[list[Line], list[Line]]:
    """Return the lines whose due date has come, and those to come."""
    reached = [line for line in ledger.lines if line.due_on <= ledger.day]
    return reached, [line for line in ledger.lines if line.due_on > ledger.day]


def _take_back(line: Line) -> int:
    """Free the interest that a line holds beyond what it asks for; all of it was paid before the due date."""
    excess = max(0, line.paid[Part.INTEREST] - line.asked[Part.INTEREST])
    line.paid[Part.INTEREST] -= excess
    line.paid_early -= excess
    return excess
