"""The rules as shipped: each one does something, is cited, or says that it is for information."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from shouxin.core.outreach import may_contact
from shouxin.core.privacy import gate, retention, rights
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.core.rules import days, limits
from shouxin.core.rules.limits import Cap, line_cap, price_cap
from shouxin.core.rules.retention import parse_retention
from shouxin.core.rules.rule import Rule
from shouxin.policy import folder
from shouxin.policy.load import load
from shouxin.policy.rulebook import NECESSARY_FIELDS, NOTICE_CONTENT
from shouxin.policy.rules_page import page

POLICY = load(folder())
RULES = list(POLICY.rules)


def cited() -> set[str]:
    fields = {rule for field in POLICY.catalogue for rule in (*field.rules, parse_retention(field.retention).rule)}
    notices = {rule for notice in POLICY.notices.values() for rule in notice.rules}
    purposes = {rule for purpose in PURPOSES.values() for rule in purpose.duties}
    refusals = {rule for rules in gate.RULES.values() for rule in rules}
    asked = {rule for right in rights.RIGHTS.values() for rule in right.rules}
    signed = {rule for section in POLICY.contract.sections for rule in section.rules}
    return (fields | notices | purposes | refusals | asked | signed) - {""}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_it_decides_something_or_is_cited_or_is_for_information(rule: Rule) -> None:
    code = {
        *may_contact.PARAMS,
        *limits.CHECKS,
        *days.CHECKS,
        *retention.CHECKS,
        *rights.CHECKS,
        NOTICE_CONTENT,
        NECESSARY_FIELDS,
    }
    does_something = rule.check in code or rule.id in cited()
    assert does_something != rule.informative


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_it_cites_in_the_readers_own_language(rule: Rule) -> None:
    assert not re.search(r"[a-z]{2}", rule.citation["zh"]), "a Chinese reader gets a Chinese citation"
    assert re.search(r"[a-z]{3}|GB/T", rule.citation["en"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_it_says_what_was_not_seen_of_a_rule_from_reports_or_memory(rule: Rule) -> None:
    if rule.status in ("seen_secondary", "memory"):
        assert rule.unseen
        assert rule.needs_legal_check


def test_it_keeps_guidance_and_house_policy_apart_from_law() -> None:
    forces = {rule.id: rule.force for rule in RULES}
    assert forces["CN.GBT45251.HOURS"] == "recommended_standard"
    assert forces["CN.CBA2026.FREQ"] == "self_regulatory"
    assert forces["CN.CAP.CFC20"] == "informal"
    assert forces["CN.CAP.24_36"] == "court_practice"
    assert {force for rule_id, force in forces.items() if rule_id.startswith("HOUSE.")} == {"house_policy"}


def test_it_leaves_informal_guidance_and_unclear_rules_off() -> None:
    assert {rule.id for rule in RULES if not rule.default_enabled} == {"CN.CAP.CFC20", "CN.GBT45251.INTERVAL"}


@pytest.mark.parametrize(
    ("lender", "day", "lpr", "expected"),
    [
        ("consumer_finance_company", "2026-11-24", None, Cap(240_000, ("CN.CAP.BANKPARTNER",))),
        ("consumer_finance_company", "2025-09-30", None, None),
        ("microlender", "2027-12-31", None, Cap(240_000, ("CN.CAP.MICRO",))),
        ("microlender", "2028-01-01", 30_000, Cap(120_000, ("CN.CAP.MICRO",))),
        ("private_lender", "2026-11-24", 30_000, Cap(120_000, ("CN.CAP.PRIVATE",))),
    ],
)
def test_it_caps_the_price_by_lender_and_day(lender: str, day: str, lpr: int | None, expected: Cap | None) -> None:
    book = replace(POLICY.rules, lender=(lender,))
    assert price_cap(book.on(date.fromisoformat(day)), lpr_1y_ppm=lpr) == expected


def test_it_caps_one_persons_line_by_the_house_where_no_rule_was_seen() -> None:
    assert line_cap(POLICY.rules.on(date(2026, 11, 24)), currency="CNY") == Cap(20_000_000, ("HOUSE.LINE",))


def test_it_holds_every_rule_that_the_code_cites(project: Path) -> None:
    known = {rule.id for rule in RULES}
    named = re.compile(r"\b(?:CN|HOUSE)(?:\.[A-Z0-9_]+)+")
    for path in (project / "src").rglob("*"):
        if path.suffix in (".py", ".cedar", ".toml"):
            assert set(named.findall(path.read_text(encoding="utf-8"))) <= known, path


def test_it_prints_the_committed_page_of_rules(project: Path) -> None:
    committed = (project / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    assert committed == page(POLICY), "run: python -m shouxin.policy.rules_page > docs/reference/rules.md"


def test_it_speaks_both_languages_in_their_own_script() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    for rule in RULES:
        assert han.search(rule.title["zh"])
        assert han.search(rule.sentence["zh"])
        assert not han.search(rule.title["en"] + rule.sentence["en"])
