"""How often: counts of a calendar day, per person and per contact point.

An attempt whose outcome isn't known counts in both ways. Dials of the lender and of all its
agencies share one counter, because they stand in one history.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shouxin.core.outreach.question import CHANNELS, LIABLE, Attempt, History, Question
from shouxin.core.outreach.scene import MET, Scene, Verdict, forbid
from shouxin.core.rules.params import Expects
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.rule import Rule

ANSWERED = ("connected", "refused", "wrong_person")
UNANSWERED = ("no_answer", "busy", "voicemail", "invalid_number")
PARAMS = {"max": Expects("whole"), "channels": Expects("words", CHANNELS)}


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something happened on the person's day, and how often it may: one rule's count."""

    rule_id: str
    check: str
    made: int
    most: int


def tallies(question: Question, history: History, rules: Iterable[Rule]) -> tuple[Tally, ...]:
    """What the caps among `rules` count for this question; of one check the strictest rule."""
    scene = Scene(question, history, tuple(rules))
    found: dict[str, Tally] = {}
    for rule in scene.rules:
        count = _COUNTS.get(rule.check)
        if count is None or not _counts(rule, scene):
            continue
        tally = Tally(rule.id, rule.check, len(count(rule, scene)), rule.whole("max"))
        if rule.check not in found or tally.most < found[rule.check].most:
            found[rule.check] = tally
    return tuple(found.values())


def connected_calls(rule: Rule, scene: Scene) -> Verdict | None:
    """At most `max` answered calls a day to one debtor, over all cases and numbers."""
    if not _counts(rule, scene) or scene.question.party not in LIABLE:
        return None
    return _capped(len(_answered(rule, scene)), rule.whole("max"), scene)


def unanswered_dials(rule: Rule, scene: Scene) -> Verdict | None:
    """At most `max` unanswered dials a day to one contact point, whomever it was dialled for."""
    if not _counts(rule, scene):
        return None
    return _capped(len(_unanswered(rule, scene)), rule.whole("max"), scene)


def messages(rule: Rule, scene: Scene) -> Verdict | None:
    """At most `max` messages a day to one person, over all cases and the named channels."""
    if not _counts(rule, scene):
        return None
    return _capped(len(_sent(rule, scene)), rule.whole("max"), scene)


def _answered(rule: Rule, scene: Scene) -> list[Attempt]:
    return [item for item in _sent(rule, scene) if _may_be(item, ANSWERED)]


def _unanswered(rule: Rule, scene: Scene) -> list[Attempt]:
    made = _same_channels(rule, scene)
    return [item for item in made if item.point == scene.question.point and _may_be(item, UNANSWERED)]


def _sent(rule: Rule, scene: Scene) -> list[Attempt]:
    return [item for item in _same_channels(rule, scene) if item.person == scene.question.person]


_COUNTS: dict[str, Callable[[Rule, Scene], list[Attempt]]] = {
    "connected_calls": _answered,
    "unanswered_dials": _unanswered,
    "messages": _sent,
}


def _counts(rule: Rule, scene: Scene) -> bool:
    return scene.question.channel in rule.words("channels")


def _same_channels(rule: Rule, scene: Scene) -> list[Attempt]:
    return [item for item in scene.made_today() if item.channel in rule.words("channels")]


def _may_be(attempt: Attempt, outcomes: tuple[str, ...]) -> bool:
    return attempt.outcome is None or attempt.outcome in outcomes


def _capped(made: int, most: int, scene: Scene) -> Verdict:
    if made < most:
        return MET
    return forbid(Reason.OVER_CAP, release=scene.tomorrow)
