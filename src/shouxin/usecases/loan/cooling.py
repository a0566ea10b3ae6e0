"""Until when somebody may change their mind about a contract: by a rule of the day they signed, or not at all."""

from dataclasses import dataclass
from datetime import date

from shouxin.core.rules import days
from shouxin.core.rules.rule import Rule
from shouxin.usecases.lender import Lender


@dataclass(frozen=True)
class ChangeOfMind:
    """`until` is the last day, and `rule` gives it. How it is done is the rule's own sentence."""

    until: date
    rule: Rule


def change_of_mind(lender: Lender, signed_on: date) -> ChangeOfMind | None:
    """The time that a contract of that day leaves; None where no rule gives one, for no number is made up."""
    found = days.cooling_off(lender.policy.rules.on(signed_on))
    return ChangeOfMind(found.until(signed_on), found.rule) if found else None
