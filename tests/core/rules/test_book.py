"""Which rules hold on a day, for a lender."""

from dataclasses import replace
from datetime import date

from shouxin.core.rules.rule import Rule
from tests.core.rules.made import NIGHT, book

NEW_YEAR = date(2026, 1, 1)


def ids(*rules: Rule, day: date, lender: str = "bank", enabled: str = "") -> list[str]:
    found = book(*rules, lender=(lender,), enabled=frozenset(enabled.split())).on(day)
    return [rule.id for rule in found]


def test_it_holds_from_its_first_to_its_last_day() -> None:
    rule = replace(NIGHT, effective_to=date(2026, 12, 31))
    assert ids(rule, day=date(2025, 12, 31)) == []
    assert ids(rule, day=NEW_YEAR) == ["XX.NIGHT"]
    assert ids(rule, day=date(2026, 12, 31)) == ["XX.NIGHT"]
    assert ids(rule, day=date(2027, 1, 1)) == []


def test_it_holds_always_when_no_date_was_found() -> None:
    assert ids(replace(NIGHT, effective_from=None), day=date(1990, 1, 1)) == ["XX.NIGHT"]


def test_it_speaks_to_the_kinds_of_lender_that_it_names() -> None:
    assert ids(NIGHT, day=NEW_YEAR, lender="microlender") == []
    assert ids(replace(NIGHT, applies_to=("all",)), day=NEW_YEAR, lender="microlender") == ["XX.NIGHT"]


def test_it_stays_off_until_the_house_switches_it_on() -> None:
    rule = replace(NIGHT, default_enabled=False)
    assert ids(rule, day=NEW_YEAR) == []
    assert ids(rule, day=NEW_YEAR, enabled="XX.NIGHT") == ["XX.NIGHT"]


def test_it_finds_the_wording_of_a_day_and_else_the_newest() -> None:
    older = replace(NIGHT, effective_from=None, effective_to=date(2025, 12, 31))
    both = book(NIGHT, older)
    assert both.get("XX.NIGHT", date(2025, 6, 1)) == older
    assert both.get("XX.NIGHT", NEW_YEAR) == NIGHT
    assert both.get("XX.NIGHT") == NIGHT
    assert both.get("XX.OTHER") is None
