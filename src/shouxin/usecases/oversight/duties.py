"""What falls due without anybody asking for it: the worker does each duty again and again, as often as it says.

Each is safe to do twice and by several workers at once: what one has claimed or ended, the others find so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from shouxin.usecases.lender import Lender
from shouxin.usecases.outreach.close_case import CloseCured, close_cured
from shouxin.usecases.outreach.send_outbox import SendOutbox, send_outbox
from shouxin.usecases.privacy.remind_desk import RemindDesk, remind_desk
from shouxin.usecases.privacy.retain import Retain, due, retain

Going = Callable[[], bool]
"""Whether to go on with the next thing; asked between two."""
A_BATCH = 10


@dataclass(frozen=True)
class Duty:
    """One duty: its name, how often it is looked at, and the act, which counts what it did (nothing: no names)."""

    name: str
    every: timedelta
    act: Callable[[Lender, Going], Mapping[str, int]]


def messages(lender: Lender, going: Going) -> Mapping[str, int]:
    """Send what may be sent now, retries among it; a worker's death over a message is settled. Counts by outcome."""
    done: Counter[str] = Counter()
    while going() and (lender.mail or lender.sms):
        sent = send_outbox(lender, SendOutbox(limit=A_BATCH), going=going).messages
        done.update(str(one["state"]) for one in sent)
        if not sent:
            break
    return done


def cured(lender: Lender, _: Going) -> Mapping[str, int]:
    """Close the cases in which nothing is late any more; their grants end with them."""
    closed = close_cured(lender, CloseCured()).closed
    return {"closed": len(closed)} if closed else {}


def clocks(lender: Lender, _: Going) -> Mapping[str, int]:
    """Put before the desks what they must answer soon; counts by desk."""
    return Counter(one.desk for one in remind_desk(lender, RemindDesk()).reminders)


def retention(lender: Lender, going: Going) -> Mapping[str, int]:
    """The day's round of erasure, once a night; what went is in the figures of the day."""
    if not due(lender):
        return {}
    done = retain(lender, Retain(), going=going)
    counts = {
        "people": done.people,
        "erased": sum(len(one.fields) for one in done.erased),
        "restricted": sum(len(one.fields) for one in done.restricted),
        "contacts": done.contacts,
        "closed": done.closed,
        "destroyed": done.destroyed,
    }
    return {what: count for what, count in counts.items() if count}


def publishing(lender: Lender, _: Going) -> Mapping[str, int]:
    """Bring the published log up to the newest checkpoint."""
    made = lender.vault.publish()
    return {"files": made.files} if made.files else {}


DUTIES = (
    Duty("messages", timedelta(seconds=10), messages),
    Duty("cured", timedelta(minutes=1), cured),
    Duty("publishing", timedelta(minutes=1), publishing),
    Duty("clocks", timedelta(hours=1), clocks),
    Duty("retention", timedelta(minutes=10), retention),
)
"""In the order in which a round does them."""
