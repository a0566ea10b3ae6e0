"""Reads a whole policy and sees to it that its parts agree."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shouxin.core.outreach.next_step import Line
from shouxin.core.privacy import gate
from shouxin.core.privacy.field import Catalogue
from shouxin.core.privacy.party import Terms
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.core.privacy.rights import RIGHTS
from shouxin.core.rules.pack import Pack, RuleBook
from shouxin.core.rules.retention import parse_retention
from shouxin.policy import data_files
from shouxin.policy.cedar_files import Cedar, read_cedar
from shouxin.policy.contract import FILE as CONTRACT_FILE
from shouxin.policy.contract import Contract, read_contract
from shouxin.policy.fields import FILE as CATALOGUE_FILE
from shouxin.policy.fields import Nature, read_catalogue
from shouxin.policy.notice import Notice, read_notices, require_content
from shouxin.policy.partners import read_partners
from shouxin.policy.product import Product, read_products
from shouxin.policy.rulebook import NECESSARY_FIELDS, House, read_rulebook
from shouxin.policy.sentences import Message, read_messages, read_sentences
from shouxin.policy.steps import read_steps
from shouxin.policy.table import PolicyError, read_toml
from shouxin.policy.witnesses import Watch, read_witnesses

__all__ = ["Policy", "PolicyError", "load"]


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that a lender decides by files. `hash` (SHA-256, hex) names this very wording:
    each use of a person's data cites it.
    """

    hash: str
    catalogue: Catalogue
    natures: Mapping[str, Nature]
    cedar: Cedar
    rules: RuleBook
    house: House
    products: Mapping[str, Product]
    notices: Mapping[str, Notice]
    contract: Contract
    messages: Mapping[str, Mapping[str, Message]]
    sentences: Mapping[str, Mapping[str, str]]
    grid: Mapping[str, object]
    steps: tuple[Line, ...]
    partners: Mapping[str, Terms]
    watch: Watch

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs of rules, the house policy last."""
        return self.rules.packs


def load(folder: Path) -> Policy:
    """Read the policy in `folder`. Raises `PolicyError`, which names file and rule, field or key."""
    rules, house = read_rulebook(folder)
    catalogue, natures = read_catalogue(folder)
    policy = Policy(
        hash=_hash(folder),
        catalogue=catalogue,
        natures=natures,
        cedar=read_cedar(folder),
        rules=rules,
        house=house,
        products=read_products(folder),
        notices=read_notices(folder),
        contract=read_contract(folder),
        messages=read_messages(folder),
        sentences=read_sentences(folder),
        grid=read_toml(folder, "grid.toml"),
        steps=read_steps(folder),
        partners=read_partners(folder, catalogue),
        watch=read_witnesses(folder),
    )
    _agree(policy)
    return policy


def _hash(folder: Path) -> str:
    """Over the names and bytes of all policy files, each with its length, in order."""
    total = hashlib.sha256()
    for path in data_files(folder):
        for part in (path.as_posix().encode(), (folder / path).read_bytes()):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def _agree(policy: Policy) -> None:
    known = {rule.id for rule in policy.rules}
    for file, where, rule_id in _cited(policy):
        if rule_id not in known:
            raise PolicyError(file, f"{where} cites {rule_id}, which stands in no pack")
    sensitive = frozenset(key for key, nature in policy.natures.items() if nature.category)
    require_content(policy.notices.values(), rules=policy.rules, sensitive=sensitive)
    _fields_exist(policy)
    _only_necessary(policy)


def _cited(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """Each citation as file, place and rule id: of fields, notices, purposes, rights, the gate and the contract."""
    for field in policy.catalogue:
        kept_by = parse_retention(field.retention).rule
        for rule_id in (*field.rules, *filter(None, [kept_by])):
            yield CATALOGUE_FILE, field.key, rule_id
    for notice in policy.notices.values():
        yield from _each(f"notices/{notice.key}.toml", notice.key, notice.rules)
    for purpose in PURPOSES.values():
        yield from _each("packs", f"purpose {purpose.name}", purpose.duties)
    for right in RIGHTS.values():
        yield from _each("packs", f"right {right.name}", right.rules)
    for reason, rules in gate.RULES.items():
        yield from _each("packs", f"refusal {reason}", rules)
    for section in policy.contract.sections:
        yield from _each(CONTRACT_FILE, section.title["en"], section.rules)


def _each(file: str, where: str, rules: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    return ((file, where, rule_id) for rule_id in rules)


def _fields_exist(policy: Policy) -> None:
    keys = {field.key for field in policy.catalogue}
    for notice in policy.notices.values():
        for key in notice.fields:
            if key not in keys:
                raise PolicyError(f"notices/{notice.key}.toml", f"there is no field {key}")


def _only_necessary(policy: Policy) -> None:
    """A field may be demanded only where every rule on necessary fields lists it."""
    rules = [rule for rule in policy.rules if rule.check == NECESSARY_FIELDS]
    for key, nature in policy.natures.items():
        for rule in rules:
            if nature.required and key not in rule.words("fields"):
                raise PolicyError(CATALOGUE_FILE, f"{key}: may not be required ({rule.id})")
