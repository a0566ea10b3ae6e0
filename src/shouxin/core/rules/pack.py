"""Packs of rules, and the book a lender works by: its packs, its kind, its own house policy."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from shouxin.core.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules of one country or of the house, under one version."""

    name: str
    version: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class RuleBook:
    """The rules that one lender works by.  What follows from the rules alone is worked out once.

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
        turn = bisect_right(self._turns, day)
        if turn not in self._between_turns:
            self._between_turns[turn] = tuple(rule for rule in self._own if rule.in_force(day))
        return self._between_turns[turn]

    def get(self, rule_id: str, day: date | None = None) -> Rule | None:
        """The rule of this id that holds on `day` (without a day: its newest wording)."""
        found = self._by_id.get(rule_id, [])
        if day is not None:
            found = [rule for rule in found if rule.in_force(day)]
        return max(found, key=lambda rule: rule.effective_from or date.min, default=None)

    @cached_property
    def _own(self) -> tuple[Rule, ...]:
        """The rules that concern this lender and are switched on."""
        return tuple(
            rule for rule in self if rule.concerns(self.lender) and (rule.default_enabled or rule.id in self.enabled)
        )

    @cached_property
    def _by_id(self) -> Mapping[str, list[Rule]]:
        found: dict[str, list[Rule]] = {}
        for rule in self:
            found.setdefault(rule.id, []).append(rule)
        return found

    @cached_property
    def _turns(self) -> tuple[date, ...]:
        """The days on which a rule begins or has ended: between two of them the same rules are in force."""
        begun = {rule.effective_from for rule in self._own if rule.effective_from}
        last = {rule.effective_to for rule in self._own if rule.effective_to and rule.effective_to < date.max}
        return tuple(sorted(begun | {day + timedelta(days=1) for day in last}))

    @cached_property
    def _between_turns(self) -> dict[int, tuple[Rule, ...]]:
        """What `on` has found so far, by the number of turns before the day."""
        return {}
