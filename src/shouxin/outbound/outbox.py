"""Messages that wait: each is handed over once, or it is known that nobody knows.

How one message leaves, and what a crash at each point means:
1. `enqueue` puts a row in the transaction of the business act: no act, no message.
2. `claim` takes one waiting row by a conditional update. A worker that dies now has sent nothing;
   the claim runs out after `LEASE` and the row waits again.
3. The caller opens the data, renders, writes the entry that an attempt is made.
4. `begin_hand_over`. From here on bytes may have left.
5. The road sends; `finish` says how it ended. A worker that dies between 4 and 5 leaves a row
   that `settle_lost` marks `unknown`; it is never sent again.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from shouxin.records.outreach.models import Outbox

LEASE = timedelta(minutes=10)
"""A claim or a hand-over older than this belongs to a worker that died."""
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""How long a message waits after each time that the other side said "not now"."""

QUEUED, CLAIMED, HANDING_OVER = "queued", "claimed", "handing_over"
SENT, FAILED, REFUSED, UNKNOWN = "sent", "failed", "refused", "unknown"
EMAIL, SMS = "email", "sms"
TEXTS = "sms_"
"""How the names of templates begin that go by text message; all others go by e-mail."""


def enqueue(
    *,
    message: str,
    subject_id: str,
    template: str,
    lang: str,
    params: Mapping[str, str],
    message_id: str,
    at: datetime,
) -> Outbox:
    """Put a message in line. Must be called inside the business transaction that causes it."""
    assert transaction.get_connection().in_atomic_block, "a message belongs to an act"
    return Outbox.objects.create(
        id=message,
        subject_id=subject_id,
        template=template,
        lang=lang,
        params=json.dumps(dict(params), sort_keys=True),
        state=QUEUED,
        message_id=message_id,
        queued_at=at,
        not_before=at,
    )


def begin(*, message: str, template: str, lang: str, message_id: str, at: datetime, subject_id: str = "") -> Outbox:
    """A message that never waits, because what it holds is good for minutes only: it is being handed over already."""
    return Outbox.objects.create(
        id=message,
        subject_id=subject_id,
        template=template,
        lang=lang,
        state=HANDING_OVER,
        message_id=message_id,
        queued_at=at,
        not_before=at,
        claimed_at=at,
        tries=1,
    )


def waiting(at: datetime, *, limit: int, channel: str = EMAIL) -> list[str]:
    """The ids of messages for that channel that may be claimed now, oldest first."""
    _release_dead_claims(at)
    rows = _for(channel).filter(state=QUEUED, not_before__lte=at).order_by("not_before", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def due(at: datetime) -> int:
    """How many messages of any channel could be claimed now."""
    return Outbox.objects.filter(state=QUEUED, not_before__lte=at).count()


def claim(message: str, at: datetime) -> Outbox | None:
    """Take a waiting message; None when another worker was faster."""
    mine = Outbox.objects.filter(id=message, state=QUEUED).update(state=CLAIMED, claimed_at=at)
    return Outbox.objects.get(id=message) if mine else None


def begin_hand_over(row: Outbox, at: datetime) -> bool:
    """The last step before bytes may leave; False when the claim had run out meanwhile."""
    held = Outbox.objects.filter(id=row.id, state=CLAIMED, claimed_at=row.claimed_at)
    return held.update(state=HANDING_OVER, claimed_at=at, tries=row.tries + 1) == 1


def finish(row: Outbox, state: str, *, why: str = "") -> None:
    """Say how it ended: `sent`, `failed`, `refused` or `unknown`."""
    Outbox.objects.filter(id=row.id).update(state=state, why=why)


def put_back(row: Outbox, at: datetime, *, why: str) -> str:
    """The other side said "not now": wait and try again, or give up. Gives the new state."""
    if row.tries >= len(RETRY_AFTER):
        finish(row, FAILED, why=why)
        return FAILED
    later = at + RETRY_AFTER[row.tries]
    Outbox.objects.filter(id=row.id).update(state=QUEUED, not_before=later, why=why)
    return QUEUED


def wait_until(row: Outbox, at: datetime, *, why: str) -> None:
    """Give a claimed message back until a later moment; nothing was tried, so it isn't counted."""
    Outbox.objects.filter(id=row.id, state=CLAIMED).update(state=QUEUED, not_before=at, why=why)


def settle_lost(at: datetime, *, channel: str = EMAIL) -> list[Outbox]:
    """Mark as `unknown` what was being handed over to that channel by a worker that died, and list it."""
    lost = _for(channel).filter(state=HANDING_OVER, claimed_at__lt=at - LEASE)
    return [row for row in lost if Outbox.objects.filter(id=row.id, state=HANDING_OVER).update(state=UNKNOWN)]


def _for(channel: str) -> QuerySet[Outbox]:
    texts = Outbox.objects.filter(template__startswith=TEXTS)
    return texts if channel == SMS else Outbox.objects.exclude(template__startswith=TEXTS)


def _release_dead_claims(at: datetime) -> None:
    dead = Outbox.objects.filter(state=CLAIMED, claimed_at__lt=at - LEASE)
    dead.update(state=QUEUED)
