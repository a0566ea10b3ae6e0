"""Sentences of reasons, purposes, fields, roles and the like, in both languages; and messages."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shouxin.core.rules.rule import LANGUAGES
from shouxin.policy.table import PolicyError, Table, read_toml


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a person; `{…}` are filled in when it is rendered, in memory only."""

    subject: str
    body: str


def read_sentences(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """`sentences/{zh,en}.toml` as language → dotted key → text. Raises `PolicyError`.

    Both languages hold the same keys, with the same names to fill in.
    """
    found = {language: _flat(folder, language) for language in LANGUAGES}
    zh, en = (found[language] for language in LANGUAGES)
    for key in sorted(zh.keys() ^ en.keys()):
        missing = "en" if key in zh else "zh"
        raise PolicyError(f"sentences/{missing}.toml", f"{key} is missing")
    for key, text in zh.items():
        if names_in(text) != names_in(en[key]):
            raise PolicyError("sentences/en.toml", f"{key} fills in other names than zh does")
    return found


@lru_cache(maxsize=4096)
def names_in(text: str) -> frozenset[str]:
    """The names that stand in braces. Each sentence of the policy is looked through once, however often it is said."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _flat(folder: Path, language: str) -> Mapping[str, str]:
    file = f"sentences/{language}.toml"
    flat: dict[str, str] = {}
    left: list[tuple[str, object]] = list(read_toml(folder, file).items())
    while left:
        key, value = left.pop()
        if isinstance(value, dict):
            left += [(f"{key}.{below}", item) for below, item in value.items()]
        elif isinstance(value, str) and value.strip():
            flat[key] = value
        else:
            raise PolicyError(file, f"{key} must be a text")
    return flat


def read_messages(folder: Path) -> Mapping[str, Mapping[str, Message]]:
    """`messages/*.toml` as name → language → message. Raises `PolicyError`."""
    messages = {}
    for path in sorted((folder / "messages").glob("*.toml")):
        file = f"messages/{path.name}"
        table = Table(file, path.stem, read_toml(folder, file))
        messages[path.stem] = {language: _message(table.sub(language)) for language in LANGUAGES}
        table.close()
    return messages


def _message(table: Table) -> Message:
    message = Message(table.text("subject"), table.text("body"))
    table.close()
    return message
