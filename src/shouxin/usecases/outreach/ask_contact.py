"""Reaches a contact person, on evidence that the borrower is out of reach, and tells them no debt.

1. The rules of the day: hours, caps, a refusal for good, evidence from what was tried.
2. The evidence is entered in the borrower's history, decided there on its own entries.
3. The vault opens the number for the platform's own program; nobody at a desk sees it.
4. Only then the borrower's history says that the contact person was asked for. Their answer
   stands in their own history alone.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.facts import Facts
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.core.rules.ruling import Ruling
from shouxin.records.outreach.models import Attempt
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.loan.opening import open_fields
from shouxin.usecases.outreach.cases import OpenCase, holder_of, pause_of, point_of
from shouxin.usecases.outreach.lateness import days_late
from shouxin.usecases.outreach.may_call import LATE_ELSEWHERE
from shouxin.usecases.outreach.may_call import PURPOSE as COLLECTION
from shouxin.usecases.outreach.ruling import (
    CONTACT_PERSON,
    evidence,
    not_out_of_reach,
    refusal_of,
    rule_on,
)
from shouxin.vault.opening import History, Receipt, UseRequest

PURPOSE = "reach_through_contact"
PROGRAM = "system:relay"
"""Who opens the number: the platform's own program, whoever asked for it."""


class AskContact(Request):
    """In this case, this holder of it wants this contact person to be asked to pass a message on."""

    case: Text
    contact: Text
    actor: ActorName


@dataclass(frozen=True)
class ContactAsked:
    """A relay mark for this one call, in place of the number; the evidence; the receipt."""

    case: str
    contact: str
    mark: str
    rules: tuple[str, ...]
    evidence: int
    receipt: Receipt


def ask_contact(lender: Lender, request: AskContact) -> ContactAsked | Refusal:
    """Ask, or refuse with every rule that forbids it; the contact person's own history tells of it."""
    case = holder_of(lender, request.case, request.actor, purpose=COLLECTION)
    if isinstance(case, Refusal):
        return case
    theirs = lender.vault.history(request.contact)
    namings = case.facts.namings & theirs.facts.namings if theirs else frozenset()
    if theirs is None or not (request.contact in namings or (namings and request.contact == theirs.subject)):
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "contact")
    ruling = ruling_on_contact(lender, case, theirs)
    shown = _evidence(lender, case) if ruling.allow else refusal_of(ruling, "contact")
    if isinstance(shown, Refusal):
        lender.vault.refuse(request.contact, shown, actor=request.actor, purpose=PURPOSE)
        return shown
    opened = open_fields(lender, UseRequest(request.contact, PROGRAM, PURPOSE, ("phone",), case=case.name))
    if isinstance(opened, Refusal):
        return opened
    asked: Record = {
        "kind": "contact_asked",
        "naming": request.contact if request.contact in namings else min(namings),
        "evidence": shown,
    }
    lender.vault.record(case.subject, _while_out_of_reach(asked, shown))
    rules = tuple(item.rule_id for item in ruling.applied)
    _remember(
        lender,
        case,
        request,
        person=theirs.subject,
        point=point_of(theirs, "phone"),
        rules=rules,
        entry=opened.receipt.entry,
    )
    mark = f"T-{opened.receipt.leaf_hash.hex()[:12]}"
    return ContactAsked(case.name, request.contact, mark, rules, shown, opened.receipt)


def ruling_on_contact(lender: Lender, case: OpenCase, theirs: History) -> Ruling:
    """May this contact person be asked about this case now?"""
    late = days_late(lender, case.subject)
    return rule_on(
        lender,
        subject=case.subject,
        case=case.name,
        channel="call",
        point=point_of(theirs, "phone"),
        dpd=LATE_ELSEWHERE if late is None else late,
        pause=pause_of(case.history, case.name),
        contact=theirs.subject,
    )


def _evidence(lender: Lender, case: OpenCase) -> int | Refusal:
    """The entry `unreachable`, written now unless it stands; the same pure rule decides in the vault."""
    stands = 0

    def unreachable(facts: Facts) -> Record | Refusal:
        nonlocal stands
        shown = evidence(lender, facts.attempts)
        if shown is None:
            return not_out_of_reach(lender)
        stands = facts.unreachable
        if stands:
            return Refusal(Reason.ALREADY_DONE)
        return {"kind": "unreachable", "rules": [*shown.rules], "attempts": [*shown.attempts]}

    receipt = lender.vault.record(case.subject, unreachable)
    if stands:
        return stands
    return receipt if isinstance(receipt, Refusal) else receipt.entry


def _while_out_of_reach(body: Record, shown: int) -> Callable[[Facts], Record | Refusal]:
    """Enter it, unless the borrower was reached meanwhile."""
    return lambda facts: body if facts.unreachable == shown else Refusal(Reason.NOT_OUT_OF_REACH)


def _remember(
    lender: Lender, case: OpenCase, request: AskContact, *, person: str, point: str, rules: tuple[str, ...], entry: int
) -> None:
    with transaction.atomic():
        Attempt.objects.create(
            id=lender.ids.new(),
            subject_id=case.subject,
            person_id=person,
            case_id=case.name,
            actor=request.actor,
            party=CONTACT_PERSON,
            point=point,
            channel="call",
            at=lender.clock.now(),
            rules=json.dumps(rules),
            entry=entry,
        )
