"""What would happen if I fell behind: the rules in force put to my own next instalment, one scene after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shouxin.core.outreach.may_contact import may_contact
from shouxin.core.outreach.question import History, Question
from shouxin.usecases.lender import Lender

_DAYTIME, _NIGHT = time(10, 0), time(23, 0)
_SCENES = (
    ("call_by_day", "debtor", _DAYTIME),
    ("call_at_night", "debtor", _NIGHT),
    ("call_contact_person", "contact_person", _DAYTIME),
    ("call_anyone_else", "other", _DAYTIME),
)
"""What somebody who fears for their family would ask; the first is there to show that not all is forbidden."""


@dataclass(frozen=True)
class Applied:
    """One rule as it would be applied: its force, what it does, and where it is written, in each language."""

    id: str
    force: str
    effect: str
    citation: Mapping[str, str]


@dataclass(frozen=True)
class Scene:
    """One act that a collector might try on the day after the due date, and the ruling on it."""

    scene: str
    at: datetime
    allow: bool
    rules: tuple[Applied, ...]


def simulate(lender: Lender, due_on: date) -> tuple[Scene, ...]:
    """Rule on each scene as of the day after `due_on`, one day past due, nobody having been tried before."""
    day = due_on + timedelta(days=1)
    zone = lender.settings.zone
    return tuple(_ruled(lender, name, party, datetime.combine(day, clock, zone)) for name, party, clock in _SCENES)


def _ruled(lender: Lender, name: str, party: str, at: datetime) -> Scene:
    question = Question(
        case="simulated",
        person=party,
        party=party,
        point=party,
        channel="call",
        at=at,
        zone=lender.settings.zone,
        dpd=1,
    )
    ruling = may_contact(question, History(), lender.policy.rules)
    rules = tuple(
        Applied(one.rule_id, one.force, one.effect, _citation(lender, one.rule_id, at.date())) for one in ruling.applied
    )
    return Scene(name, at, ruling.allow, rules)


def _citation(lender: Lender, rule_id: str, day: date) -> Mapping[str, str]:
    rule = lender.policy.rules.get(rule_id, day)
    assert rule is not None, "a ruling cites rules of its own book"
    return rule.citation


def reaches_others(scenes: tuple[Scene, ...]) -> bool:
    """Whether any scene that isn't about the borrower is allowed."""
    return any(one.allow for one in scenes if one.scene in ("call_contact_person", "call_anyone_else"))
