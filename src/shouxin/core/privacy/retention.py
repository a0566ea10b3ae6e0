"""What goes, what a duty keeps and what stays in use, field by field (PIPL articles 19 and 47)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shouxin.core.privacy.field import Field
from shouxin.core.rules.params import Expects
from shouxin.core.rules.retention import parse_retention
from shouxin.core.rules.rule import Rule

RELATIONSHIP, LAST_BUNDLE = "relationship", "last_bundle"
CHECKS = {
    RELATIONSHIP: {"idle_days": Expects("whole")},
    LAST_BUNDLE: {"days": Expects("whole")},
}
"""The house's own numbers: after how many days without anything a relationship is over, and how long a closed
account's last file can still be fetched."""

RELATIONSHIP_END = "relationship_end"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Fields that are only stored from now on: `rule` says so; `until` (ms) is the first moment without that duty."""

    fields: tuple[str, ...]
    rule: str
    until: int


@dataclass(frozen=True, slots=True)
class Datum:
    """A field that is held: the number of the entry that stored it, and whether it may be demanded of a borrower."""

    field: Field
    since: int
    required: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a retention: the number of its entry, and when it was, in the lender's zone."""

    entry: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Life:
    """Where a person stands with the lender now.

    `happened` gives the last of each event of a retention (`loan_end`, …); `runs` says whether a contract or a case
    does; `contracted`, whether there ever was a contract; `asked`, whether the person asked for everything to go.
    """

    now: datetime
    runs: bool
    contracted: bool
    asked: bool
    happened: Mapping[str, Happened]


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that a duty keeps: `until` is the last day of it."""

    field: str
    rule: str
    until: date


@dataclass(frozen=True, slots=True)
class Plan:
    """The names of what goes and of what stays in use, and what is only stored from now on."""

    goes: tuple[str, ...]
    kept: tuple[Kept, ...]
    stays: tuple[str, ...]


def plan(data: Iterable[Datum], life: Life) -> Plan:
    """What becomes of each field that is held."""
    goes: list[str] = []
    kept: list[Kept] = []
    stays: list[str] = []
    for datum in data:
        fate = _fate(datum, life)
        if isinstance(fate, Kept):
            kept.append(fate)
        else:
            (goes if fate else stays).append(datum.field.name)
    return Plan(tuple(goes), tuple(kept), tuple(stays))


def over_since(facts_time: datetime, now: datetime, rules: Sequence[Rule]) -> datetime | None:
    """Since when a relationship is over in which nothing has happened after `facts_time`; None while it lasts.

    Only a policy of the house says after how many days that is; without one it lasts until the person ends it.
    """
    days = next((rule.whole("idle_days") for rule in rules if rule.check == RELATIONSHIP), None)
    if days is None:
        return None
    over = facts_time + timedelta(days=days)
    return over if over <= now else None


def bundle_days(rules: Sequence[Rule]) -> int:
    """Days for which a closed account's last file can be fetched; 0 where the house says nothing."""
    return next((rule.whole("days") for rule in rules if rule.check == LAST_BUNDLE), 0)


def _fate(datum: Datum, life: Life) -> bool | Kept:
    """True: it goes; False: it stays in use."""
    if life.runs:
        return life.asked and not datum.required
    retention = parse_retention(datum.field.retention)
    happened = life.happened.get(retention.event)
    if not retention.years or not life.contracted:
        return life.asked or _is_over(datum, happened) or RELATIONSHIP_END in life.happened
    if happened is None or RELATIONSHIP_END not in life.happened:
        return False
    until = retention.until(happened.at.date())
    return until < life.now.date() or Kept(datum.field.name, retention.rule, until)


def _is_over(datum: Datum, happened: Happened | None) -> bool:
    """What was given after the event was given for something new."""
    return happened is not None and datum.since < happened.entry
