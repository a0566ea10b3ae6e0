"""The tests of time, chance and identifiers."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from shouxin.adapters.chance import PredictableChance, SystemChance
from shouxin.adapters.clock import FixedClock, SystemClock
from shouxin.adapters.ids import Uuid7

NOON = datetime(2026, 11, 24, 12, 0, 0, 123_000, tzinfo=UTC)


def test_it_makes_version_7_of_the_standard_variant() -> None:
    made = uuid.UUID(Uuid7(clock=FixedClock(NOON), chance=SystemChance()).new())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == 1_795_521_600_123


def test_it_puts_the_example_of_rfc_9562_where_the_standard_does() -> None:
    # RFC 9562, A.6: 2022-02-22T14:22:22-05:00, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F
    class Given:
        def token_bytes(self, count: int) -> bytes:
            assert count == 10
            return ((0xCC3 << 64) | 0x18C4DC0C0C07398F).to_bytes(10, "big")

    moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    made = Uuid7(clock=FixedClock(moment), chance=Given()).new()
    assert made == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_it_sorts_by_time() -> None:
    chance = SystemChance()
    made = [Uuid7(clock=FixedClock(NOON + timedelta(milliseconds=n)), chance=chance).new() for n in range(50)]
    assert made == sorted(made)


def test_it_never_repeats_within_a_millisecond() -> None:
    ids = Uuid7(clock=FixedClock(NOON), chance=SystemChance())
    assert len({ids.new() for _ in range(2000)}) == 2000


def test_it_replays_from_a_seed() -> None:
    one, two = PredictableChance(b"seed"), PredictableChance(b"seed")
    assert one.token_bytes(7) + one.token_bytes(70) == two.token_bytes(77)
    assert PredictableChance(b"other").token_bytes(7) != PredictableChance(b"seed").token_bytes(7)


def test_it_knows_only_moments_with_an_offset() -> None:
    assert SystemClock().now().tzinfo is not None
    with pytest.raises(ValueError, match="offset"):
        FixedClock(datetime(2026, 11, 24))  # noqa: DTZ001
