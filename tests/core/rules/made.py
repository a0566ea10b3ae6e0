"""A rule to start from in tests of the rule book."""

from dataclasses import replace
from datetime import date

from shouxin.core.rules.pack import Pack, RuleBook
from shouxin.core.rules.rule import Rule

NIGHT = Rule(
    id="XX.NIGHT",
    title={"zh": "夜", "en": "Night"},
    sentence={"zh": "夜里不打。", "en": "No calls at night."},
    citation={"zh": "第一号法", "en": "Act 1"},
    force="mandatory",
    topic="collecting",
    applies_to=("bank",),
    action="block",
    status="seen_primary",
    needs_legal_check=False,
    default_enabled=True,
    informative=True,
    effective_from=date(2026, 1, 1),
)


def book(*rules: Rule, lender: tuple[str, ...] = ("bank",), enabled: frozenset[str] = frozenset()) -> RuleBook:
    """A book of one pack."""
    return RuleBook((Pack("xx", "1", rules),), lender, enabled)


def cap(rule_id: str, **params: int | str) -> Rule:
    """A price cap or, with `max_minor`, a cap on a line."""
    check = "line_cap" if "max_minor" in params else "price_cap"
    return replace(NIGHT, id=rule_id, check=check, params=params)
