"""Requests about one's data from their first entry to their last: asked, waiting at a desk, answered.

Each is told twice: in the person's own history (`requested`, `answered`), and, where somebody has to answer, as a row
of that desk. Of two who ask or answer at the same moment the second finds it done. A row that a crash left without
its entry is at no desk, and asking again takes its place; one that a crash left open after its answer is settled by
whoever answers next.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db import IntegrityError, transaction

from shouxin.core.privacy import rights
from shouxin.core.privacy.actor import parse_actor
from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.facts import Facts
from shouxin.core.privacy.rights import RIGHTS, Clock
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.privacy.models import RightsRequest
from shouxin.usecases.lender import Lender
from shouxin.vault.history import History
from shouxin.vault.opening import Receipt

NOT_YOURS = Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "request")
ALREADY = Refusal(Reason.ALREADY_DONE, (), "request")
LEFT_OVER = timedelta(minutes=1)
"""A row that has waited so long for its entry was left by a crash."""


def begin(lender: Lender, subject: str, right: str) -> Receipt | Refusal:
    """The entry `requested` in this person's history."""
    return lender.vault.record(subject, lambda _: rights.requested(right))


def finish(lender: Lender, subject: str, request: int, outcome: str) -> Receipt | Refusal:
    """The entry `answered` to request number `request`."""
    return lender.vault.record(subject, lambda _: rights.answered(request, outcome))


def clock_of(lender: Lender, right: str, on: date | None = None) -> Clock | None:
    """By when this right is answered, if any rule of the day gives a number."""
    return rights.clock_of(RIGHTS[right], lender.policy.rules.on(on or lender.today()))


def lodge(lender: Lender, subject: str, right: str, *, about: str, proposed: str = "") -> RightsRequest | Refusal:
    """A request that waits at a desk; refused while the same one is open. `proposed` is what was typed, unsealed."""
    row = _claimed(lender, subject, right, about)
    if row is None:
        return ALREADY
    asked = begin(lender, subject, right)
    if isinstance(asked, Refusal):
        row.delete()
        return asked
    row.entry = asked.entry
    row.proposed = lender.vault.keep("form", row.id, proposed.encode()) if proposed else ""
    row.save(update_fields=["entry", "proposed"])
    return row


def _claimed(lender: Lender, subject: str, right: str, about: str) -> RightsRequest | None:
    """The row before its entry; None while the same request is open, or is being made."""
    now, clock = lender.clock.now(), clock_of(lender, right)
    RightsRequest.objects.filter(subject_id=subject, entry=0, asked_at__lt=now - LEFT_OVER).delete()
    try:
        with transaction.atomic():
            return RightsRequest.objects.create(
                id=lender.ids.new(),
                subject_id=subject,
                right=right,
                desk=RIGHTS[right].desk,
                entry=0,
                about=about,
                asked_at=now,
                due_on=clock.due(lender.today()) if clock else None,
                clock=clock.rule.id if clock else "",
            )
    except IntegrityError:
        return None


def answer(lender: Lender, row: RightsRequest, outcome: str, *, actor: str) -> Receipt | Refusal:
    """Enter the answer, then settle the row; what the person had typed goes with it. A second answer is refused."""
    assert outcome in rights.OUTCOMES[row.right], "a word of the closed list"
    written: Receipt | Refusal = ALREADY
    while written == ALREADY:
        history = lender.vault.history(row.subject_id)
        if history is None:
            return NOT_YOURS
        said = _answer_in(history, row.entry)
        if said:
            RightsRequest.objects.filter(id=row.id, answered_at=None).update(**_settled(lender, said))
            return ALREADY
        written = lender.vault.record(row.subject_id, _if_still(history.facts.n, rights.answered(row.entry, outcome)))
    if isinstance(written, Receipt):
        RightsRequest.objects.filter(id=row.id).update(**_settled(lender, outcome), answered_by=actor)
    return written


def _if_still(n: int, body: Record) -> Callable[[Facts], Record | Refusal]:
    """Enter this unless the history has grown since it was read."""
    return lambda facts: body if facts.n == n else ALREADY


def _answer_in(history: History, entry: int) -> str:
    """What the history says was answered to request number `entry`; empty while it is open."""
    records = (one.record for one in history.entries if one.record["kind"] == "answered")
    return next((str(record["outcome"]) for record in records if record["request"] == entry), "")


def _settled(lender: Lender, outcome: str) -> dict[str, Any]:
    return {"answered_at": lender.clock.now(), "outcome": outcome, "proposed": ""}


def open_at(lender: Lender, name: str, desk: str, actor: str) -> RightsRequest | Refusal:
    """An open request of this desk, for somebody who is appointed to it; else the answer of one that isn't there."""
    row = RightsRequest.objects.filter(id=name, desk=desk, entry__gt=0).first()
    if row is None or not may_answer(lender, actor, desk):
        return NOT_YOURS
    return ALREADY if row.answered_at else row


def may_answer(lender: Lender, actor: str, desk: str) -> bool:
    """Is this member of staff of that desk, and appointed now?"""
    if parse_actor(actor).role != desk:
        return False
    history = lender.vault.history(actor)
    return history is not None and bool(history.facts.appointed)


@cache
def choices(right: str) -> tuple[str, ...]:
    """What an answer at the desk may say; taking back is the person's own."""
    return tuple(one for one in rights.OUTCOMES[right] if one != rights.TAKEN_BACK)
