"""Writes down that somebody was tried, and how it ended: with the borrower, or with a contact person.

It is a record of what happened, so it is taken whatever the rules said; it says whether they
allowed it. The entry stands in the history of the one who was tried, and nowhere else.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from django.db import IntegrityError, transaction
from pydantic import StringConstraints

from shouxin.core.outreach.question import REACHED
from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.facts import Facts
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.core.rules.ruling import Ruling
from shouxin.records.outreach.models import Attempt
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.outreach.cases import OpenCase, open_case_named, point_of
from shouxin.usecases.outreach.may_call import POINTS, PURPOSE, Channel, ruling_in
from shouxin.usecases.outreach.ruling import CONTACT_PERSON, DEBTOR, not_out_of_reach
from shouxin.vault.opening import Receipt

_LOOKS, _BETWEEN_LOOKS = 40, 0.05
"""How often, and how many seconds apart, the second of two equal sendings looks for what the first gave."""
Outcome = Literal["connected", "refused", "no_answer", "busy", "voicemail", "wrong_person", "invalid_number"]


class RecordAttempt(Request):
    """In this case, this person tried by this channel, and it ended so.

    With `contact`, it was that contact person, who had been asked for with `ask_contact`. A `key` (a UUID) makes
    sending twice count once.
    """

    case: Text
    actor: ActorName
    channel: Channel
    outcome: Outcome
    contact: Text | None = None
    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")] | None = None


@dataclass(frozen=True)
class Attempted:
    """The entry of the attempt, whether the person was reached, and whether the rules allowed it.

    `already`: this key was recorded before.
    """

    case: str
    entry: int
    reached: bool
    within_rules: bool
    receipt: Receipt
    already: bool = False


def record_attempt(lender: Lender, request: RecordAttempt) -> Attempted | Refusal:
    """Enter the attempt; only who holds the case can have made one."""
    held = lender.vault.holds(request.case, request.actor, purpose=PURPOSE)
    case = held if isinstance(held, Refusal) else open_case_named(lender, request.case)
    if isinstance(case, Refusal):
        return case
    if request.contact is not None:
        return _of_contact(lender, case, request, lender.vault.contact_chain(request.contact))
    ruling = ruling_in(lender, case, request.channel)
    row = _begun(lender, case, request, _ids(ruling))
    if row is None:
        return _again(lender, case, request)
    broken = [item.rule_id for item in ruling.blocking]
    receipt = _enter(lender, request, case.subject, rules=_ids(ruling), case=case.entry, broken=broken)
    if isinstance(receipt, Refusal):
        Attempt.objects.filter(id=row).delete()
        return receipt
    Attempt.objects.filter(id=row).update(outcome=request.outcome, entry=receipt.entry)
    return Attempted(case.name, receipt.entry, request.outcome in REACHED, ruling.allow, receipt)


def _begun(lender: Lender, case: OpenCase, request: RecordAttempt, rules: list[str]) -> str | None:
    """The row, before the entry, so that the same key sent twice at once is one attempt; None: the key stands.

    Should a crash leave it like this, it is an attempt whose outcome isn't known, which counts in every way.
    """
    name = request.key or lender.ids.new()
    try:
        with transaction.atomic():
            Attempt.objects.create(
                id=name,
                subject_id=case.subject,
                person_id=case.subject,
                case_id=case.name,
                actor=request.actor,
                party=DEBTOR,
                point=point_of(case.history, POINTS.get(request.channel, request.channel)),
                channel=request.channel,
                at=lender.clock.now(),
                rules=json.dumps(rules),
                entry=0,
            )
    except IntegrityError:
        return None
    return name


def _again(lender: Lender, case: OpenCase, request: RecordAttempt) -> Attempted | Refusal:
    """What the first sending of this key gave, as soon as it is done; refused when it was about something else."""
    first = _first(case, request)
    history = lender.vault.history(case.subject)
    if first is None or history is None or (first.channel, first.outcome) != (request.channel, request.outcome):
        return Refusal(Reason.ALREADY_DONE, (), "key")
    entered = history.entries[first.entry - 1].record
    leaf = lender.vault.leaf_hashes(case.subject, [first.entry])[first.entry]
    receipt = Receipt(case.subject, first.entry, leaf, 0)
    return Attempted(case.name, first.entry, first.outcome in REACHED, "broken" not in entered, receipt, already=True)


def _first(case: OpenCase, request: RecordAttempt) -> Attempt | None:
    """The row of the first sending once it has its entry; it may be at work this very moment.

    None when the key is somebody else's, or when the first didn't come to its end.
    """
    rows = Attempt.objects.filter(id=request.key, case_id=case.name, actor=request.actor)
    for _ in range(_LOOKS):
        first = rows.first()
        if first is None or first.entry:
            return first
        time.sleep(_BETWEEN_LOOKS)
    return None


def _of_contact(lender: Lender, case: OpenCase, request: RecordAttempt, contact: str) -> Attempted | Refusal:
    """How the contact person, who had been asked for, answered. A no holds for good."""
    asked = Attempt.objects.filter(case_id=case.name, person_id=contact, party=CONTACT_PERSON, outcome="")
    row = asked.order_by("-at").first()
    if row is None:
        return not_out_of_reach(lender)
    receipt = _enter(lender, request, contact, rules=json.loads(row.rules), case=0)
    if isinstance(receipt, Refusal):
        return receipt
    with transaction.atomic():
        asked.filter(id=row.id).update(outcome=request.outcome, entry=receipt.entry)
    return Attempted(case.name, receipt.entry, request.outcome in REACHED, within_rules=True, receipt=receipt)


def _enter(
    lender: Lender, request: RecordAttempt, person: str, *, rules: list[str], case: int, broken: Sequence[str] = ()
) -> Receipt | Refusal:
    """`attempted`, and in the same batch what follows: `reached` when they were there, and a contact person's no.

    A contact person's entry cites no case: it is another's.
    """
    body: Record = {"kind": "attempted", "channel": request.channel, "outcome": request.outcome, "rules": [*rules]}
    body |= ({"case": case} if case else {}) | ({"broken": [*broken]} if broken else {})

    def all_of(facts: Facts) -> list[Record]:
        bodies = [body]
        if request.outcome in REACHED:
            bodies.append({"kind": "reached", "attempt": facts.n + 1})
        if request.contact is not None and request.outcome == "refused":
            bodies.append({"kind": "requested", "right": "no_contact"})
        return bodies

    return lender.vault.record_all(person, all_of, actor=request.actor)


def _ids(ruling: Ruling) -> list[str]:
    return [item.rule_id for item in ruling.applied]
