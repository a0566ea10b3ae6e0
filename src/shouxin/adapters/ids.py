"""Identifiers: UUID version 7 (RFC 9562, 5.7), made from a clock and chance that are handed in."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Protocol

_VERSION_AND_VARIANT = (0x7 << 76) | (0x2 << 62)
_RANDOM = (0xFFF << 64) | ((1 << 62) - 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class _Clock(Protocol):
    def now(self) -> datetime: ...


class _Chance(Protocol):
    def token_bytes(self, count: int) -> bytes: ...


class Uuid7:
    """Makes identifiers that sort by the millisecond in which they were made; 74 bits are chance."""

    def __init__(self, *, clock: _Clock, chance: _Chance) -> None:
        self._clock = clock
        self._chance = chance

    def new(self) -> str:
        """A new UUIDv7 in its usual text form, lower case."""
        milliseconds = (self._clock.now() - _EPOCH) // _MILLISECOND
        chance = int.from_bytes(self._chance.token_bytes(10), "big") & _RANDOM
        return str(uuid.UUID(int=(milliseconds << 80) | _VERSION_AND_VARIANT | chance))
