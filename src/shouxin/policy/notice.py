"""What a person is told before something is done: notices, versioned, in both languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shouxin.core.privacy.party import KINDS
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.core.rules.rule import LANGUAGES, Rule
from shouxin.policy.rulebook import NOTICE_CONTENT, NOTICE_ITEMS
from shouxin.policy.table import PolicyError, Table, read_toml


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `text` holds, for each language, `title` and the items that the law asks for
    (CN.PIPL.17, CN.PIPL.22_23, CN.PIPL.28_30); `{lender}` and `{lender_contact}` stand for the
    house's own. `recipients` are kinds of parties to whom data go.
    """

    key: str
    version: str
    purposes: tuple[str, ...]
    fields: tuple[str, ...]
    recipients: tuple[str, ...]
    rules: tuple[str, ...]
    text: Mapping[str, Mapping[str, str]]


def read_notices(folder: Path) -> Mapping[str, Notice]:
    """All files of `notices/`, by their names. Raises `PolicyError`."""
    found = sorted((folder / "notices").glob("*.toml"))
    return {path.stem: _notice(folder, path.stem) for path in found}


def _notice(folder: Path, key: str) -> Notice:
    file = f"notices/{key}.toml"
    table = Table(file, key, read_toml(folder, file))
    notice = Notice(
        key=key,
        version=table.text("version"),
        purposes=table.words("purposes", tuple(PURPOSES)),
        fields=table.words("fields"),
        recipients=table.words("recipients", KINDS),
        rules=table.words("rules"),
        text={language: _text(table.sub(language)) for language in LANGUAGES},
    )
    table.close()
    return notice


def _text(table: Table) -> Mapping[str, str]:
    text = {key: table.text(key) for key in ("title", *NOTICE_ITEMS) if table.has(key)}
    table.close()
    return text


def require_content(notices: Iterable[Notice], *, rules: Iterable[Rule], sensitive: frozenset[str]) -> None:
    """Each notice says what the rules in the book ask of it; `sensitive` are keys of fields."""
    asking = [rule for rule in rules if rule.check == NOTICE_CONTENT]
    for notice in notices:
        for rule in asking:
            if _concerns(rule, notice, sensitive):
                _has_items(notice, rule)


def _concerns(rule: Rule, notice: Notice, sensitive: frozenset[str]) -> bool:
    return {
        "always": True,
        "sensitive": bool(sensitive & set(notice.fields)),
        "recipient": bool(notice.recipients),
    }[rule.text("when")]


def _has_items(notice: Notice, rule: Rule) -> None:
    for language, text in notice.text.items():
        for item in ("title", *rule.words("items")):
            if item not in text:
                message = f"{language} says no {item} ({rule.id})"
                raise PolicyError(f"notices/{notice.key}.toml", message)
