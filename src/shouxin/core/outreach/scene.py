"""What a check looks at, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from shouxin.core.outreach.local_day import day_of, start_of_next_day
from shouxin.core.outreach.question import Attempt, History, Question
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.rule import Rule
from shouxin.core.rules.ruling import ALLOW, BLOCK, REQUIRE


@dataclass(frozen=True, slots=True)
class Scene:
    """A question at its moment, what happened before, and the rules in force on that day."""

    question: Question
    history: History
    rules: tuple[Rule, ...]

    @property
    def today(self) -> date:
        """The person's own calendar day."""
        return day_of(self.question.at, self.question.zone)

    @property
    def tomorrow(self) -> datetime:
        """The first moment of the person's next calendar day."""
        return start_of_next_day(self.question.at, self.question.zone)

    def made_today(self) -> list[Attempt]:
        """All attempts of this calendar day, to whomever: before and after the moment alike, so
        that the order in which lines arrive can't open a cap.
        """
        zone = self.question.zone
        return [item for item in self.history.attempts if day_of(item.at, zone) == self.today]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says. `release`: the first moment at which it would no longer forbid; None:
    time alone doesn't change it.
    """

    effect: str
    reason: Reason | None = None
    release: datetime | None = None


MET = Verdict(ALLOW)
OWED = Verdict(REQUIRE)


def forbid(reason: Reason, *, release: datetime | None = None) -> Verdict:
    """A verdict that blocks."""
    return Verdict(BLOCK, reason, release)


Check = Callable[[Rule, Scene], Verdict | None]
"""None: the rule doesn't speak about this question."""
