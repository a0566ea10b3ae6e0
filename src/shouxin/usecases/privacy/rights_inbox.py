"""What waits at a desk: the clock that runs out first stands first, and a late one can't be overlooked.

The rows name no person. Whoever opens one sees what there is to answer, and no more than the answer needs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shouxin.core.privacy import rights
from shouxin.core.privacy.actor import parse_actor
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.privacy.models import RetentionRound, RightsRequest
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.privacy import requests

RECENT = timedelta(days=30)


class RightsInbox(Request):
    """Of which desk: that of whoever asks."""

    actor: ActorName


class RequestAt(Request):
    """One request of that desk."""

    actor: ActorName
    request: Text


@dataclass(frozen=True)
class Waiting:
    """One request. `days` are those left (0: today is the last, negative: late, None: no clock)."""

    request: str
    right: str
    about: str
    asked_at: datetime
    due_on: date | None
    clock: str
    days: int | None
    late: bool
    soon: bool
    answered_at: datetime | None = None
    outcome: str = ""

    @property
    def days_late(self) -> int:
        """By how many days the clock has run out."""
        return -(self.days or 0) if self.late else 0


@dataclass(frozen=True)
class GoneField:
    """So many values of one field went, by these rules."""

    field: str
    rules: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Round:
    """What the newest daily round of erasure did."""

    on: date
    people: int
    erased: tuple[GoneField, ...]
    restricted: int
    contacts: int
    closed: int
    destroyed: int


@dataclass(frozen=True)
class Inbox:
    """The desk's open requests, those answered of late, and the newest daily round of erasure (compliance alone)."""

    desk: str
    waiting: tuple[Waiting, ...]
    answered: tuple[Waiting, ...]
    round: Round | None

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(one.late for one in self.waiting)


def rights_inbox(lender: Lender, request: RightsInbox) -> Inbox | Refusal:
    """Refused for whoever isn't appointed to a desk that answers requests."""
    desk = parse_actor(request.actor).role
    if desk not in rights.DESKS or not requests.may_answer(lender, request.actor, desk):
        return Refusal(Reason.ROLE_MAY_NOT, ("CN.PIPL.51",), "actor")
    rows = RightsRequest.objects.filter(desk=desk, entry__gt=0)
    open_rows = [_shown(lender, row) for row in rows.filter(answered_at=None)]
    recent = rows.filter(answered_at__gte=lender.clock.now() - RECENT).order_by("-answered_at")
    return Inbox(
        desk=desk,
        waiting=tuple(sorted(open_rows, key=lambda one: (one.due_on is None, one.due_on or date.max, one.asked_at))),
        answered=tuple(_shown(lender, row) for row in recent),
        round=_newest_round() if desk == rights.COMPLIANCE else None,
    )


def request_at(lender: Lender, request: RequestAt) -> Waiting | Refusal:
    """One open request of the asker's desk; another desk's, an answered one and none are the same refusal."""
    row = requests.open_at(lender, request.request, parse_actor(request.actor).role, request.actor)
    return requests.NOT_YOURS if isinstance(row, Refusal) else _shown(lender, row)


def _shown(lender: Lender, row: RightsRequest) -> Waiting:
    days = (row.due_on - lender.today()).days if row.due_on else None
    return Waiting(
        request=row.id,
        right=row.right,
        about=row.about if row.right == "correction" else "",
        asked_at=row.asked_at,
        due_on=row.due_on,
        clock=row.clock,
        days=days,
        late=days is not None and days < 0,
        soon=row.reminded_on is not None,
        answered_at=row.answered_at,
        outcome=row.outcome,
    )


def _newest_round() -> Round | None:
    row = RetentionRound.objects.order_by("-on").first()
    if row is None:
        return None
    return Round(
        on=row.on,
        people=row.people,
        erased=tuple(GoneField(name, tuple(rules), count) for name, rules, count in json.loads(row.erased)),
        restricted=row.restricted,
        contacts=row.contacts,
        closed=row.closed,
        destroyed=row.destroyed,
    )
