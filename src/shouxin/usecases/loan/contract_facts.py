"""What the words of a contract are filled in with, and which of its lines stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from shouxin.core.loan.agreed import CIVIL_CODE_561, Advance, Part, Penalty
from shouxin.core.loan.cost import CostSheet, cost_sheet
from shouxin.core.loan.terms import Terms
from shouxin.core.money import format_percent
from shouxin.core.outreach import windows
from shouxin.core.privacy.party import PAYING_BANK
from shouxin.core.rules.days import Days, cooling_off
from shouxin.core.rules.rule import Rule
from shouxin.outbound.render import day, money
from shouxin.policy.load import Policy
from shouxin.policy.say import say

_CALL, _CONNECTED, _PAUSE, _COMPLAINT = "call", "connected_calls", "pause", "CN.COMPLAINT"
_INTEREST = "interest"
_BASES = {
    (Part.PRINCIPAL,): "penalty_principal",
    (Part.INTEREST,): "penalty_interest",
    (Part.INTEREST, Part.PRINCIPAL): "penalty_both",
}
_PLACES = 2
"""Decimals of a percentage on a contract."""


@dataclass(frozen=True)
class Facts:
    """`names` fill in the lines whose condition is among `conditions` or that have none."""

    lang: str
    signed_on: date
    names: Mapping[str, str]
    conditions: frozenset[str]
    cooling_off: Days | None


def facts_of(policy: Policy, agreed: Terms, *, contract: str, terms_hash: str, signed_on: date, lang: str) -> Facts:
    """Everything at once. Rules that aren't in force on `signed_on`, or give no number, make no line."""
    rules, days = policy.rules.on(signed_on), cooling_off(policy.rules.on(signed_on))
    whose = {"contract": contract, "terms_hash": terms_hash, "signed_on": day(signed_on, lang)}
    names = whose | _house(policy, lang) | dict(_figures(policy, agreed, lang)) | _by_rules(rules)
    if days:
        names |= {"cooling_days": str(days.count), "cooling_until": day(days.until(signed_on), lang)}
    return Facts(lang, signed_on, names, frozenset(_conditions(agreed, rules, days)), days)


def _house(policy: Policy, lang: str) -> dict[str, str]:
    return {
        "lender": policy.house.name[lang],
        "lender_contact": policy.house.contact[lang],
        "lender_phone": policy.house.phone,
        "paying_bank": say(policy, lang, f"party_name.{PAYING_BANK}"),
        "version": policy.contract.version,
    }


def _figures(policy: Policy, agreed: Terms, lang: str) -> Iterator[tuple[str, str]]:
    sheet = cost_sheet(agreed)
    amounts = {
        "borrow": sheet.borrow,
        "repay": sheet.repay,
        "cost": sheet.cost,
        "level": sheet.level,
        "last": sheet.last,
    }
    yield from ((name, money(minor, agreed.currency)) for name, minor in amounts.items())
    days = {"begins_on": agreed.disbursed_on, "first_due": sheet.first_due, "last_due": sheet.last_due}
    yield from ((name, day(when, lang)) for name, when in days.items())
    yield "annual", format_percent(agreed.annual, places=_PLACES) + "%"
    yield "all_in", f"{sheet.percent}%"
    yield "compound", f"{sheet.compound_percent}%"
    yield "count", str(sheet.instalments)
    yield "fees", _fees(policy, sheet, lang)
    if agreed.penalty:
        yield "late", f"{sheet.late_percent}%"
        yield "free_days", str(agreed.penalty.after_days)


def _fees(policy: Policy, sheet: CostSheet, lang: str) -> str:
    joint = say(policy, lang, "entry_who.joint")
    said = (
        f"{say(policy, lang, f'cost.{item.code}')} {money(item.amount, sheet.currency)}"
        for item in sheet.items
        if item.code != _INTEREST
    )
    return joint.join(one[0].lower() + one[1:] for one in said)


def _by_rules(rules: tuple[Rule, ...]) -> dict[str, str]:
    """What rules give a number for."""
    names: dict[str, str] = {}
    span = windows.hours(rules, _CALL)
    if span:
        names |= {"from": f"{span[0]:%H:%M}", "to": f"{span[1]:%H:%M}"}
    calls = [rule.whole("max") for rule in rules if rule.check == _CONNECTED]
    if calls:
        names["calls"] = str(min(calls))
    for rule in rules:
        if rule.id == _COMPLAINT:
            names |= {
                "complaint_days": str(rule.whole("days")),
                "complaint_complex": str(rule.whole("complex_days")),
                "complaint_most": str(rule.whole("max_days")),
            }
    return names


def _conditions(agreed: Terms, rules: tuple[Rule, ...], days: Days | None) -> Iterator[str]:
    usual = agreed.allocation == CIVIL_CODE_561 and not agreed.by_component
    charged = any(item.amount for item in cost_sheet(agreed).items if item.code != _INTEREST)
    yield "usual_order" if usual else "other_order"
    yield "fees" if charged else "no_fees"
    yield "ahead_next" if agreed.advance is Advance.NEXT else "ahead_last"
    yield from _late(agreed.penalty)
    given = _by_rules(rules)
    yield from (name for name, needed in _NEEDS.items() if needed in given)
    if any(rule.check == _PAUSE for rule in rules):
        yield "pause"
    yield "cooling_off" if days else "no_cooling_off"


_NEEDS = {"hours": "from", "calls": "calls", "complaint": "complaint_days"}


def _late(penalty: Penalty | None) -> Iterator[str]:
    if penalty is None:
        yield "no_penalty"
        return
    yield _BASES[penalty.base]
    if penalty.after_days:
        yield "penalty_free_days"
