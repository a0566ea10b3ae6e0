"""Packs of rules and the house policy, read into a book of rules."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from shouxin.core.outreach import may_contact
from shouxin.core.privacy import retention, rights
from shouxin.core.rules import days, limits
from shouxin.core.rules.pack import Pack, RuleBook
from shouxin.core.rules.params import Expects, fault
from shouxin.core.rules.rule import (
    ACTIONS,
    CONFIDENCES,
    FORCES,
    LENDER_KINDS,
    STATUSES,
    TOPICS,
    Rule,
)
from shouxin.policy.table import PolicyError, Table, read_toml

NOTICE_CONTENT = "notice_content"
NECESSARY_FIELDS = "necessary_fields"
NOTICE_ITEMS = (
    "controller",
    "contact",
    "purpose",
    "method",
    "categories",
    "retention",
    "rights",
    "necessity",
    "impact",
    "recipient",
    "recipient_contact",
)
CHECKS: dict[str, dict[str, Expects]] = {
    **may_contact.PARAMS,
    **limits.CHECKS,
    **days.CHECKS,
    **retention.CHECKS,
    **rights.CHECKS,
    NOTICE_CONTENT: {
        "items": Expects("words", NOTICE_ITEMS),
        "when": Expects("word", ("always", "sensitive", "recipient")),
    },
    NECESSARY_FIELDS: {"fields": Expects("words")},
}
"""Every piece of code that reads a rule, with the parameters that it reads."""
_ID = re.compile(r"[A-Z][A-Z0-9]*(\.[A-Z0-9_]+)+")
HOUSE = "HOUSE."
HOUSE_FILE = "house.toml"


@dataclass(frozen=True, slots=True)
class House:
    """The lender's own settings: its kinds, zone and currency, and the rules it switched on.

    `name`, `address` and `contact` (one text for each language) are what notices, receipts and messages say; `phone` is
    where people reach the lender.
    """

    name: dict[str, str]
    address: dict[str, str]
    contact: dict[str, str]
    phone: str
    lender: tuple[str, ...]
    zone: str
    currency: str
    enabled: tuple[str, ...]


def read_rulebook(folder: Path) -> tuple[RuleBook, House]:
    """All packs below `packs/`, and the house policy after them. Raises `PolicyError`."""
    packs = tuple(_pack(folder, path) for path in sorted((folder / "packs").glob("*/pack.toml")))
    house, house_pack = _house(folder)
    book = RuleBook((*packs, house_pack), house.lender, frozenset(house.enabled))
    known = {rule.id for rule in book}
    for rule_id in house.enabled:
        if rule_id not in known:
            raise PolicyError(HOUSE_FILE, f"enabled: no rule {rule_id} in any pack")
    return book, house


def _pack(folder: Path, path: Path) -> Pack:
    below = path.parent.relative_to(folder)
    head = Table(f"{below}/pack.toml", "pack", read_toml(folder, f"{below}/pack.toml"))
    name, version = head.text("name"), head.text("version")
    head.close()
    rules: list[Rule] = []
    for file in sorted((folder / below).glob("*.toml")):
        if file.name != "pack.toml":
            rules += read_rules(folder, f"{below}/{file.name}")
    _apart(str(below), rules)
    return Pack(name, version, tuple(rules))


def _house(folder: Path) -> tuple[House, Pack]:
    document = Table(HOUSE_FILE, "house", read_toml(folder, HOUSE_FILE))
    house = House(
        name=dict(document.texts("name")),
        address=dict(document.texts("address")),
        contact=dict(document.texts("contact")),
        phone=document.text("phone"),
        lender=document.words("lender", LENDER_KINDS),
        zone=document.text("zone"),
        currency=document.text("currency"),
        enabled=document.words("enabled"),
    )
    version = document.text("version")
    rules = _rules(folder, HOUSE_FILE, document.raw("rule"))
    document.close()
    _apart(HOUSE_FILE, rules)
    return house, Pack("house", version, tuple(rules))


def read_rules(folder: Path, file: str) -> list[Rule]:
    """The `[[rule]]` tables of one file."""
    document = Table(file, "file", read_toml(folder, file))
    rules = _rules(folder, file, document.raw("rule"))
    document.close()
    return rules


def _rules(folder: Path, file: str, entries: object) -> list[Rule]:
    if not isinstance(entries, list) or not entries:
        raise PolicyError(file, "rule must be a list of [[rule]] tables")
    heads = [
        number
        for number, line in enumerate((folder / file).read_text("utf-8").splitlines(), start=1)
        if line.strip() == "[[rule]]"
    ]
    return [_rule(file, entry, line) for entry, line in zip(entries, heads, strict=True)]


def _rule(file: str, entry: object, line: int) -> Rule:
    table = Table(file, "rule", entry, line=line)
    rule_id = table.text("id")
    table.where = rule_id
    if not _ID.fullmatch(rule_id):
        raise table.fail("an id is words of capitals and digits, with dots between")
    rule = Rule(
        id=rule_id,
        title=table.texts("title"),
        sentence=table.texts("sentence"),
        citation=table.texts("citation"),
        force=table.text("force", FORCES),
        topic=table.text("topic", TOPICS),
        applies_to=table.words("applies_to", ("all", *LENDER_KINDS)),
        action=table.text("action", ACTIONS),
        status=table.text("status", STATUSES),
        confidence=table.text("confidence", CONFIDENCES),
        needs_legal_check=table.flag("needs_legal_check"),
        default_enabled=table.flag("default_enabled"),
        informative=table.flag("informative"),
        effective_from=table.day("effective_from"),
        effective_to=table.day("effective_to"),
        check=table.text("check", tuple(CHECKS)) if table.has("check") else "",
        params=table.params("params") if table.has("params") else {},
        unseen=table.texts("unseen") if table.has("unseen") else {},
    )
    table.close()
    _coherent(rule, table)
    return rule


def _coherent(rule: Rule, table: Table) -> None:
    """What one rule must say of itself to be used and believed."""
    if (rule.force == "house_policy") != rule.id.startswith(HOUSE):
        raise table.fail("ids of the house policy, and only these, begin with HOUSE.")
    if rule.effective_to and rule.effective_from and rule.effective_to < rule.effective_from:
        raise table.fail("effective_to is before effective_from")
    if rule.needs_legal_check and not rule.unseen:
        raise table.fail("needs_legal_check, but unseen doesn't say what was not seen")
    if rule.check and rule.informative:
        raise table.fail("a rule with a check is not informative")
    wrong = fault(CHECKS[rule.check], rule.params) if rule.check else ""
    if wrong:
        raise table.fail(wrong)


def _apart(file: str, rules: Iterable[Rule]) -> None:
    """Two wordings of one id never hold on the same day."""
    by_id: dict[str, list[Rule]] = {}
    for rule in rules:
        by_id.setdefault(rule.id, []).append(rule)
    for rule_id, wordings in by_id.items():
        wordings.sort(key=lambda rule: rule.effective_from or date.min)
        for earlier, later in pairwise(wordings):
            begins = later.effective_from or date.min
            if earlier.effective_to is None or begins <= earlier.effective_to:
                raise PolicyError(file, f"{rule_id}: its wordings overlap in time")
