"""May this person be contacted now? The rules of the day on everything that was tried before."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q

from shouxin.core.outreach import question as core
from shouxin.core.outreach.contact_person import Evidence, out_of_reach
from shouxin.core.outreach.may_contact import may_contact
from shouxin.core.outreach.question import OUTCOMES, Pause, Question
from shouxin.core.privacy.facts import Attempt as Tried
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.core.rules.rule import Rule
from shouxin.core.rules.ruling import Ruling
from shouxin.records.outreach.models import Attempt
from shouxin.usecases.lender import Lender
from shouxin.usecases.outreach.lateness import promises_of
from shouxin.usecases.outreach.moment import moment_of

DEBTOR, CONTACT_PERSON = "debtor", "contact_person"
NOT_TAKEN = "not_taken"
"""Outcome of a message that the other side did not take: nothing left, so it doesn't count."""


def rule_on(
    lender: Lender,
    *,
    subject: str,
    case: str,
    channel: str,
    point: str,
    dpd: int,
    pause: Pause | None,
    contact: str | None = None,
    asked_for: bool = False,
) -> Ruling:
    """The ruling on one contact made now, with the borrower or with a contact person of theirs.

    Times are judged on the lender's own clock zone: this lender has no other record of where
    somebody lives. `asked_for`: the borrower asked for this very contact.
    """
    person = contact or subject
    asked = question(lender, case=case, person=person, channel=channel, point=point, dpd=dpd, contact=contact)
    asked = replace(asked, promises=promises_of(lender, subject), asked_for=asked_for)
    pauses = (pause,) if pause else ()
    return may_contact(asked, core.History(on_record(subject, person), pauses), lender.policy.rules)


def question(
    lender: Lender, *, case: str, person: str, channel: str, point: str, dpd: int, contact: str | None = None
) -> Question:
    """The question as it is put now."""
    return Question(
        case=case,
        person=person,
        party=CONTACT_PERSON if contact else DEBTOR,
        point=point,
        channel=channel,
        at=lender.clock.now(),
        zone=lender.settings.zone,
        dpd=dpd,
        source="debtor_authorised" if contact else "on_file",
    )


def refusal_of(ruling: Ruling, where: str) -> Refusal:
    """A ruling that says no, as a refusal: its first reason and every rule that forbids."""
    assert ruling.reason is not None
    return Refusal(ruling.reason, tuple(item.rule_id for item in ruling.blocking), where)


def evidence(lender: Lender, tried: Iterable[Tried]) -> Evidence | None:
    """Is the borrower out of reach by the attempts of their own history? The pure rule decides."""
    attempts = (
        core.Attempt("", "", DEBTOR, "", one.channel, moment_of(one.time), _known(one.outcome), one.entry)
        for one in tried
    )
    now = lender.clock.now()
    return out_of_reach(attempts, rules_of(lender, lender.today()), as_of=now, zone=lender.settings.zone)


def rules_of(lender: Lender, day: date) -> tuple[Rule, ...]:
    """The rules in force on a day."""
    return lender.policy.rules.on(day)


def not_out_of_reach(lender: Lender) -> Refusal:
    """The refusal that names every rule on being out of reach."""
    rules = (rule.id for rule in rules_of(lender, lender.today()) if rule.check == "out_of_reach")
    return Refusal(Reason.NOT_OUT_OF_REACH, tuple(rules), "case")


def on_record(subject: str, person: str) -> tuple[core.Attempt, ...]:
    """What was tried about this borrower, or at this person: all that counts against a cap."""
    rows = Attempt.objects.filter(Q(subject_id=subject) | Q(person_id=person)).exclude(outcome=NOT_TAKEN)
    return tuple(
        core.Attempt(
            row.case_id, row.person_id, row.party, row.point, row.channel, row.at, _known(row.outcome), row.entry
        )
        for row in rows.order_by("at")
    )


def _known(outcome: str) -> str | None:
    return outcome if outcome in OUTCOMES else None
