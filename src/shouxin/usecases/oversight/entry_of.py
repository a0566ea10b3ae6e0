"""One entry of a person's own history, with all that stands in it and the three hashes around it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from shouxin.core.privacy.entry import USE_KINDS, Record
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.oversight.entry_words import Words
from shouxin.usecases.oversight.gather import gather
from shouxin.usecases.oversight.history_of import Cited, Line, cited, line_of, words_for
from shouxin.usecases.oversight.told import moment


class EntryOf(Request):
    """Which entry of whose history, in which language."""

    subject: Text
    entry: int
    lang: Literal["zh", "en"] = "en"


@dataclass(frozen=True)
class Cause:
    """An earlier entry that this one points at (`role`: basis, case, grant, evidence, …), or a rule it rests on."""

    role: str
    line: Line | None
    rule: Cited | None = None


@dataclass(frozen=True)
class Link:
    """The leaf hash of one entry in the chain; "" where there is none."""

    entry: int
    leaf_hash: str


@dataclass(frozen=True)
class EntryTold:
    """`record` is the record as it is hashed; `rules` those it was measured by; `actor` the full pseudonym."""

    line: Line
    actor: str
    fields: str
    purpose: str
    causes: tuple[Cause, ...]
    rules: tuple[Cited, ...]
    imported_at: datetime | None
    policy: str
    record: str
    chain: tuple[Link, Link, Link]


_POINTERS = ("case", "grant", "consent", "attempt", "pause", "request", "evidence")


def entry_of(lender: Lender, request: EntryOf) -> EntryTold | Refusal:
    """One's own entry; a number that isn't there is refused as somebody else's history is."""
    gathered = gather(lender, request.subject)
    if isinstance(gathered, Refusal):
        return gathered
    entries = gathered.history.entries
    if not 1 <= request.entry <= len(entries):
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "entry")
    words = words_for(lender, gathered, request.lang)
    lines = {entry.j: line_of(words, entry) for entry in entries}
    record = entries[request.entry - 1].record
    line = lines[request.entry]
    return EntryTold(
        line=line,
        actor=str(record.get("actor", "")),
        fields=words.fields(record) if "fields" in record else "",
        purpose=words.named("purpose", str(record["purpose"])) if "purpose" in record else "",
        causes=(*_basis(words, record, lines), *_pointed(record, lines)),
        rules=cited(words, record.get("rules"), line.at.date()),
        imported_at=_imported(lender, record),
        policy=str(record.get("policy", "")),
        record=json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        chain=_chain(lender, request),
    )


def _basis(words: Words, record: Record, lines: dict[int, Line]) -> Iterable[Cause]:
    if record["kind"] not in USE_KINDS:
        return
    for one in cast("list[str | int]", record["basis"])[1:]:
        if isinstance(one, int):
            yield Cause("basis", lines[one])
        else:
            day = moment(cast(int, record["time"]), words.zone).date()
            yield Cause("basis", None, cited(words, [one], day)[0])


def _pointed(record: Record, lines: dict[int, Line]) -> Iterable[Cause]:
    for role in _POINTERS:
        number = record.get(role)
        if isinstance(number, int) and number in lines:
            yield Cause(role, lines[number])


def _imported(lender: Lender, record: Record) -> datetime | None:
    return moment(cast(int, record["imported_time"]), lender.settings.zone) if "imported_time" in record else None


def _chain(lender: Lender, request: EntryOf) -> tuple[Link, Link, Link]:
    numbers = (request.entry - 1, request.entry, request.entry + 1)
    hashes = lender.vault.leaf_hashes(request.subject, numbers)
    before, this, after = (Link(n, hashes[n].hex() if n in hashes else "") for n in numbers)
    return before, this, after
