"""Text messages: codes, which leave at once or not at all, and notices, which wait in the outbox until they are taken.

A code goes to a number that somebody typed, or that the vault opened for the person themself. A notice names nobody and
no debt; its number is opened when it is handed over, for its one purpose. Before a number leaves for the carrier, the
history of whoever it belongs to says so (`disclosed`), and only a carrier that is engaged gets one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shouxin.core.privacy.entry import Record
from shouxin.core.rules.refusal import Reason
from shouxin.outbound import ledger, outbox
from shouxin.outbound.handed import MayHaveLeft, NotTaken
from shouxin.outbound.letter import Letter, Road
from shouxin.outbound.render import render
from shouxin.records.outreach.models import Outbox
from shouxin.usecases.lender import CannotNow, Lender
from shouxin.vault.opening import Opened, Receipt, Refused, UseRequest

Values = Callable[[Lender, str], Mapping[str, str]]
"""What a notice fills in for its recipient (an id), made at the moment when it is handed over."""


@dataclass(frozen=True)
class Notice:
    """One kind of notice by text message: who opens the number for which purpose, and the entry it leaves.

    `at_hand_over`: the entry is written when the message is handed over; else whoever queues it has written it.
    """

    template: str
    actor: str
    purpose: str
    notice: str
    version: str = "1"
    at_hand_over: bool = False
    values: Values = lambda lender, person: {}


@dataclass(frozen=True)
class Texted:
    """How one message ended: `sent`, `queued`, `failed`, `refused` or `unknown`, and why."""

    message: str
    state: str
    why: str = ""


def send_code(
    lender: Lender,
    to: str,
    template: str,
    *,
    lang: str,
    values: Mapping[str, str],
    subject: str = "",
    entry: int = 0,
    typed_by: str = "",
) -> None:
    """Hand one message over now. `subject` and `entry` where the vault gave the number out for it; else it was typed,
    by `typed_by` where that is known, and is entered first.

    Raises `CannotNow` when there is no gateway under contract, or when it didn't take the message.
    """
    road = road_of(lender)
    refusal = None if entry else lender.vault.pass_on("phone", to, recipient=road.party, typed_by=typed_by)
    if refusal:
        raise CannotNow("no carrier of messages may be given this", where="sms", code=refusal.reason.value)
    row = _begin(lender, template, lang, subject)
    letter = _letter(lender, row, to, values)
    state, why = _hand_over(lender, road, row, letter, entry=entry)
    if state == outbox.FAILED:
        raise CannotNow("the message could not be sent; try again in a minute", where="sms", code=why)


def queue(lender: Lender, person: str, template: str, *, lang: str, not_before: datetime | None = None) -> str:
    """Put a notice in line; gives its id. Deliver it with `deliver`, or leave it to the worker."""
    message = lender.ids.new()
    with transaction.atomic():
        row = outbox.enqueue(
            message=message,
            subject_id=person,
            template=template,
            lang=lang,
            params={},
            message_id=_message_id(lender, message),
            at=lender.clock.now(),
        )
        if not_before is not None:
            row.not_before = not_before
            row.save(update_fields=["not_before"])
    return message


def deliver(lender: Lender, message: str, kinds: Mapping[str, Notice]) -> Texted | None:
    """Deliver a waiting notice; None when another worker has it or its time hasn't come.

    In order: claim, open the number for the carrier (the vault's entry), enter the notice, render in memory, mark,
    hand over.
    """
    road, now = road_of(lender), lender.clock.now()
    row = outbox.claim(message, now) if Outbox.objects.filter(id=message, not_before__lte=now).exists() else None
    if row is None:
        return None
    kind = kinds[row.template]
    opened = lender.vault.use(UseRequest(row.subject_id, kind.actor, kind.purpose, ("phone",), recipient=road.party))
    if not isinstance(opened, Opened):
        why = opened.refusal.reason.value if isinstance(opened, Refused) else "unreadable"
        outbox.finish(row, outbox.REFUSED, why=why)
        return Texted(row.id, outbox.REFUSED, why)
    letter = _letter(lender, row, opened.values["phone"], kind.values(lender, row.subject_id))
    if kind.at_hand_over and row.tries == 0:
        enter(lender, row.subject_id, kind, row.lang)
    if not outbox.begin_hand_over(row, now):
        return None
    state, why = _hand_over(lender, road, row, letter, entry=opened.receipt.entry, again=True)
    return Texted(row.id, state, why)


def enter(lender: Lender, person: str, kind: Notice, lang: str) -> Receipt:
    """The entry that this notice was given; a person who reads of it here needs no message to know."""
    body: Record = {"kind": "notice_shown", "notice": kind.notice, "version": kind.version, "lang": lang}
    receipt = lender.vault.record(person, lambda facts: body)
    assert isinstance(receipt, Receipt), "whose number was opened has a living history"
    return receipt


def withdraw_waiting(person: str) -> None:
    """What still waits for this person is not sent any more."""
    waiting = Outbox.objects.filter(subject_id=person, template__startswith=outbox.TEXTS, state=outbox.QUEUED)
    waiting.update(state=outbox.REFUSED, why=Reason.OPTED_OUT.value)


def settle_lost(lender: Lender) -> list[Texted]:
    """Messages over which a worker died: nobody knows, so the ledger says that, and none is sent again."""
    road = road_of(lender)
    lost = outbox.settle_lost(lender.clock.now(), channel=outbox.SMS)
    for row in lost:
        _write(lender, road, row, size=0, outcome=outbox.UNKNOWN, entry=0)
    return [Texted(row.id, outbox.UNKNOWN, "worker_lost") for row in lost]


def road_of(lender: Lender) -> Road:
    """Who carries text messages. Raises `CannotNow` when there is no gateway."""
    if lender.sms is None:
        raise CannotNow("no message gateway is configured", where="sms", code="no_sms")
    return lender.sms


def _begin(lender: Lender, template: str, lang: str, subject: str) -> Outbox:
    message = lender.ids.new()
    return outbox.begin(
        message=message,
        template=template,
        lang=lang,
        message_id=_message_id(lender, message),
        at=lender.clock.now(),
        subject_id=subject,
    )


def _message_id(lender: Lender, message: str) -> str:
    return f"<{message}@{lender.settings.mail_from.rpartition('@')[2]}>"


def _letter(lender: Lender, row: Outbox, to: str, values: Mapping[str, str]) -> Letter:
    message = lender.policy.messages[row.template][row.lang]
    text = render(message.subject, message.body, {"lender": lender.settings.name[row.lang], **values})
    return Letter(to, text.subject, text.body, row.message_id, lender.clock.now())


def _hand_over(
    lender: Lender, road: Road, row: Outbox, letter: Letter, *, entry: int, again: bool = False
) -> tuple[str, str]:
    """The state and why. With `again`, a gateway that says "not now" is asked once more later."""
    try:
        size = road.send(letter)
    except NotTaken as error:
        if again and not error.permanent:
            return outbox.put_back(row, lender.clock.now(), why=error.code), error.code
        outbox.finish(row, outbox.FAILED, why=error.code)
        return outbox.FAILED, error.code
    except MayHaveLeft:
        state, why, size = outbox.UNKNOWN, "line_lost", 0
    else:
        state, why = outbox.SENT, ""
    with transaction.atomic():
        outbox.finish(row, state, why=why)
        _write(lender, road, row, size=size, outcome=state, entry=entry)
    return state, why


def _write(lender: Lender, road: Road, row: Outbox, *, size: int, outcome: str, entry: int) -> None:
    ledger.write(
        line=lender.ids.new(),
        message=row,
        road=road,
        size=size,
        at=lender.clock.now(),
        outcome=outcome,
        entry=entry,
    )
