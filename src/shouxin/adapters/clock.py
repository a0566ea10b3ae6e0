"""Where the present moment comes from. Nothing else in the house reads a clock."""

from dataclasses import dataclass
from datetime import UTC, datetime


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment in UTC, aware."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands at `moment` (aware): what a replay, a simulation and a test use."""

    moment: datetime

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            raise ValueError("a moment needs its offset")

    def now(self) -> datetime:
        """Always the same moment."""
        return self.moment
