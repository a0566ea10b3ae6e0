"""Words of the desk for codes that the policy's sentences don't name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.core.outreach.caps import Tally
from shouxin.web.shell import words
from shouxin.web.shell.visit import Visit

Lazy = Promise | str

ACTS: dict[str, Lazy] = {
    "call": gettext_lazy("Call"),
    "message": gettext_lazy("Send the reminder"),
    "wait": gettext_lazy("Wait"),
    "nothing": gettext_lazy("Leave in peace"),
}
WHYS: dict[str, Lazy] = {
    "paused": gettext_lazy("A way to pay is agreed or being talked about; nothing is collected meanwhile."),
    "promise_broken": gettext_lazy("The day of a promise has passed and the money isn’t here. Ask what happened."),
    "promise_partly": gettext_lazy("The day of a promise has passed and a part came. Ask about the rest."),
    "promise_open": gettext_lazy("They said by when. Nobody presses them before that day is over."),
    "written": gettext_lazy("A message went today; the next try is on another day."),
    "spoken": gettext_lazy("They were reached today; the next try is on another day."),
    "first_word": gettext_lazy("Nobody has written or called yet; a letter disturbs less than a call."),
    "no_answer_today": gettext_lazy("Two calls today found nobody; a message is kinder than a third."),
    "enough_today": gettext_lazy("Two calls today found nobody; that is enough for one day."),
    "not_reached": gettext_lazy("Not reached yet."),
    "agree_a_way": gettext_lazy("Reached before; agree on a day or a way to pay."),
    "calls_are_over": gettext_lazy("No call now, but a message may go."),
    "not_now": gettext_lazy("The rules allow no contact at this moment."),
}
STATES: dict[str, Lazy] = {
    "now": gettext_lazy("may be reached"),
    "later": gettext_lazy("not now"),
    "promised": gettext_lazy("word given"),
    "paused": gettext_lazy("at rest"),
    "partly": gettext_lazy("word kept in part"),
    "broken": gettext_lazy("word not kept"),
}
NOT_KEPT = ("partly", "broken")
STATE_ICONS = {
    "now": ("check-circle", "proof"),
    "later": ("clock", "due"),
    "promised": ("clock", "due"),
    "paused": ("pause", ""),
    "partly": ("clock", "due"),
    "broken": ("clock", "due"),
}
TALLIES: dict[str, Lazy] = {
    "connected_calls": gettext_lazy("Answered"),
    "unanswered_dials": gettext_lazy("Unanswered"),
    "messages": gettext_lazy("Messages"),
}
"""Caps by their check, in the order in which they are shown; all are counts of today."""


def name_of(actor: str) -> str:
    """`collector:k31` as people say it: `K-31`."""
    name = actor.partition(":")[2].upper()
    head = name.rstrip("0123456789.")
    return f"{head}-{name[len(head) :]}" if head and head != name else name


def caps(tallies: Iterable[Tally]) -> list[tuple[Lazy, Tally]]:
    """The counts of today with their names, in one order everywhere."""
    found = {one.check: one for one in tallies}
    return [(name, found[check]) for check, name in TALLIES.items() if check in found]


def of(count: int, most: int) -> str:
    """`2 of 6`."""
    return _("%(count)s of %(most)s") % {"count": count, "most": most}


def clock(request: Visit, moment: datetime) -> str:
    """The time of day on the lender's clock."""
    return f"{moment.astimezone(request.lender.settings.zone):%H:%M}"


def moment(request: Visit, when: datetime) -> str:
    """The time of day if it is today, else day and time."""
    zone, today = request.lender.settings.zone, request.lender.today()
    local = when.astimezone(zone)
    if local.date() == today:
        return f"{local:%H:%M}"
    return words.moment(when, request.lang, zone=zone, today=today)


def length(minutes: int) -> str:
    """`11 h 28 min`."""
    said: dict[str, Any] = {"hours": minutes // 60, "minutes": minutes % 60}
    return (_("%(hours)s h %(minutes)s min") if minutes >= 60 else _("%(minutes)s min")) % said
