"""The rules that this lender works by, for anybody to look up: plain words, source, force and how sure we are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from shouxin.core.rules.rule import FORCES, TOPICS, Rule
from shouxin.usecases.lender import Lender, Request


class SearchRules(Request):
    """Words that must all stand in a rule, in either language, its source or its id, and a topic; none of either finds
    every rule.
    """

    q: Annotated[str, StringConstraints(max_length=200)] = ""
    topic: Literal["", "price", "contract", "collecting", "data", "rights", "record", "keeping", "complaint"] = ""


@dataclass(frozen=True)
class TopicGroup:
    """Rules of one topic, law first, the house's own policy last."""

    topic: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class FoundRules:
    """`groups` in the order of the topics; `index` counts all rules of each topic, found or not; `of` is how many hold
    for this lender today.
    """

    groups: tuple[TopicGroup, ...]
    index: tuple[tuple[str, int], ...]
    count: int
    of: int
    on: date
    policy: str


def search_rules(lender: Lender, request: SearchRules) -> FoundRules:
    """The rules in force today that hold all the words."""
    rules = lender.policy.rules.on(lender.today())
    words = _plain(request.q).split()
    found = [rule for rule in rules if request.topic in ("", rule.topic) and all(word in _text(rule) for word in words)]
    return FoundRules(
        groups=_grouped(found),
        index=tuple((group.topic, len(group.rules)) for group in _grouped(rules)),
        count=len(found),
        of=len(rules),
        on=lender.today(),
        policy=lender.policy.hash,
    )


def _grouped(rules: Iterable[Rule]) -> tuple[TopicGroup, ...]:
    by_force = sorted(rules, key=lambda rule: FORCES.index(rule.force))
    groups = (TopicGroup(topic, tuple(rule for rule in by_force if rule.topic == topic)) for topic in TOPICS)
    return tuple(group for group in groups if group.rules)


def _text(rule: Rule) -> str:
    return _plain(" ".join([rule.id, *rule.citation.values(), *rule.title.values(), *rule.sentence.values()]))


def _plain(text: str) -> str:
    """Full-width and half-width, capital and small letters count as the same."""
    return unicodedata.normalize("NFKC", text).casefold()
