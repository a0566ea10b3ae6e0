"""The contact person: reached only on recorded evidence that the borrower can't be.

Sources: CN.GBT45251.CONTACT and CN.CBA2026.THIRD as far as reports give them. The numbers stand
in the rules (`failed_dials`, `unreachable_days`); a rule without numbers leans on those with.
The vault applies the same function to its own entries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shouxin.core.outreach.local_day import day_of, start_of_next_day
from shouxin.core.outreach.question import FAILED, STATES, Attempt
from shouxin.core.outreach.scene import MET, Scene, Verdict, forbid
from shouxin.core.rules.params import Expects
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.rule import Rule

OUT_OF_REACH = "out_of_reach"
PARAMS = {
    "failed_dials": Expects("whole", optional=True),
    "unreachable_days": Expects("whole", optional=True),
    "states": Expects("words", STATES, optional=True),
}
CAPS = {"max_per_day": Expects("whole"), "max_total": Expects("whole")}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why the borrower counts as out of reach: the rules that were met, and the numbers of the
    attempts (their entries) that show it; no attempts when the reason is a recorded state.
    """

    rules: tuple[str, ...]
    attempts: tuple[int, ...]


def out_of_reach(
    attempts: Iterable[Attempt],
    rules: Iterable[Rule],
    *,
    as_of: datetime,
    zone: ZoneInfo,
    debtor_states: frozenset[str] = frozenset(),
) -> Evidence | None:
    """Whether the borrower is out of reach at `as_of`, judged from attempts to reach them.

    1. Only attempts after the last one that reached the borrower (or may have) count.
    2. Met by: a number that is invalid; `failed_dials` dials in a row that failed, from the day
       after; `unreachable_days` whole days in a row, each with a failed dial or visit; or a state
       (dead, incapacitated) that was recorded and that a rule names.
    3. Every rule with numbers must be met (the strictest wins); without any, nothing is shown.
    """
    tests = [rule for rule in rules if rule.check == OUT_OF_REACH]
    if any(rule.says("states") and debtor_states & set(rule.words("states")) for rule in tests):
        return Evidence(tuple(rule.id for rule in tests), ())
    numbered = [rule for rule in tests if rule.says("failed_dials")]
    silence = _silence(attempts, as_of)
    shown = [_shown(rule, silence, zone) for rule in numbered]
    if not numbered or not all(shown):
        return None
    entries = sorted({item.entry for part in shown for item in part})
    return Evidence(tuple(rule.id for rule in tests), tuple(entries))


def contact_person(_rule: Rule, scene: Scene) -> Verdict | None:
    """A contact person may be asked only while the debtor is out of reach, and never again once
    they refused.
    """
    if scene.question.party != "contact_person":
        return None
    if _refused(scene):
        return forbid(Reason.OPTED_OUT)
    if _evidence(scene, scene.question.at):
        return MET
    return forbid(Reason.NOT_OUT_OF_REACH, release=_shown_from(scene))


def contact_person_calls(rule: Rule, scene: Scene) -> Verdict | None:
    """House caps on asking one contact person in one case, and only while something is overdue."""
    asked = scene.question
    if asked.party != "contact_person":
        return None
    if asked.dpd <= 0:
        return forbid(Reason.NOT_OVERDUE)
    made = [
        item
        for item in scene.history.attempts
        if item.case == asked.case and item.person == asked.person and item.party == asked.party
    ]
    if len(made) >= rule.whole("max_total"):
        return forbid(Reason.OVER_CAP)
    today = [item for item in made if day_of(item.at, asked.zone) == scene.today]
    if len(today) >= rule.whole("max_per_day"):
        return forbid(Reason.OVER_CAP, release=scene.tomorrow)
    return MET


@dataclass(frozen=True, slots=True)
class _Silence:
    """The failed dials and visits since the borrower was last reached, in order of time."""

    failed: tuple[Attempt, ...]
    reached_at: datetime | None
    as_of: datetime


def _silence(attempts: Iterable[Attempt], as_of: datetime) -> _Silence:
    """An attempt whose outcome isn't known may have reached them: it ends the run as well."""
    tries = [item for item in attempts if item.at <= as_of and item.channel in ("call", "visit")]
    tries.sort(key=lambda item: item.at)
    reached = [place for place, item in enumerate(tries) if item.outcome not in FAILED]
    start = reached[-1] + 1 if reached else 0
    return _Silence(tuple(tries[start:]), tries[start - 1].at if reached else None, as_of)


def _shown(rule: Rule, silence: _Silence, zone: ZoneInfo) -> Sequence[Attempt]:
    """The attempts that meet one of the rule's tests; empty when none is met."""
    return (
        _invalid(silence)
        or _dials(silence, rule.whole("failed_dials"), zone)
        or _days(silence, rule.whole("unreachable_days"), zone)
    )


def _invalid(silence: _Silence) -> Sequence[Attempt]:
    """Invalid means every number that was tried: one that rings may still be answered."""
    latest = {item.point: item for item in silence.failed if item.channel == "call"}
    invalid = [item for item in latest.values() if item.outcome == "invalid_number"]
    return invalid if len(invalid) == len(latest) else []


def _dials(silence: _Silence, least: int, zone: ZoneInfo) -> Sequence[Attempt]:
    dials = [item for item in silence.failed if item.channel == "call"][:least]
    today = day_of(silence.as_of, zone)
    if len(dials) < least or day_of(dials[-1].at, zone) >= today:
        return []
    return dials


def _days(silence: _Silence, least: int, zone: ZoneInfo) -> Sequence[Attempt]:
    """A day must be over, and wholly silent: not the day on which they were last reached."""
    by_day = {day_of(item.at, zone): item for item in silence.failed}
    by_day.pop(day_of(silence.as_of, zone), None)
    if silence.reached_at is not None:
        by_day.pop(day_of(silence.reached_at, zone), None)
    for last in sorted(by_day):
        days = [last - timedelta(days=back) for back in range(least)]
        if all(day in by_day for day in days):
            return [by_day[day] for day in days]
    return []


def _evidence(scene: Scene, as_of: datetime) -> Evidence | None:
    asked = scene.question
    debtors = debtors_of(asked.case, scene.history.attempts)
    tries = [item for item in scene.history.attempts if item.party == "debtor" and item.person in debtors]
    return out_of_reach(tries, scene.rules, as_of=as_of, zone=asked.zone, debtor_states=asked.debtor_states)


def debtors_of(case: str, attempts: Iterable[Attempt]) -> frozenset[str]:
    """Who was tried as the debtor of `case`: what was done about their other cases counts too."""
    return frozenset(item.person for item in attempts if item.case == case and item.party == "debtor")


def _refused(scene: Scene) -> bool:
    asked = scene.question
    return any(
        item.party == "contact_person" and item.outcome == "refused" and item.at <= asked.at
        for item in scene.history.attempts
        if asked.person == item.person or asked.point == item.point
    )


def _shown_from(scene: Scene) -> datetime | None:
    """When the attempts on record will have become evidence: the first moment at which they have,
    which can only be one of them (a history may hold later ones) or the day after one.
    """
    asked, made = scene.question, scene.history.attempts
    moments = {item.at for item in made} | {start_of_next_day(item.at, asked.zone) for item in made}
    later = sorted(moment for moment in moments if moment > asked.at)
    return next((moment for moment in later if _evidence(scene, moment)), None)
