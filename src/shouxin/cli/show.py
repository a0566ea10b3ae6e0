"""Documents as text for people: keys and values in lines, lists of like things as tables."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

INDENT = "  "


def as_text(document: Any) -> str:
    """Readable text of a JSON document; in colour on a terminal, plain elsewhere."""
    return "\n".join(_block(document, depth=0))


def _block(value: Any, *, depth: int) -> list[str]:
    if isinstance(value, Mapping):
        return [line for key, one in value.items() for line in _entry(str(key), one, depth=depth)]
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        return [INDENT * depth + line for line in table(value)]
    if isinstance(value, list):
        return [f"{INDENT * depth}{_word(one)}" for one in value] or [f"{INDENT * depth}–"]
    return [f"{INDENT * depth}{_word(value)}"]


def _entry(key: str, value: Any, *, depth: int) -> list[str]:
    name = INDENT * depth + _strong(key.replace("_", " "))
    if isinstance(value, list) and not any(isinstance(one, Mapping | list) for one in value):
        return [f"{name}: {', '.join(map(_word, value)) or '–'}"]
    if isinstance(value, Mapping | list) and value:
        return [f"{name}:", *_block(value, depth=depth + 1)]
    return [f"{name}: {_word(value)}"]


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rows under their keys, columns aligned also where Chinese stands (two cells a character)."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[key.replace("_", " ") for key in columns]]
    cells += [[_word(row.get(key)) for key in columns] for row in rows]
    widths = [max(_width(row[at]) for row in cells) for at in range(len(columns))]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return [_strong(lines[0]), *lines[1:]]


def _word(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_word, value)) or "–"
    if isinstance(value, Mapping):
        return " ".join(f"{key}={_word(one)}" for key, one in value.items())
    return "".join(letter if letter.isprintable() else "�" for letter in str(value))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _strong(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() else text
