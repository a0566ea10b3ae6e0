"""The state of a loan on a day: a pure fold of its terms and events. Nothing is stored, so nothing can drift.

The steps, in order:
1. events after the day are left out, reversals are resolved (a reversed event counts nowhere, on no day), the rest is
   put in order: by `on`, then as they came;
2. the first pay-out replaces the planned one, and the schedule is built from it;
3. event by event: time passes (penalty interest runs), the event is booked, lines that came to zero are marked;
4. time passes to the day itself; what is behind, what settles and what is owed are read off;
5. what must balance is asserted; a sum beyond 64 bits is refused.
The caller owes: events of this loan and of no other, and the day.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from shouxin.core.loan import schedule as plan
from shouxin.core.loan.agreed import Part, Terms, TermsError
from shouxin.core.loan.allocation import allocate
from shouxin.core.loan.deferral import defer
from shouxin.core.loan.delinquency import Behind, behind, resume
from shouxin.core.loan.event import Event, EventError, Type
from shouxin.core.loan.ledger import Ledger, opened
from shouxin.core.loan.line import Charge
from shouxin.core.loan.replay import in_force
from shouxin.core.loan.settlement import Settle, let_off_unearned, quote
from shouxin.core.money import LARGEST, format_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """An amount by its parts, in minor units."""

    principal: int = 0
    interest: int = 0
    fees: int = 0
    penalties: int = 0

    @property
    def total(self) -> int:
        """Return the sum."""
        return self.principal + self.interest + self.fees + self.penalties


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One instalment after all events. `asked` and `paid` by part; `balance` is principal still to come after it."""

    number: int
    due_on: date
    days: int
    asked: Parts
    paid: Parts
    balance: int
    paid_early: int
    paid_late: int
    settled_on: date | None

    @property
    def outstanding(self) -> int:
        """Return what is still to be paid on it."""
        return self.asked.total - self.paid.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One event that moved money, as it was applied; `balance` is the principal owed after it.

    `amount` less the parts is what fitted nowhere and became credit. The interest of a settlement may be negative:
    interest paid ahead and not earned, given back.
    """

    on: date
    type: Type
    ref: str | None
    amount: int
    parts: Parts
    balance: int
    reversed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedCharge:
    """A fee or penalty raised by an event. What is paid on an instalment's charges fills the oldest first."""

    kind: Part
    code: str | None
    due_on: date
    amount: int
    paid: int
    waived: int

    @property
    def outstanding(self) -> int:
        """Return what is still to be paid of it."""
        return self.amount - self.paid - self.waived


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A loan on the day `as_of`. Amounts in minor units of the terms' currency.

    `extra_interest` is what deferrals added, `penalty_let_off` the penalty interest that they spared, `paused` whether
    delinquency is paused on the day.
    """

    terms: Terms
    as_of: date
    instalments: tuple[Instalment, ...]
    transactions: tuple[Transaction, ...]
    charges: tuple[RaisedCharge, ...]
    behind: Behind
    credit: int
    settle: Settle
    extra_interest: int
    penalty_let_off: int
    paused: bool

    @property
    def principal(self) -> int:
        """Return the principal that is owed, due or not."""
        return sum(row.asked.principal - row.paid.principal for row in self.instalments)

    @property
    def outstanding(self) -> int:
        """Return all that the instalments still ask for."""
        return sum(row.outstanding for row in self.instalments)

    @property
    def next_due(self) -> Instalment | None:
        """Return the first instalment that is not fully paid and is due on the day or later."""
        return next((row for row in self.instalments if row.due_on >= self.as_of and row.outstanding), None)
