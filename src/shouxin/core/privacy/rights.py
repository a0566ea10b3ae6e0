"""The rights of a person towards their data: each with its article, who answers, and by when.

The law mostly says "in good time" and names no number of days; then there is none. A number is a standard's or the
house's own, and whoever shows it says whose it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shouxin.core.privacy.entry import Record
from shouxin.core.rules.params import Expects
from shouxin.core.rules.rule import Rule

REQUEST_CLOCK, REVIEW_CLOCK, REMINDER = "request_clock", "review_clock", "request_reminder"
CHECKS = {
    REQUEST_CLOCK: {
        "request_days_from_memory": Expects("whole"),
        "account_close_working_days_from_memory": Expects("whole"),
    },
    REVIEW_CLOCK: {"days": Expects("whole")},
    REMINDER: {"days_before": Expects("count")},
}
COMPLIANCE, UNDERWRITER = "compliance", "underwriter"
DESKS = (COMPLIANCE, UNDERWRITER)


@dataclass(frozen=True, slots=True)
class Right:
    """One right. `desk` is the role that answers it; empty where it is done at once, without anybody's answer."""

    name: str
    rules: tuple[str, ...]
    whose: tuple[str, ...] = ("borrower",)
    desk: str = ""
    clock: str = REQUEST_CLOCK


BOTH = ("borrower", "contact_person")
_ROWS = (
    Right("access", ("CN.PIPL.44_45",), BOTH),
    Right("portability", ("CN.PIPL.44_45", "CN.NETDATA.25"), BOTH),
    Right("correction", ("CN.PIPL.46",), desk=COMPLIANCE),
    Right("restriction", ("CN.PIPL.44_45",)),
    Right("erasure", ("CN.PIPL.47",), BOTH),
    Right("human_review", ("CN.PIPL.24",), desk=UNDERWRITER, clock=REVIEW_CLOCK),
    Right("next_of_kin", ("CN.PIPL.48_50",), desk=COMPLIANCE),
)
RIGHTS = {row.name: row for row in _ROWS}
DONE, DONE_IN_PART, TAKEN_BACK = "done", "done_in_part", "taken_back"
OUTCOMES: dict[str, tuple[str, ...]] = {
    "access": (DONE,),
    "portability": (DONE,),
    "correction": (DONE, "documents_differ", "not_wrong", "identity_not_shown", TAKEN_BACK),
    "restriction": (DONE,),
    "erasure": (DONE, DONE_IN_PART),
    "human_review": ("upheld", "decided_again", TAKEN_BACK),
    "next_of_kin": ("copy_given", "erased", "erased_in_part", "death_not_shown", "kinship_not_shown", TAKEN_BACK),
}
"""What an answer may say, a closed list for each right: who asked is told which, and why, in the same sentence."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Days to answer, and the rule that says so; its force and how sure it is are the rule's."""

    days: int
    rule: Rule

    def due(self, asked_on: date) -> date:
        """The last day to answer, calendar days, the day of asking not counted."""
        return asked_on + timedelta(days=self.days)


def clock_of(right: Right, rules: Sequence[Rule]) -> Clock | None:
    """The shortest clock that a rule in force sets for the right; None where none gives a number."""
    names = {REQUEST_CLOCK: "request_days_from_memory", REVIEW_CLOCK: "days"}
    wanted = {REQUEST_CLOCK, right.clock}
    found = [Clock(rule.whole(names[rule.check]), rule) for rule in rules if rule.check in wanted]
    return min(found, key=lambda clock: clock.days, default=None)


def remind_before(rules: Iterable[Rule]) -> int | None:
    """Days before the end of a clock on which the desk is reminded; None where no policy says so."""
    return next((rule.whole("days_before") for rule in rules if rule.check == REMINDER), None)


def requested(right: str) -> Record:
    """The entry by which a request begins."""
    return {"kind": "requested", "right": right}


def answered(request: int, outcome: str) -> Record:
    """The entry that answers request number `request`."""
    return {"kind": "answered", "request": request, "outcome": outcome}
