"""The worker's round over text messages: what was lost is said to be unknown, what waits is delivered."""

from __future__ import annotations

from collections.abc import Callable

from shouxin.outbound import outbox
from shouxin.usecases.lender import Lender
from shouxin.usecases.privacy import contact_notice, devices, texting, tries
from shouxin.usecases.privacy.texting import Texted

KINDS = devices.NOTICES | contact_notice.NOTICES


def send_texts(lender: Lender, *, limit: int, going: Callable[[], bool] = lambda: True) -> list[Texted]:
    """One round; several workers may run at once. Nothing waits for a lender without a gateway.

    Counters that nobody needs any more are swept on the way. Once `going` says no, the message in hand is the last.
    """
    tries.sweep(lender)
    if lender.sms is None:
        return []
    done = texting.settle_lost(lender)
    for message in outbox.waiting(lender.clock.now(), limit=limit, channel=outbox.SMS):
        texted = texting.deliver(lender, message, KINDS) if going() else None
        if texted is not None:
            done.append(texted)
    return done
