"""The worker's round: what was lost is said to be unknown, what waits is delivered."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shouxin.outbound import outbox
from shouxin.outbound.letter import Road
from shouxin.usecases.lender import CannotNow, Lender, Request
from shouxin.usecases.outreach.delivering import Delivery, deliver, settle_lost
from shouxin.usecases.privacy.send_texts import send_texts
from shouxin.usecases.privacy.texting import Texted


class SendOutbox(Request):
    """Deliver at most so many messages."""

    limit: Annotated[int, Field(ge=1, le=10_000)] = 100


@dataclass(frozen=True)
class OutboxSent:
    """How many ended how, and each message by its id. `queued`: to be tried again later."""

    sent: int
    queued: int
    failed: int
    refused: int
    unknown: int
    messages: list[dict[str, object]]


def send_outbox(lender: Lender, request: SendOutbox, *, going: Callable[[], bool] = lambda: True) -> OutboxSent:
    """One round, letters and text messages; several workers may run at once. Raises `CannotNow` without any road.

    Once `going` says no, the message in hand is the last.
    """
    if lender.mail is None and lender.sms is None:
        raise CannotNow("no mail server is configured", where="smtp", code="no_mail")
    letters = _letters(lender, lender.mail, request.limit, going) if lender.mail else []
    done: list[Delivery | Texted] = [*letters, *send_texts(lender, limit=request.limit, going=going)]
    counted = Counter(delivery.state for delivery in done)
    return OutboxSent(
        sent=counted[outbox.SENT],
        queued=counted[outbox.QUEUED],
        failed=counted[outbox.FAILED],
        refused=counted[outbox.REFUSED],
        unknown=counted[outbox.UNKNOWN],
        messages=[{"message": one.message, "state": one.state, "why": one.why} for one in done],
    )


def _letters(lender: Lender, road: Road, limit: int, going: Callable[[], bool]) -> list[Delivery]:
    done = settle_lost(lender, road)
    for message in outbox.waiting(lender.clock.now(), limit=limit):
        delivery = deliver(lender, road, message) if going() else None
        if delivery is not None:
            done.append(delivery)
    return done
