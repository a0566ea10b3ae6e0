"""What a borrower may pay today, and what that would repay: computed by the core, booked by nobody.

`due` is what is due by now, or else the next instalment; `all` pays everything off, with interest to today and no
further; `other` is any amount between.  An amount that pays everything off is always taken as `all`, because taken as
an ordinary payment it would cost interest that has not run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shouxin.core.loan.account import Account, Instalment, Parts, fold
from shouxin.core.loan.event import Event, Type
from shouxin.core.loan.terms import Terms
from shouxin.core.rules.refusal import Reason, Refusal


class Choice(StrEnum):
    """Which of the three amounts."""

    DUE = "due"
    ALL = "all"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Repaid:
    """What one instalment would get, by part, in minor units; `left` is still to be paid of it afterwards."""

    number: int
    due_on: date
    parts: Parts
    left: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A payment that nobody made yet; amounts in minor units.

    `repaid` stands in the order in which the money goes; `saved` is interest that would not have to be paid any more;
    `credit` is what would fit nowhere.
    """

    choice: Choice
    amount: int
    repaid: tuple[Repaid, ...]
    saved: int
    credit: int
    after: Account


def due_now(account: Account) -> tuple[Instalment, ...]:
    """The instalments that are due by now and unpaid, or else the next one."""
    due = tuple(row for row in account.instalments if row.due_on <= account.as_of and row.outstanding)
    coming = next((row for row in account.instalments if row.outstanding), None)
    return due or ((coming,) if coming else ())


def amount_of(account: Account, choice: Choice, other: int = 0) -> int:
    """The amount of a choice; never more than pays everything off."""
    if choice is Choice.OTHER:
        return other
    due = sum(row.outstanding for row in due_now(account))
    return account.settle.amount if choice is Choice.ALL else min(due, account.settle.amount)


def not_payable(account: Account, amount: int) -> Refusal | None:
    """Why this amount can't be paid today: nothing is owed, it is nothing, or more than pays everything off."""
    if not account.outstanding:
        return Refusal(Reason.CONTRACT_ENDED, (), "loan")
    if not 0 < amount <= account.settle.amount:
        return Refusal(Reason.WRONG_AMOUNT, (), "amount")
    return None


def preview(agreed: Terms, events: Sequence[Event], account: Account, *, choice: Choice, amount: int) -> Preview:
    """What a payment of `amount` on the account's day would do. The caller has seen that it is payable."""
    settles = amount == account.settle.amount
    event = Event(on=account.as_of, type=Type.SETTLE if settles else Type.PAY, amount=amount)
    after = fold(agreed, [*events, event], as_of=account.as_of)
    return Preview(
        choice=Choice.ALL if settles else choice,
        amount=amount,
        repaid=repaid(account, after),
        saved=account.outstanding - after.outstanding - amount + after.credit - account.credit,
        credit=after.credit - account.credit,
        after=after,
    )


def repaid(before: Account, after: Account) -> tuple[Repaid, ...]:
    """What each instalment got between two states of one account, in the order of the due dates."""
    found = []
    rows = {row.number: row for row in before.instalments}
    for row in after.instalments:
        got = less(row.paid, rows[row.number].paid) if row.number in rows else row.paid
        if got.total or _any(got):
            found.append(Repaid(row.number, row.due_on, got, row.outstanding))
    return tuple(found)


def less(one: Parts, other: Parts) -> Parts:
    """The difference, part by part."""
    return Parts(
        principal=one.principal - other.principal,
        interest=one.interest - other.interest,
        fees=one.fees - other.fees,
        penalties=one.penalties - other.penalties,
    )


def _any(parts: Parts) -> bool:
    return any((parts.principal, parts.interest, parts.fees, parts.penalties))
