"""A ruling: yes or no, every rule that was applied, and the next permitted moment."""

from dataclasses import dataclass
from datetime import datetime

from shouxin.core.rules.refusal import Reason

ALLOW = "allow"
BLOCK = "block"
REQUIRE = "require"
"""What a rule did: it was met, it forbids, or it asks for something while the act is done."""


@dataclass(frozen=True, slots=True)
class Applied:
    """One rule as it was applied; `reason` says in the closed list why it forbids."""

    rule_id: str
    force: str
    effect: str
    reason: Reason | None = None

    def to_doc(self) -> dict[str, str]:
        """The shape of the outside contract, and the reason where the rule forbids."""
        doc = {"id": self.rule_id, "force": self.force, "effect": self.effect}
        return doc | ({"reason": self.reason.value} if self.reason else {})


@dataclass(frozen=True, slots=True)
class Ruling:
    """`next_permitted` is the first moment, from the one asked about on, at which the answer is
    yes while nothing else happens (so it is that very moment when `allow`); None when time alone
    doesn't bring it.
    """

    allow: bool
    applied: tuple[Applied, ...]
    next_permitted: datetime | None

    @property
    def blocking(self) -> tuple[Applied, ...]:
        """The rules that forbid, in the order in which they were applied."""
        return tuple(item for item in self.applied if item.effect == BLOCK)

    @property
    def reason(self) -> Reason | None:
        """The first reason of the closed list among those that hold."""
        order = list(Reason)
        reasons = [item.reason for item in self.blocking if item.reason is not None]
        return min(reasons, key=order.index, default=None if self.allow else Reason.THIRD_PARTY)

    def to_doc(self) -> dict[str, object]:
        """The shape of the outside contract: `{allow, rules:[{id, force, effect}], next_permitted}`."""
        moment = self.next_permitted.isoformat() if self.next_permitted else None
        rules = [item.to_doc() for item in self.applied]
        return {"allow": self.allow, "rules": rules, "next_permitted": moment}
