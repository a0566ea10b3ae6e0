"""What was agreed: the terms of one loan as frozen values, frozen when they were signed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from shouxin.core.calendar import MONTHLY, DayCount, Every, Grid, MonthEnd, grid_through
from shouxin.core.money import Mode

MOST_INSTALMENTS: Final = 1200


class TermsError(ValueError):
    """Terms that cannot be read or not be computed; `where` names the key, `message` what is wrong with it."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


class LevelFrom(StrEnum):
    """What the level amount is solved over: the real day fractions, or as many whole periods as instalments."""

    EXACT = "exact"
    WHOLE_PERIODS = "whole_periods"


class Advance(StrEnum):
    """Where money beyond what is due goes: to the next instalments, or to the last and then backwards."""

    NEXT = "next"
    LAST = "last"


class Part(StrEnum):
    """The four things an instalment can ask for."""

    FEE = "fee"
    PENALTY = "penalty"
    INTEREST = "interest"
    PRINCIPAL = "principal"


class Group(StrEnum):
    """How an instalment stands on the day of a payment: due before it, on it or after it."""

    PAST_DUE = "past_due"
    DUE = "due"
    ADVANCE = "advance"


CIVIL_CODE_561: Final = tuple((group, part) for group in Group for part in Part)
"""费用、利息、主债务: costs (fees and penalties), then interest, then principal (民法典 art. 561)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """Units are minor units: 1 is a fen, 100 a whole yuan. The `instalment_` pair rounds the level amount only."""

    unit_minor: int = 1
    mode: Mode = Mode.HALF_EVEN
    instalment_unit_minor: int = 1
    instalment_mode: Mode = Mode.HALF_EVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """Penalty interest, simple, by the day over 365, on `base` of each instalment that is past due."""

    annual: Fraction
    base: tuple[Part, ...]
    after_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Delinquent days `first` to `last`, both included; `last` None is open."""

    code: str
    first: int
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delinquency:
    """`due_day_counts`: an instalment unpaid on its due date is one day past due that day, not the next."""

    grace_days: int = 0
    due_day_counts: bool = False
    buckets: tuple[Bucket, ...] = ()

    def bucket(self, days: int) -> str | None:
        """Return the code of the bucket that holds `days`; where two hold them (…-30, 30-…), the later one does."""
        for bucket in reversed(self.buckets):
            if bucket.first <= days and (bucket.last is None or days <= bucket.last):
                return bucket.code
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One loan as agreed. Amounts in minor units of `currency`; `annual` is the exact yearly rate (18/125 is 14.4 %).

    `instalments`, `every` and `first_due` give the due dates, unless `due_dates` lists them all.
    """

    currency: str
    principal_minor: int
    disbursed_on: date
    annual: Fraction
    instalments: int
    every: Every = MONTHLY
    first_due: date | None = None
    due_dates: tuple[date, ...] | None = None
    month_end: MonthEnd = MonthEnd.CLAMP
    day_count: DayCount = DayCount.PERIOD
    level_from: LevelFrom = LevelFrom.EXACT
    rounding: Rounding = Rounding()
    allocation: tuple[tuple[Group, Part], ...] = CIVIL_CODE_561
    by_component: bool = False
    advance: Advance = Advance.NEXT
    penalty: Penalty | None = None
    delinquency: Delinquency = Delinquency()

    def grid(self) -> Grid:
        """Return the due dates as an endless grid whose number 0 is the first."""
        return grid_through(self.first_due, start=self.disbursed_on, every=self.every, month_end=self.month_end)
