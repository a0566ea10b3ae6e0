"""Days that a rule gives: to change one's mind about a contract, and until the code of a contact person's page ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from shouxin.core.rules.params import Expects
from shouxin.core.rules.rule import Rule

COOLING_OFF = "cooling_off"
CONTACT_PAGE = "contact_page"
CHECKS = {COOLING_OFF: {"days": Expects("whole")}, CONTACT_PAGE: {"days": Expects("whole")}}


@dataclass(frozen=True, slots=True)
class Days:
    """So many whole days after the day that they count from, and the rule that says so."""

    count: int
    rule: Rule

    def until(self, start: date) -> date:
        """The last day that still counts."""
        return start + timedelta(days=self.count)


def cooling_off(rules: Iterable[Rule]) -> Days | None:
    """The longest time to change one's mind that a rule gives; None when no rule gives one."""
    return max(_days(rules, COOLING_OFF), key=lambda days: days.count, default=None)


def contact_page(rules: Iterable[Rule]) -> Days | None:
    """The shortest life of a code that a rule gives; None when no rule gives one."""
    return min(_days(rules, CONTACT_PAGE), key=lambda days: days.count, default=None)


def _days(rules: Iterable[Rule], check: str) -> list[Days]:
    return [Days(rule.whole("days"), rule) for rule in rules if rule.check == check]
