"""Packs of rules, and the book a lender works by: its packs, its kind, its own house policy."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shouxin.core.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules of one country or of the house, under one version."""

    name: str
    version: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules that one lender works by.

    `lender` are its kinds (`consumer_finance_company`, …); `enabled` are ids of rules which are
    off by default and which the house has switched on.
    """

    packs: tuple[Pack, ...]
    lender: tuple[str, ...]
    enabled: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Rule]:
        """Every rule of every pack, in force or not, whomever it concerns."""
        return (rule for pack in self.packs for rule in pack.rules)

    def on(self, day: date) -> tuple[Rule, ...]:
        """The rules in force for this lender on `day`, in the order of the packs."""
        return tuple(
            rule
            for rule in self
            if rule.in_force(day) and rule.concerns(self.lender) and (rule.default_enabled or rule.id in self.enabled)
        )

    def get(self, rule_id: str, day: date | None = None) -> Rule | None:
        """The rule of this id that holds on `day` (without a day: its newest wording)."""
        found = [rule for rule in self if rule.id == rule_id]
        if day is not None:
            found = [rule for rule in found if rule.in_force(day)]
        return max(found, key=lambda rule: rule.effective_from or date.min, default=None)
