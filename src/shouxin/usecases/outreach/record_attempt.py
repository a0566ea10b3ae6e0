"""Writes down that somebody was tried, and how it ended: with the borrower, or with a contact person.

It is a record of what happened, so it is taken whatever the rules said; it says whether they
allowed it. The entry stands in the history of the one who was tried, and nowhere else.
"""

import json
from dataclasses import dataclass
from typing import Literal

from django.db import transaction

from shouxin.core.outreach.question import REACHED
from shouxin.core.privacy.entry import Record
from shouxin.core.rules.refusal import Refusal
from shouxin.core.rules.ruling import Ruling
from shouxin.records.outreach.models import Attempt
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.loan.entering import always
from shouxin.usecases.outreach.cases import NO_GRANT, OpenCase, holds, open_case_named, point_of
from shouxin.usecases.outreach.may_call import POINTS, Channel, ruling_in
from shouxin.usecases.outreach.ruling import CONTACT_PERSON, DEBTOR, not_out_of_reach
from shouxin.vault.opening import Receipt

Outcome = Literal["connected", "refused", "no_answer", "busy", "voicemail", "wrong_person", "invalid_number"]


class RecordAttempt(Request):
    """In this case, this person tried by this channel, and it ended so.

    With `contact`, it was that contact person, who had been asked for with `ask_contact`.
    """

    case: Text
    actor: ActorName
    channel: Channel
    outcome: Outcome
    contact: Text | None = None


@dataclass(frozen=True)
class Attempted:
    """The entry of the attempt, whether the person was reached, and whether the rules allowed it."""

    case: str
    entry: int
    reached: bool
    within_rules: bool
    receipt: Receipt


def record_attempt(lender: Lender, request: RecordAttempt) -> Attempted | Refusal:
    """Enter the attempt; only who holds the case can have made one."""
    case = open_case_named(lender, request.case)
    if isinstance(case, Refusal):
        return case
    if not holds(case, request.actor):
        return NO_GRANT
    if request.contact is not None:
        return _of_contact(lender, case, request, request.contact)
    ruling = ruling_in(lender, case, request.channel)
    receipt = _enter(lender, request, case.subject, rules=_ids(ruling), case=case.entry)
    if isinstance(receipt, Refusal):
        return receipt
    with transaction.atomic():
        Attempt.objects.create(
            id=lender.ids.new(),
            subject_id=case.subject,
            person_id=case.subject,
            case_id=case.name,
            actor=request.actor,
            party=DEBTOR,
            point=point_of(case.history, POINTS.get(request.channel, request.channel)),
            channel=request.channel,
            outcome=request.outcome,
            at=lender.clock.now(),
            rules=json.dumps(_ids(ruling)),
            entry=receipt.entry,
        )
    return Attempted(case.name, receipt.entry, request.outcome in REACHED, ruling.allow, receipt)


def _of_contact(lender: Lender, case: OpenCase, request: RecordAttempt, contact: str) -> Attempted | Refusal:
    """How the contact person, who had been asked for, answered. A no holds for good."""
    asked = Attempt.objects.filter(case_id=case.name, person_id=contact, party=CONTACT_PERSON, outcome="")
    row = asked.order_by("-at").first()
    if row is None:
        return not_out_of_reach(lender)
    receipt = _enter(lender, request, contact, rules=json.loads(row.rules), case=0)
    if isinstance(receipt, Refusal):
        return receipt
    if request.outcome == "refused":
        lender.vault.record(contact, always({"kind": "requested", "right": "no_contact"}))
    with transaction.atomic():
        asked.filter(id=row.id).update(outcome=request.outcome, entry=receipt.entry)
    return Attempted(case.name, receipt.entry, request.outcome in REACHED, within_rules=True, receipt=receipt)


def _enter(lender: Lender, request: RecordAttempt, person: str, *, rules: list[str], case: int) -> Receipt | Refusal:
    """`attempted`, and `reached` when they were there. A contact person's cites no case: it is another's."""
    body: Record = {"kind": "attempted", "channel": request.channel, "outcome": request.outcome, "rules": [*rules]}
    body |= {"case": case} if case else {}
    receipt = lender.vault.record(person, always(body), actor=request.actor)
    if isinstance(receipt, Refusal):
        return receipt
    if request.outcome in REACHED:
        lender.vault.record(person, always({"kind": "reached", "attempt": receipt.entry}))
    return receipt


def _ids(ruling: Ruling) -> list[str]:
    return [item.rule_id for item in ruling.applied]
