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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from shouxin.core.loan.agreed import Part, Terms, TermsError
from shouxin.core.loan.booking import Split, book, nothing
from shouxin.core.loan.delinquency import Behind, behind
from shouxin.core.loan.event import Event, EventError, Type
from shouxin.core.loan.ledger import Ledger, opened
from shouxin.core.loan.line import Line
from shouxin.core.loan.replay import in_force
from shouxin.core.loan.schedule import build
from shouxin.core.loan.settlement import Settle, quote
from shouxin.core.money import LARGEST


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


def fold(terms: Terms, events: Sequence[Event], *, as_of: date | None = None) -> Account:
    """Return the account on `as_of` (default: the last event's date, or the planned pay-out).

    Raises `EventError` for events that do not fit each other or the loan, `TermsError` beyond 64 bits.
    """
    day = as_of or max((event.on for event in events), default=terms.disbursed_on)
    replayed = in_force(events, as_of=day)
    first = next((event for event, undone in replayed if event.type is Type.DISBURSE and not undone), None)
    ledger = opened(build(_paid_out(terms, first)))
    transactions = [] if first else [_planned(ledger)]
    for event, undone in replayed:
        transactions.extend(_step(ledger, event, undone=undone, first=first))
    if day < ledger.day:
        raise EventError("as_of", "lies before the loan was paid out")
    ledger.move_to(day)
    account = _read_off(ledger, tuple(transactions))
    _check(ledger, account)
    return account


def each(terms: Terms, events: Sequence[Event]) -> Iterator[Account]:
    """Yield the account after every event, in the order of replay, each on the day of its event."""
    replayed = sorted(events, key=lambda event: event.on)
    for n, event in enumerate(replayed, start=1):
        yield fold(terms, replayed[:n], as_of=event.on)


def _paid_out(terms: Terms, first: Event | None) -> Terms:
    """The first pay-out replaces the planned one."""
    if first is None:
        return terms
    paid_out = replace(terms, principal_minor=first.amount, disbursed_on=first.on)
    due = terms.due_dates[0] if terms.due_dates else paid_out.grid().at(0)
    if due < first.on:
        raise EventError(f"{first.where}.on", "must not lie after the first due date")
    return paid_out


def _planned(ledger: Ledger) -> Transaction:
    return Transaction(
        on=ledger.day,
        type=Type.DISBURSE,
        ref=None,
        amount=ledger.terms.principal_minor,
        parts=Parts(),
        balance=ledger.principal,
    )


def _step(ledger: Ledger, event: Event, *, undone: bool, first: Event | None) -> list[Transaction]:
    """Book one event; return its transaction if it moved money, or would have."""
    if undone:
        return [_transaction(ledger, event, nothing(), undone=True)]
    if event.on < ledger.day:
        raise EventError(f"{event.where}.on", "must not lie before the loan was paid out")
    ledger.move_to(event.on)
    if event is first:
        return [_transaction(ledger, event, nothing())]
    applied = book(ledger, event)
    ledger.mark()
    return [] if applied is None else [_transaction(ledger, event, applied)]


def _transaction(ledger: Ledger, event: Event, applied: Split, *, undone: bool = False) -> Transaction:
    return Transaction(
        on=event.on,
        type=event.type,
        ref=event.ref,
        amount=event.amount,
        parts=_parts(applied),
        balance=ledger.principal,
        reversed=undone,
    )


def _parts(amounts: dict[Part, int]) -> Parts:
    return Parts(
        principal=amounts[Part.PRINCIPAL],
        interest=amounts[Part.INTEREST],
        fees=amounts[Part.FEE],
        penalties=amounts[Part.PENALTY],
    )


def _read_off(ledger: Ledger, transactions: tuple[Transaction, ...]) -> Account:
    return Account(
        terms=ledger.terms,
        as_of=ledger.day,
        instalments=tuple(_instalments(ledger)),
        transactions=transactions,
        charges=tuple(charge for line in ledger.lines for charge in _charges(line)),
        behind=behind(ledger.terms.delinquency, ledger.lines, pauses=ledger.pauses, day=ledger.day),
        credit=ledger.credit,
        settle=quote(ledger),
        extra_interest=ledger.extra,
        penalty_let_off=ledger.penalty_let_off,
        paused=any(begins <= ledger.day <= ends for begins, ends in ledger.pauses),
    )


def _instalments(ledger: Ledger) -> Iterator[Instalment]:
    before, balance = ledger.terms.disbursed_on, sum(line.asked[Part.PRINCIPAL] for line in ledger.lines)
    for line in ledger.lines:
        balance -= line.asked[Part.PRINCIPAL]
        yield Instalment(
            number=line.number,
            due_on=line.due_on,
            days=(line.due_on - before).days,
            asked=_parts(line.asked),
            paid=_parts(line.paid),
            balance=balance,
            paid_early=line.paid_early,
            paid_late=line.paid_late,
            settled_on=line.settled_on,
        )
        before = line.due_on


def _charges(line: Line) -> Iterator[RaisedCharge]:
    paid, waived = dict(line.paid), dict(line.waived)
    for charge in sorted(line.charges, key=lambda charge: charge.due_on):
        from_paid = min(charge.amount, paid[charge.kind])
        let_off = min(charge.amount - from_paid, waived[charge.kind])
        paid[charge.kind] -= from_paid
        waived[charge.kind] -= let_off
        yield RaisedCharge(
            kind=charge.kind,
            code=charge.code,
            due_on=charge.due_on,
            amount=charge.amount,
            paid=from_paid,
            waived=let_off,
        )


def _check(ledger: Ledger, account: Account) -> None:
    """State what must balance, and refuse what 64 bits do not hold."""
    repaid = sum(row.paid.principal for row in account.instalments)
    let_off = sum(line.waived[Part.PRINCIPAL] for line in ledger.lines)
    assert repaid + let_off + account.principal == ledger.terms.principal_minor, "principal was lost or made"
    applied = [moved.parts.total for moved in account.transactions if moved.type in (Type.PAY, Type.SETTLE)]
    assert sum(applied) == sum(row.paid.total for row in account.instalments), "a payment was booked on no line"
    assert all(0 <= row.paid.total <= row.asked.total for row in account.instalments), "more paid than asked"
    assert (
        sum(row.days for row in account.instalments)
        == (account.instalments[-1].due_on - ledger.terms.disbursed_on).days
    ), "days charged are not days elapsed"
    if sum(row.asked.total for row in account.instalments) + account.credit > LARGEST:
        raise TermsError("principal", "what the account adds up to is larger than 64 bits hold")
