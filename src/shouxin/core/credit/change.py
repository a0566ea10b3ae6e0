"""What would change a decision. Each change was tried by the very steps that decided: what they show is what is said.

A grid never gives a heavier burden a better offer, so less obligations or more income can only help; the least amount
that helps as much as possible is found by halving, in whole units of the currency.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol

from shouxin.core.credit.facts import Facts
from shouxin.core.credit.grid import Grid
from shouxin.core.credit.offer import interest
from shouxin.core.money import minor_digits

_TIMES_INCOME: Final = 8
"""More income is looked for up to this many times what is stated; beyond, saying so helps nobody."""


class ChangeKind(StrEnum):
    """What an applicant could change, the cheapest first."""

    VERIFY_INCOME = "verify_income"
    STATE_EMPLOYMENT = "state_employment"
    OTHER_TERM = "other_term"
    FEWER_OBLIGATIONS = "fewer_obligations"
    MORE_INCOME = "more_income"


class Judged(Protocol):
    """The part of a decision that two of them are compared by."""

    @property
    def limit_minor(self) -> int:
        """What is lent, 0 when nothing is."""

    @property
    def annual_ppm(self) -> int:
        """Its yearly rate."""

    @property
    def instalment_minor(self) -> int:
        """Its monthly amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change, and what the same steps then decide. `amount`: minor units a month less or more, or the other number
    of months, or 0; `complete` says that all that was asked for would then be lent.
    """

    kind: ChangeKind
    amount: int
    complete: bool
    limit_minor: int
    annual_ppm: int
    instalment_minor: int
    interest_minor: int


Judge = Callable[[Facts], Judged]


def changes(facts: Facts, grid: Grid, *, judge: Judge) -> tuple[Change, ...]:
    """Return the changes that would get the applicant more, the cheapest kind first."""
    now = judge(facts).limit_minor
    tried = ((kind, amount, other, judge(other)) for kind, amount, other in _candidates(facts, grid, judge))
    return tuple(
        _change(kind, amount, other, judged, grid) for kind, amount, other, judged in tried if judged.limit_minor > now
    )


def _change(kind: ChangeKind, amount: int, facts: Facts, judged: Judged, grid: Grid) -> Change:
    return Change(
        kind=kind,
        amount=amount,
        complete=judged.limit_minor == facts.requested_minor,
        limit_minor=judged.limit_minor,
        annual_ppm=judged.annual_ppm,
        instalment_minor=judged.instalment_minor,
        interest_minor=interest(
            currency=grid.currency,
            principal_minor=judged.limit_minor,
            annual_ppm=judged.annual_ppm,
            instalments=facts.instalments,
        ),
    )


def _candidates(facts: Facts, grid: Grid, judge: Judge) -> Iterator[tuple[ChangeKind, int, Facts]]:
    if not facts.income_verified:
        yield ChangeKind.VERIFY_INCOME, 0, replace(facts, income_verified=True)
    if not facts.employment_stated:
        yield ChangeKind.STATE_EMPLOYMENT, 0, replace(facts, employment_stated=True)
    other_term = _other_term(facts, grid, judge)
    yield ChangeKind.OTHER_TERM, other_term.instalments, other_term
    whole = 10 ** (minor_digits(grid.currency) or 0)
    less = _least(facts.obligations_minor, whole, lambda by: judge(_fewer_obligations(facts, by)))
    yield ChangeKind.FEWER_OBLIGATIONS, less, _fewer_obligations(facts, less)
    more = _least(_income_to_look_for(facts, grid), whole, lambda by: judge(_more_income(facts, by)))
    yield ChangeKind.MORE_INCOME, more, _more_income(facts, more)


def _other_term(facts: Facts, grid: Grid, judge: Judge) -> Facts:
    """Among the terms that get the applicant the most, the shortest: it costs the least interest."""
    return max(
        (replace(facts, instalments=months) for months in grid.terms),
        key=lambda other: (judge(other).limit_minor, -other.instalments),
    )


def _least(most: int, whole: int, judge: Callable[[int], Judged]) -> int:
    """Return the least multiple of `whole` (or `most`) that gets as much as `most` does."""
    goal = judge(most).limit_minor
    low, high = 0, -(-most // whole)
    while low < high:
        middle = (low + high) // 2
        if judge(min(most, middle * whole)).limit_minor >= goal:
            high = middle
        else:
            low = middle + 1
    return min(most, low * whole)


def _fewer_obligations(facts: Facts, by: int) -> Facts:
    return replace(facts, obligations_minor=facts.obligations_minor - by)


def _more_income(facts: Facts, by: int) -> Facts:
    return replace(facts, income_minor=facts.income_minor + by)


def _income_to_look_for(facts: Facts, grid: Grid) -> int:
    """How much more income is tried at most: a stated one never up to where a person looks first."""
    most = facts.income_minor * _TIMES_INCOME
    if not facts.income_verified:
        most = min(most, grid.review_income_minor - 1)
    return max(0, most - facts.income_minor)
