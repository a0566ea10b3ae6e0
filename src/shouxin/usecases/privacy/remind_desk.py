"""Before a clock runs out, the desk is reminded: once, so many days before as the house says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shouxin.core.privacy import rights
from shouxin.records.privacy.models import RightsRequest
from shouxin.usecases.lender import Lender, Request


class RemindDesk(Request):
    """Look at every clock, as of now."""


@dataclass(frozen=True)
class Reminder:
    """A request that has to be answered by `due_on` (a day that is over: it is late)."""

    request: str
    desk: str
    right: str
    due_on: date


@dataclass(frozen=True)
class Reminded:
    """What was put before the desks today, the first to run out first."""

    reminders: tuple[Reminder, ...]


def remind_desk(lender: Lender, _: RemindDesk) -> Reminded:
    """Mark what runs out soon and wasn't marked before; without a policy of the house, on the last day itself."""
    before = rights.remind_before(lender.policy.rules.on(lender.today())) or 0
    waiting = RightsRequest.objects.filter(
        answered_at=None, entry__gt=0, reminded_on=None, due_on__lte=lender.today() + timedelta(days=before)
    )
    rows = list(waiting.order_by("due_on", "asked_at"))
    waiting.filter(id__in=[row.id for row in rows]).update(reminded_on=lender.today())
    return Reminded(tuple(Reminder(row.id, row.desk, row.right, row.due_on) for row in rows if row.due_on))
