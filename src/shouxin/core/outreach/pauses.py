"""No collection while a plan, a deferral or a talk about one is running."""

from shouxin.core.outreach.scene import Scene, Verdict, forbid
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.rule import Rule


def paused(_rule: Rule, scene: Scene) -> Verdict | None:
    """Forbids contact about a late payment while the case is paused. A reminder of a payment that
    isn't late (0 days past due) is not collection.
    """
    asked = scene.question
    if asked.dpd <= 0:
        return None
    for pause in scene.history.pauses:
        begun = pause.case == asked.case and pause.start <= asked.at
        if begun and (pause.until is None or asked.at < pause.until):
            return forbid(Reason.PAUSED, release=pause.until)
    return None
