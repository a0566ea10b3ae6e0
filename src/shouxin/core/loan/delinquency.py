"""How far behind an account is: an amount (arrears) and counts of days, which are never mixed up.

Days past due are calendar days from the oldest unpaid due date. Delinquent days leave out the grace days and the days
of a pause; the first day of a pause still counts, its last does not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shouxin.core.loan.agreed import Delinquency
from shouxin.core.loan.line import Line

Pauses = Sequence[tuple[date, date]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """`dpd`, `arrears` … of the outside contract on one day; amounts in minor units."""

    dpd: int
    arrears: int
    delinquent_days: int
    delinquent_since: date | None
    bucket: str | None
    by_bucket: tuple[tuple[str | None, int], ...]


def behind(rule: Delinquency, lines: Iterable[Line], *, pauses: Pauses, day: date) -> Behind:
    """Return how far behind the lines are on `day`."""
    late = [line for line in lines if _past_due(rule, line.due_on, day) and line.outstanding]
    if not late:
        return Behind(dpd=0, arrears=0, delinquent_days=0, delinquent_since=None, bucket=rule.bucket(0), by_bucket=())
    oldest = min(line.due_on for line in late)
    days = max(0, _age(rule, oldest, day) - rule.grace_days - paused_days(pauses, after=oldest, until=day))
    return Behind(
        dpd=_age(rule, oldest, day),
        arrears=sum(line.outstanding for line in late),
        delinquent_days=days,
        delinquent_since=oldest + timedelta(days=rule.grace_days),
        bucket=rule.bucket(days),
        by_bucket=_by_bucket(rule, late, pauses, day) if days else (),
    )


def paused_days(pauses: Pauses, *, after: date, until: date) -> int:
    """Return the paused days later than `after`, up to and including `until`; days in two pauses count once."""
    total, counted_to = 0, after
    for begins, ends in sorted(pauses):
        start, end = max(begins, counted_to), min(ends, until)
        if end > start:
            total += (end - start).days
            counted_to = end
    return total


def resume(pauses: Pauses, day: date) -> list[tuple[date, date]]:
    """Return the pauses after collection resumed on `day`: those that run then end then, later ones are dropped."""
    return [(begins, min(ends, day)) for begins, ends in pauses if begins <= day]


def _past_due(rule: Delinquency, due_on: date, day: date) -> bool:
    return due_on <= day if rule.due_day_counts else due_on < day


def _age(rule: Delinquency, due_on: date, day: date) -> int:
    return (day - due_on).days + (1 if rule.due_day_counts else 0)


def _by_bucket(rule: Delinquency, late: list[Line], pauses: Pauses, day: date) -> tuple[tuple[str | None, int], ...]:
    """By each line's own age: paused days off, no grace."""
    amounts: dict[str | None, int] = {}
    for line in sorted(late, key=lambda line: line.due_on, reverse=True):
        age = _age(rule, line.due_on, day) - paused_days(pauses, after=line.due_on, until=day)
        code = rule.bucket(age)
        amounts[code] = amounts.get(code, 0) + line.outstanding
    return tuple(amounts.items())
