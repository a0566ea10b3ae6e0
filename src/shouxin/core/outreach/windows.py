"""Quiet hours: contact only inside a daily window of the person's own clock, end excluded."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from shouxin.core.outreach.local_day import day_of, moment_of
from shouxin.core.outreach.question import CHANNELS
from shouxin.core.outreach.scene import MET, Scene, Verdict, forbid
from shouxin.core.rules.params import Expects
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.rule import Rule

PARAMS = {
    "start": Expects("time"),
    "end": Expects("time"),
    "channels": Expects("words", CHANNELS),
}


def contact_window(rule: Rule, scene: Scene) -> Verdict | None:
    """Met from `start` on and before `end` (at 22:00 sharp the window is shut)."""
    question = scene.question
    if question.channel not in rule.words("channels"):
        return None
    start, end = (time.fromisoformat(rule.text(name)) for name in ("start", "end"))
    clock = question.at.astimezone(question.zone).time()
    if start <= clock < end:
        return MET
    opening = next_opening(question.at, start=start, zone=question.zone)
    return forbid(Reason.OUTSIDE_HOURS, release=opening)


def hours(rules: Iterable[Rule], channel: str) -> tuple[time, time] | None:
    """The part of a day in which every window of `rules` is open for `channel`; None when no rule has a window."""
    found = [rule for rule in rules if rule.check == "contact_window" and channel in rule.words("channels")]
    if not found:
        return None
    start, end = ([time.fromisoformat(rule.text(name)) for rule in found] for name in ("start", "end"))
    return max(start), min(end)


def next_opening(at: datetime, *, start: time, zone: ZoneInfo) -> datetime:
    """The first moment after `at` at which the clock shows `start` in `zone`."""
    day = day_of(at, zone)
    while (opening := moment_of(day, start, zone)) <= at:
        day += timedelta(days=1)
    return opening
