"""No contact about a late payment before the day of a promise is over, but what the borrower asked for themselves."""

from datetime import date, time, timedelta

from shouxin.core.outreach.local_day import moment_of
from shouxin.core.outreach.question import Promise
from shouxin.core.outreach.scene import MET, Scene, Verdict, forbid
from shouxin.core.rules.params import Expects
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.rule import Rule

PARAMS = {"grace_days": Expects("count"), "longest_days": Expects("whole")}


def promise_runs(rule: Rule, scene: Scene) -> Verdict | None:
    """Forbids contact until the last promised day and `grace_days` after it are over, kept early or not; a promise
    that lies further ahead than `longest_days` rests no longer than these. A reminder of a payment that isn't late
    (0 days past due) is not collection.
    """
    asked = scene.question
    running = [last for one in asked.promises if one.on <= scene.today <= (last := last_day(rule, one))]
    if asked.dpd <= 0 or not running:
        return None
    if asked.asked_for:
        return MET
    over = moment_of(max(running) + timedelta(days=1), time(0), asked.zone)
    return forbid(Reason.PROMISE_RUNS, release=over)


def last_day(rule: Rule, promise: Promise) -> date:
    """The last day on which the promise keeps people away."""
    promised = (promise.by - promise.on).days + rule.whole("grace_days")
    return promise.on + timedelta(days=min(promised, rule.whole("longest_days")))
