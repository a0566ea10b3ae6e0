"""How often: counts of a calendar day, per person and per contact point.

An attempt whose outcome isn't known counts in both ways. Dials of the lender and of all its
agencies share one counter, because they stand in one history.
"""

from shouxin.core.outreach.question import CHANNELS, LIABLE, Attempt
from shouxin.core.outreach.scene import MET, Scene, Verdict, forbid
from shouxin.core.rules.params import Expects
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.rule import Rule

ANSWERED = ("connected", "refused", "wrong_person")
UNANSWERED = ("no_answer", "busy", "voicemail", "invalid_number")
PARAMS = {"max": Expects("whole"), "channels": Expects("words", CHANNELS)}


def connected_calls(rule: Rule, scene: Scene) -> Verdict | None:
    """At most `max` answered calls a day to one debtor, over all cases and numbers."""
    if not _counts(rule, scene) or scene.question.party not in LIABLE:
        return None
    made = [
        item for item in _same_channels(rule, scene) if item.person == scene.question.person and _may_be(item, ANSWERED)
    ]
    return _capped(len(made), rule.whole("max"), scene)


def unanswered_dials(rule: Rule, scene: Scene) -> Verdict | None:
    """At most `max` unanswered dials a day to one contact point, whomever it was dialled for."""
    if not _counts(rule, scene):
        return None
    made = [
        item for item in _same_channels(rule, scene) if item.point == scene.question.point and _may_be(item, UNANSWERED)
    ]
    return _capped(len(made), rule.whole("max"), scene)


def messages(rule: Rule, scene: Scene) -> Verdict | None:
    """At most `max` messages a day to one person, over all cases and the named channels."""
    if not _counts(rule, scene):
        return None
    made = [item for item in _same_channels(rule, scene) if item.person == scene.question.person]
    return _capped(len(made), rule.whole("max"), scene)


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
