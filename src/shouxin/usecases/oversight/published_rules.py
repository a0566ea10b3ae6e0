"""The rules that this lender works by, for anybody to search: plain words, source, force and how sure we are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from shouxin.core.rules.rule import FORCES, Rule
from shouxin.usecases.lender import Lender, Request


class SearchRules(Request):
    """Words that must all stand in a rule, in either language, its source or its id; none finds every rule."""

    q: Annotated[str, StringConstraints(max_length=200)] = ""


@dataclass(frozen=True)
class ForceGroup:
    """Rules of one force, in the order of their packs."""

    force: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class FoundRules:
    """`groups` from law down to the house's own policy; `of` is how many hold for this lender today."""

    groups: tuple[ForceGroup, ...]
    count: int
    of: int
    on: date
    policy: str


def search_rules(lender: Lender, request: SearchRules) -> FoundRules:
    """The rules in force today that hold all the words."""
    rules = lender.policy.rules.on(lender.today())
    words = _plain(request.q).split()
    found = [rule for rule in rules if all(word in _text(rule) for word in words)]
    groups = tuple(ForceGroup(force, tuple(_of(force, found))) for force in FORCES)
    return FoundRules(
        groups=tuple(group for group in groups if group.rules),
        count=len(found),
        of=len(rules),
        on=lender.today(),
        policy=lender.policy.hash,
    )


def _of(force: str, rules: list[Rule]) -> Iterator[Rule]:
    return (rule for rule in rules if rule.force == force)


def _text(rule: Rule) -> str:
    return _plain(" ".join([rule.id, rule.citation, *rule.title.values(), *rule.sentence.values()]))


def _plain(text: str) -> str:
    """Full-width and half-width, capital and small letters count as the same."""
    return unicodedata.normalize("NFKC", text).casefold()
