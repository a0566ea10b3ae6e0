"""The ledger: one line for each thing that left the house, or that may have."""

from datetime import datetime

from shouxin.outbound.letter import Road
from shouxin.records.outreach.models import Ledger, Outbox


def write(*, line: str, message: Outbox, road: Road, size: int, at: datetime, outcome: str, entry: int) -> None:
    """Add a line. `outcome` is `sent` or `unknown`: what was not taken did not leave.

    `entry` is the entry of the hand-over in the person's history (0 when it isn't known).
    """
    Ledger.objects.create(
        id=line,
        subject_id=message.subject_id,
        recipient_id=message.subject_id,
        channel=road.channel,
        party=road.party,
        template=message.template,
        ref=message.message_id,
        size=size,
        at=at,
        outcome=outcome,
        entry=entry,
    )
