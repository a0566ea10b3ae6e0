"""What each event does to the ledger of its loan. One function a type; the table at the end is the whole list."""

from collections.abc import Callable
from typing import Final

from shouxin.core.loan.agreed import Part
from shouxin.core.loan.allocation import allocate
from shouxin.core.loan.deferral import defer
from shouxin.core.loan.delinquency import resume
from shouxin.core.loan.event import Event, EventError, Type
from shouxin.core.loan.ledger import Ledger
from shouxin.core.loan.line import Charge
from shouxin.core.loan.settlement import let_off_unearned, quote
from shouxin.core.money import format_amount

Split = dict[Part, int]
"""How the money of an event went to the parts, in minor units."""


def nothing() -> Split:
    """Return the split of an event that paid for nothing."""
    return dict.fromkeys(Part, 0)


def book(ledger: Ledger, event: Event) -> Split | None:
    """Apply one event; return how its money was split, or None when it moves none. Raises `EventError`."""
    return _BOOK[event.type](ledger, event)


def _disburse(_: Ledger, event: Event) -> None:
    raise EventError(f"{event.where}.type", 'a second "disburse" is not supported yet')


def _pay(ledger: Ledger, event: Event) -> Split:
    split, left = allocate(ledger.terms, ledger.lines, amount=event.amount, day=event.on)
    ledger.credit += left
    return split


def _pay_failed(_: Ledger, __: Event) -> Split:
    return nothing()


def _settle(ledger: Ledger, event: Event) -> Split:
    """Pay everything off: interest that the borrower had paid ahead and that is not earned helps to pay."""
    needed = quote(ledger).amount
    if event.amount < needed:
        currency = ledger.terms.currency
        raise EventError(
            f"{event.where}.amount",
            f"{format_amount(needed, currency)} pays everything off that day; settling for less is not supported yet",
        )
    freed = let_off_unearned(ledger)
    split, left = allocate(ledger.terms, ledger.lines, amount=event.amount + freed, day=event.on)
    split[Part.INTEREST] -= freed
    ledger.credit += left
    return split


def _charge(ledger: Ledger, event: Event) -> None:
    kind = Part.FEE if event.type is Type.FEE else Part.PENALTY
    ledger.charge(Charge(kind, event.code, event.due_on or event.on, event.amount))


def _waive(ledger: Ledger, event: Event) -> Split:
    """Let off one part, oldest first; no more than is owed of it."""
    part = event.part
    assert part is not None, "a waiver was read without its part"
    left = event.amount
    if left > ledger.owed(part):
        raise EventError(f"{event.where}.amount", f"more than is owed of {part} that day")
    for line in ledger.lines:
        amount = min(left, line.owed(part))
        line.waive(part, amount)
        left -= amount
    return nothing() | {part: event.amount}


def _defer(ledger: Ledger, event: Event) -> None:
    defer(ledger, instalments=event.instalments, where=event.where)


def _pause(ledger: Ledger, event: Event) -> None:
    assert event.begins is not None, "a pause was read without its first day"
    assert event.ends is not None, "a pause was read without its last day"
    ledger.pauses.append((event.begins, event.ends))


def _resume(ledger: Ledger, event: Event) -> None:
    ledger.pauses = resume(ledger.pauses, event.on)


def _promise(_: Ledger, __: Event) -> None:
    """A word given: what is owed, and since when, stays as it is."""


_BOOK: Final[dict[Type, Callable[[Ledger, Event], Split | None]]] = {
    Type.DISBURSE: _disburse,
    Type.PAY: _pay,
    Type.PAY_FAILED: _pay_failed,
    Type.SETTLE: _settle,
    Type.FEE: _charge,
    Type.PENALTY: _charge,
    Type.WAIVE: _waive,
    Type.DEFER: _defer,
    Type.PAUSE_DELINQUENCY: _pause,
    Type.RESUME_DELINQUENCY: _resume,
    Type.PROMISE: _promise,
}
