"""The story as data: `story.toml`, read strictly into frozen steps."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from shouxin.core.calendar import add_months

FILE = Path(__file__).with_name("story.toml")
MONTHS, DAYS_AFTER = 5, 12
"""The story's loan begins so long before the present that its last acts lie a few days back."""
_LAST_SAFE_DAY = 28

Words = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One act of the story and what must come of it, so that an act that was not done is seen.

    `on` is a moment (`due3+4 22:30`), `verb` a use case, `fields` its request with references. `refused` is the reason
    that is expected, empty when it is to be done. `entries`: the kinds that each chain gains, in order. `book`: the
    tables that change. `letters`: how many arrive. `says`: what the result holds, path by path. All else stays.
    A step with `each` is done once for each of these, and left out when there is none. `log_grows`: by entries in
    chains that the story doesn't watch, or by a fresh checkpoint. `denied`: the use case answers, and the answer is no.
    """

    name: str
    chapter: str
    on: str
    verb: str
    fields: Mapping[str, Any] | str = field(default_factory=dict)
    each: tuple[Any, ...] | str = ()
    refused: str = ""
    entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    book: frozenset[str] = frozenset()
    letters: int = 0
    log_grows: bool = False
    denied: bool = False
    says: Mapping[str, Any] = field(default_factory=dict)
    did: Words = field(default_factory=dict)
    outcome: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """Chapters (name → title), words of its frame, names for days and for chains, and the steps in order."""

    chapters: Mapping[str, Words]
    words: Mapping[str, Words]
    days: Mapping[str, str]
    chains: Mapping[str, str]
    steps: tuple[Step, ...]


@cache
def read() -> Story:
    """The story that is shipped. A mistake in it is a bug."""
    document = tomllib.loads(FILE.read_text("utf-8"))
    steps = tuple(_step(one) for one in document.pop("step"))
    assert len({step.name for step in steps}) == len(steps), "a step's name stands once"
    assert {step.chapter for step in steps} <= document["chapters"].keys()
    return Story(**document, steps=steps)


def _step(table: dict[str, Any]) -> Step:
    entries = {chain: tuple(kinds.split()) for chain, kinds in table.pop("entries", {}).items()}
    book = frozenset(table.pop("book", "").split())
    each = table.pop("each", ())
    name = table.pop("name", table["verb"])
    return Step(**table, name=name, entries=entries, book=book, each=each if isinstance(each, str) else tuple(each))


def first_day(today: date) -> date:
    """The day on which the loan is paid out: its day of the month exists in every month."""
    end = today - timedelta(days=DAYS_AFTER)
    return add_months(end.replace(day=min(end.day, _LAST_SAFE_DAY)), -MONTHS)
