"""The notices as a person gets them before something is done, with their versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shouxin.core.rules.rule import Rule
from shouxin.policy.notice import Notice
from shouxin.policy.rulebook import NOTICE_ITEMS
from shouxin.usecases.credit.asking import told
from shouxin.usecases.lender import Lender


@dataclass(frozen=True)
class PublishedNotice:
    """One notice; `items` are, for each language, its parts in the order of the law (name of the part, text)."""

    key: str
    version: str
    title: Mapping[str, str]
    items: Mapping[str, tuple[tuple[str, str], ...]]
    purposes: tuple[str, ...]
    fields: tuple[str, ...]
    recipients: tuple[str, ...]
    rules: tuple[Rule, ...]


def published_notices(lender: Lender) -> tuple[PublishedNotice, ...]:
    """Every notice of the policy in force."""
    return tuple(_published(lender, notice) for notice in lender.policy.notices.values())


def published_notice(lender: Lender, key: str) -> PublishedNotice | None:
    """The notice of this name; None when there is none."""
    notice = lender.policy.notices.get(key)
    return _published(lender, notice) if notice else None


def _published(lender: Lender, notice: Notice) -> PublishedNotice:
    text = told(lender.policy, notice)
    items = {lang: tuple((item, of[item]) for item in NOTICE_ITEMS if item in of) for lang, of in text.items()}
    rules = [lender.policy.rules.get(name, lender.today()) for name in notice.rules]
    return PublishedNotice(
        key=notice.key,
        version=notice.version,
        title={lang: of["title"] for lang, of in text.items()},
        items=items,
        purposes=notice.purposes,
        fields=notice.fields,
        recipients=notice.recipients,
        rules=tuple(rule for rule in rules if rule),
    )
