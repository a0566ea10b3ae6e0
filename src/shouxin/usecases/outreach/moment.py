"""Chain time (ms since 1970, UTC) as a moment."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(ms: int) -> datetime:
    """The aware moment of a time as entries write it."""
    return _EPOCH + timedelta(milliseconds=ms)
