"""Whom: the people who owe, and nobody else; a contact person may be asked, never collected from."""

from shouxin.core.outreach.question import CHANNELS, PARTIES, SOURCES, STATES
from shouxin.core.outreach.scene import MET, OWED, Scene, Verdict, forbid
from shouxin.core.rules.params import Expects
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.rule import Rule

TARGETS = {"parties": Expects("words", PARTIES)}
LAWFUL_SOURCES = {"sources": Expects("words", SOURCES)}
RECORDED = {"state": Expects("word", STATES), "parties": Expects("words", PARTIES)}
DUTY = {"channels": Expects("words", CHANNELS), "parties": Expects("words", PARTIES)}


def targets(rule: Rule, scene: Scene) -> Verdict | None:
    """Only the `parties` named may be approached (whether a contact person may is said by the
    rules on them).
    """
    if scene.question.party in rule.words("parties"):
        return MET
    return forbid(Reason.THIRD_PARTY)


def lawful_source(rule: Rule, scene: Scene) -> Verdict | None:
    """The contact point came from one of the `sources` that the rule names."""
    if scene.question.source in rule.words("sources"):
        return MET
    return forbid(Reason.NO_BASIS)


def recorded_state(rule: Rule, scene: Scene) -> Verdict | None:
    """Once `state` is recorded about the debtor, the `parties` are not contacted."""
    if rule.text("state") not in scene.question.debtor_states:
        return None
    if scene.question.party not in rule.words("parties"):
        return None
    return forbid(Reason.THIRD_PARTY)


def wrong_person(_rule: Rule, scene: Scene) -> Verdict | None:
    """A point at which someone else answered is never used again for that person."""
    asked = scene.question
    for item in scene.history.attempts:
        same = item.person == asked.person and item.point == asked.point
        if same and item.at <= asked.at and item.outcome == "wrong_person":
            return forbid(Reason.THIRD_PARTY)
    return None


def duty(rule: Rule, scene: Scene) -> Verdict | None:
    """Something that is owed while the contact is made: it is named and never blocks."""
    asked = scene.question
    if asked.channel in rule.words("channels") and asked.party in rule.words("parties"):
        return OWED
    return None
