"""May this person be contacted now? Every rule that speaks is applied and listed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from shouxin.core.outreach import caps, contact_person, pauses, promises, targets, windows
from shouxin.core.outreach.local_day import day_of, moment_of
from shouxin.core.outreach.question import LIABLE, History, Question
from shouxin.core.outreach.scene import Check, Scene, Verdict
from shouxin.core.rules.pack import RuleBook
from shouxin.core.rules.params import Expects
from shouxin.core.rules.rule import Rule
from shouxin.core.rules.ruling import ALLOW, BLOCK, Applied, Ruling

PARAMS: dict[str, dict[str, Expects]] = {
    "contact_window": windows.PARAMS,
    "connected_calls": caps.PARAMS,
    "unanswered_dials": caps.PARAMS,
    "messages": caps.PARAMS,
    "targets": targets.TARGETS,
    "lawful_source": targets.LAWFUL_SOURCES,
    "recorded_state": targets.RECORDED,
    "wrong_person": {},
    "duty": targets.DUTY,
    "pause": {},
    "promise": promises.PARAMS,
    contact_person.OUT_OF_REACH: contact_person.PARAMS,
    "contact_person_calls": contact_person.CAPS,
}
"""The checks of this room and the parameters that each of them reads."""
_CHECKS: dict[str, Check] = {
    "contact_window": windows.contact_window,
    "connected_calls": caps.connected_calls,
    "unanswered_dials": caps.unanswered_dials,
    "messages": caps.messages,
    "targets": targets.targets,
    "lawful_source": targets.lawful_source,
    "recorded_state": targets.recorded_state,
    "wrong_person": targets.wrong_person,
    "duty": targets.duty,
    "pause": pauses.paused,
    "promise": promises.promise_runs,
    contact_person.OUT_OF_REACH: contact_person.contact_person,
    "contact_person_calls": contact_person.contact_person_calls,
}
_STEPS = 64
"""How often a next moment is looked for before the answer is that none can be named."""


def may_contact(question: Question, history: History, book: RuleBook) -> Ruling:
    """Apply every rule of `book` that is in force on the person's own day and speaks about the
    question; the strictest wins.

    Someone who doesn't owe may be approached only where a rule on contact persons is met: a book
    that says nothing of them is a no.
    """
    findings = _apply(question, history, book)
    return Ruling(
        allow=_allows(question, findings),
        applied=tuple(finding.applied for finding in findings),
        next_permitted=_next_permitted(question, history, book),
    )


@dataclass(frozen=True, slots=True)
class _Finding:
    rule: Rule
    verdict: Verdict

    @property
    def applied(self) -> Applied:
        return Applied(self.rule.id, self.rule.force, self.verdict.effect, self.verdict.reason)


def _apply(question: Question, history: History, book: RuleBook) -> list[_Finding]:
    rules = book.on(day_of(question.at, question.zone))
    scene = Scene(question, history, rules)
    checked = [(rule, _CHECKS[rule.check](rule, scene)) for rule in rules if rule.check in _CHECKS]
    return [_Finding(rule, verdict) for rule, verdict in checked if verdict is not None]


def _allows(question: Question, findings: Iterable[_Finding]) -> bool:
    effects = {(item.rule.check, item.verdict.effect) for item in findings}
    if any(effect == BLOCK for _, effect in effects):
        return False
    return question.party in LIABLE or (contact_person.OUT_OF_REACH, ALLOW) in effects


def _next_permitted(question: Question, history: History, book: RuleBook) -> datetime | None:
    """Jump from release to release: until its release a rule forbids, so no moment is missed."""
    for _ in range(_STEPS):
        findings = _apply(question, history, book)
        if _allows(question, findings):
            return question.at.astimezone(question.zone)
        blocking = [item for item in findings if item.verdict.effect == BLOCK]
        releases = [_release(item, question) for item in blocking]
        known = [moment for moment in releases if moment is not None]
        if not known or len(known) < len(releases):
            return None
        question = replace(question, at=max(known))
    return None


def _release(finding: _Finding, question: Question) -> datetime | None:
    """When the rule stops forbidding: by itself, or because its last day is over."""
    moment, last_day = finding.verdict.release, finding.rule.effective_to
    if last_day is None:
        return moment
    over = moment_of(last_day + timedelta(days=1), time(0), question.zone)
    return over if moment is None else min(moment, over)
