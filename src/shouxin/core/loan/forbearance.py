"""A way out, computed before anybody agrees to it: today's plan and the plan after a deferral, side by side.

Nothing here changes a loan. What is agreed becomes the event `defer {instalments}`, which `deferral` defines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shouxin.core.loan.account import Account, Instalment, fold
from shouxin.core.loan.agreed import Terms
from shouxin.core.loan.event import Event, Type
from shouxin.core.money import format_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A deferral by `instalments` due dates, agreed on `on`. Amounts in minor units.

    `extra_cost` is the interest that the added days bear, `spared` the penalty interest that is let off.
    """

    on: date
    instalments: int
    old: Account
    new: Account

    @property
    def event(self) -> Event:
        """Return what this plan becomes when it is agreed."""
        return Event(on=self.on, type=Type.DEFER, instalments=self.instalments)

    @property
    def extra_cost(self) -> int:
        """Return the interest that the added days bear."""
        return self.new.extra_interest - self.old.extra_interest

    @property
    def spared(self) -> int:
        """Return the penalty interest that is let off."""
        return self.new.penalty_let_off - self.old.penalty_let_off

    @property
    def next_due(self) -> Instalment | None:
        """Return the next payment under the plan."""
        return self.new.next_due

    @property
    def last_due(self) -> date:
        """Return the day of the last instalment under the plan."""
        return self.new.instalments[-1].due_on


def simulate(terms: Terms, events: Sequence[Event], *, on: date, instalments: int) -> Plan:
    """Return what deferring would do, with the account as it is beside it.

    Raises `EventError` when nothing is left to defer.
    """
    old = fold(terms, events, as_of=on)
    deferral = Event(on=on, type=Type.DEFER, instalments=instalments, where="plan")
    new = fold(terms, [*events, deferral], as_of=on)
    assert new.outstanding == old.outstanding + new.extra_interest - old.extra_interest - (
        new.penalty_let_off - old.penalty_let_off
    ), "a deferral changed more than its interest and penalty"
    return Plan(on=on, instalments=instalments, old=old, new=new)


def to_doc(plan: Plan) -> dict[str, object]:
    """Return both plans row by row, and the difference, with decimal strings."""
    currency = plan.old.terms.currency
    old = {row.number: row for row in plan.old.instalments}
    next_due = plan.next_due
    return {
        "on": plan.on.isoformat(),
        "instalments": plan.instalments,
        "rows": [_pair(old[row.number], row, currency) for row in sorted(plan.new.instalments, key=_number)],
        "extra_cost": format_amount(plan.extra_cost, currency),
        "penalty_spared": format_amount(plan.spared, currency),
        "pay_now_instead": format_amount(plan.old.behind.arrears, currency),
        "next_due": next_due and next_due.due_on.isoformat(),
        "next_amount": next_due and format_amount(next_due.outstanding, currency),
        "last_due": plan.last_due.isoformat(),
    }


def _number(row: Instalment) -> int:
    return row.number


def _pair(old: Instalment, new: Instalment, currency: str) -> dict[str, object]:
    return {
        "number": new.number,
        "old_due_on": old.due_on.isoformat(),
        "old_outstanding": format_amount(old.outstanding, currency),
        "new_due_on": new.due_on.isoformat(),
        "new_outstanding": format_amount(new.outstanding, currency),
    }
