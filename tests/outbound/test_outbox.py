"""A message waits in the book, is claimed once, and is never sent again when nobody knows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.book import book  # noqa: F401  a fixture

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture
def outbox(book: Path):  # noqa: F811
    from shouxin.outbound import outbox

    return outbox


def queued(outbox, message: str = "m1"):
    from django.db import transaction

    with transaction.atomic():
        return outbox.enqueue(
            message=message,
            subject_id="s1",
            template="due_soon",
            lang="zh",
            params={"loan": "l1"},
            message_id=f"<{message}@lender.example>",
            at=NOON,
        )


def state(message: str = "m1") -> str:
    from shouxin.records.outreach.models import Outbox

    return Outbox.objects.get(id=message).state


def test_it_belongs_to_the_transaction_of_its_act(outbox) -> None:
    from django.db import transaction

    from shouxin.records.outreach.models import Outbox

    with pytest.raises(AssertionError):
        outbox.enqueue(message="m", subject_id="", template="", lang="", params={}, message_id="", at=NOON)
    with transaction.atomic():
        queued(outbox)
        transaction.set_rollback(True)
    assert not Outbox.objects.exists()


def test_it_is_claimed_by_one_worker_only(outbox) -> None:
    queued(outbox)
    assert outbox.waiting(NOON, limit=10) == ["m1"]
    assert outbox.claim("m1", NOON) is not None
    assert outbox.claim("m1", NOON) is None
    assert outbox.waiting(NOON, limit=10) == []


def test_it_waits_again_when_the_worker_died_before_anything_left(outbox) -> None:
    queued(outbox)
    row = outbox.claim("m1", NOON)
    later = NOON + outbox.LEASE + timedelta(seconds=1)
    assert outbox.waiting(later, limit=10) == ["m1"]
    assert outbox.claim("m1", later) is not None
    assert not outbox.begin_hand_over(row, later), "the first worker lost its claim and must not send"


def test_it_is_never_sent_again_when_the_worker_died_over_it(outbox) -> None:
    queued(outbox)
    assert outbox.begin_hand_over(outbox.claim("m1", NOON), NOON)
    later = NOON + outbox.LEASE + timedelta(seconds=1)
    assert outbox.settle_lost(NOON) == [], "a worker may still be at it"
    assert [row.id for row in outbox.settle_lost(later)] == ["m1"]
    assert outbox.settle_lost(later) == []
    assert (state(), outbox.waiting(later + timedelta(days=1), limit=10)) == ("unknown", [])


def test_it_waits_longer_each_time_and_then_gives_up(outbox) -> None:
    queued(outbox)
    at, waits = NOON, []
    for _ in range(4):
        row = outbox.claim("m1", at)
        assert outbox.begin_hand_over(row, at)
        if outbox.put_back(row, at, why="smtp_451") == "failed":
            break
        row.refresh_from_db()
        waits.append(row.not_before - at)
        assert outbox.waiting(at, limit=10) == []
        at = row.not_before
    assert waits == list(outbox.RETRY_AFTER)
    assert state() == "failed"


def test_it_keeps_no_text_and_no_address(outbox) -> None:
    from shouxin.records.outreach.models import Outbox

    names = {field.name for field in Outbox._meta.fields}
    assert names.isdisjoint({"to", "address", "email", "subject", "body", "text", "name"})
