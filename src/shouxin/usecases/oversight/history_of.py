"""A person's history as a page shows it: each entry in a sentence, by day, newest first; what left by itself.

Asking for one's own history writes no entry.  Identical uses of one day are one line with their number; what left is
never folded and stands in `left` whatever else is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal, cast

from shouxin.core.merkle.statement import Held
from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.party import PLATFORM, only_delivers
from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.oversight.entry_words import Piece, Words, verb_of
from shouxin.usecases.oversight.gather import Gathered, gather
from shouxin.usecases.oversight.told import LEFT_KINDS, Told, moment
from shouxin.vault.history import Entry

SHOWN_AT_FIRST = 20
WEEKS = 26


class HistoryOf(Request):
    """Whose; in which language; only one verb; `everything` instead of the newest lines."""

    subject: Text
    lang: Literal["zh", "en"] = "en"
    verb: Literal["", "used", "left", "refused", "held"] = ""
    everything: bool = False


@dataclass(frozen=True)
class Cited:
    """A rule that an entry names; `citation` is a house policy's own title. "" when it stands in no book any more."""

    id: str
    citation: str
    force: str


@dataclass(frozen=True)
class Line:
    """One line: its entries (more than one when identical uses are folded), and what they say.

    `at` is of the newest, in the lender's zone; `verb` is one of the four or ""; `content` spells what the records
    hold, for a device that compares this line with the bundle it has verified. `broken` are rules against which the
    person was contacted all the same; `asked` is when a refusal was given of which the history was told later.
    """

    entries: tuple[int, ...]
    at: datetime
    kind: str
    verb: str
    who: str
    said: tuple[Piece, ...]
    basis: str
    rules: tuple[Cited, ...]
    recipient: str
    content: str
    broken: tuple[Cited, ...] = ()
    asked: datetime | None = None

    @property
    def entry(self) -> int:
        """The newest of its entries."""
        return self.entries[0]

    @property
    def headline(self) -> str:
        """The sentence as a heading: in one piece, without a full stop."""
        return "".join(piece.text for piece in self.said).rstrip("。.")

    @property
    def time(self) -> str:
        """The time of day on the lender's clock."""
        return f"{self.at:%H:%M}"

    @property
    def count(self) -> int:
        """How many entries say this."""
        return len(self.entries)


@dataclass(frozen=True)
class Day:
    """The lines of one day on the lender's calendar."""

    date: date
    lines: tuple[Line, ...]
    today: bool = False


@dataclass(frozen=True)
class Counts:
    """The four verbs: fields held here, and entries used, left, refused."""

    held: int
    used: int
    left: int
    refused: int


@dataclass(frozen=True)
class WeekOf:
    """What happened in the week that begins on `monday`."""

    monday: date
    used: int
    left: int
    refused: int


@dataclass(frozen=True)
class Answered:
    """One of the six questions: the question, its answer, and the honest kind of evidence, each as policy keys."""

    n: int
    said: str
    evidence: str
    by: str


@dataclass(frozen=True)
class LeftLine:
    """What left, and whether the recipient still has any of it; `until` is when its contract ends, "" when open."""

    line: Line
    still: bool
    until: str


@dataclass(frozen=True)
class HeldLine:
    """One field and who has it: `where` is "" for the lender itself."""

    field: str
    where: str
    since: datetime
    until: str


@dataclass(frozen=True)
class HistoryTold:
    """What the page needs. `left` went to who does something with it, `carried` to who only delivers by it.
    `older` lines are left out of `days`; `entries` is the length of the whole history.
    """

    kind: str
    entries: int
    counts: Counts
    questions: tuple[Answered, ...]
    weeks: tuple[WeekOf, ...]
    held: tuple[HeldLine, ...]
    left: tuple[LeftLine, ...]
    carried: tuple[LeftLine, ...]
    days: tuple[Day, ...]
    older: int


def history_of(lender: Lender, request: HistoryOf) -> HistoryTold | Refusal:
    """A borrower's or a contact person's own; anybody else gets the refusal of what isn't there."""
    gathered = gather(lender, request.subject)
    if isinstance(gathered, Refusal):
        return gathered
    history, told = gathered.history, gathered.told
    words = words_for(lender, gathered, request.lang)
    lines = [line_of(words, entry) for entry in reversed(history.entries)]
    wanted = fold([line for line in lines if request.verb in ("", line.verb)])
    gone = [line for line in lines if line.kind in LEFT_KINDS]
    today = lender.today()
    shown = wanted if request.everything else wanted[:SHOWN_AT_FIRST]
    return HistoryTold(
        kind=history.kind,
        entries=len(history.entries),
        counts=counts(told),
        questions=tuple(
            Answered(one.n, one.said(lender.policy, request.lang), one.evidence, one.by) for one in gathered.questions
        ),
        weeks=weeks(told, until=today),
        held=tuple(_held(words, one) for one in told.held),
        left=tuple(_left(words, gathered, line) for line in gone if not _carried(gathered, line)),
        carried=tuple(_left(words, gathered, line) for line in gone if _carried(gathered, line)),
        days=tuple(
            Day(day, tuple(found), day == today) for day, found in groupby(shown, key=lambda line: line.at.date())
        ),
        older=len(wanted) - len(shown),
    )


def words_for(lender: Lender, gathered: Gathered, lang: str) -> Words:
    """Sentences in the reader's language."""
    return Words(lender.policy, lang, gathered.history.kind, lender.settings.zone)


def _carried(gathered: Gathered, line: Line) -> bool:
    """Did it go only so that something is delivered by it?"""
    return only_delivers(str(gathered.history.entries[line.entry - 1].record["recipient"]))


def _left(words: Words, gathered: Gathered, line: Line) -> LeftLine:
    record = gathered.history.entries[line.entry - 1].record
    party, fields = str(record["recipient"]), {str(one) for one in cast("Iterable[object]", record["fields"])}
    until = next((one.until for one in gathered.told.held if one.party == party), "")
    still = bool(fields & gathered.history.facts.given.get(party, frozenset()))
    return LeftLine(line, still, words.kept(until))


def _held(words: Words, held: Held) -> HeldLine:
    where = "" if held.party == PLATFORM else words.party(held.party)
    return HeldLine(words.field(held.field), where, moment(held.since, words.zone), words.kept(held.until))


def counts(told: Told) -> Counts:
    """As the answer counts; what others hold counts as left."""
    held = sum(one.party == PLATFORM for one in told.held)
    return Counts(held, len(told.uses), len(told.left), len(told.refused))


def weeks(told: Told, *, until: date) -> tuple[WeekOf, ...]:
    """The last half year, week by week, as far as anything happened in it."""
    days = {
        "used": [monday(one.at.date()) for one in told.uses],
        "left": [monday(one.at.date()) for one in told.left],
        "refused": [monday(one.at.date()) for one in told.refused],
    }
    first = min((day for found in days.values() for day in found), default=monday(until))
    begin = max(first, monday(until) - timedelta(weeks=WEEKS - 1))
    mondays = [begin + timedelta(weeks=n) for n in range((monday(until) - begin).days // 7 + 1)]
    return tuple(WeekOf(one, **{verb: found.count(one) for verb, found in days.items()}) for one in mondays)


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def line_of(words: Words, entry: Entry) -> Line:
    """One entry as a line of its own."""
    record, at = entry.record, moment(entry.time, words.zone)
    verb = verb_of(record)
    return Line(
        entries=(entry.j,),
        at=at,
        kind=str(record["kind"]),
        verb=verb,
        who=words.who(record),
        said=words.sentence(record),
        basis=words.basis(record),
        rules=cited(words, record.get("rules"), at.date()) if verb == "refused" else (),
        recipient=words.party(str(record["recipient"])) if "recipient" in record else "",
        content=content(record),
        broken=cited(words, record.get("broken"), at.date()),
        asked=_asked(record, words),
    )


def _asked(record: Record, words: Words) -> datetime | None:
    """When it was refused, if the history was told of it a minute later or more."""
    asked, told = cast(int, record.get("asked", record["time"])), cast(int, record["time"])
    return moment(asked, words.zone) if told - asked >= 60_000 else None


def cited(words: Words, rules: object, day: date) -> tuple[Cited, ...]:
    """Rules that a record names (a list of ids, or None), as they stood on that day."""
    names = [str(one) for one in cast("Iterable[object]", rules or ())]
    found = [(name, words.policy.rules.get(name, day)) for name in names]
    return tuple(Cited(name, words.citation(rule), rule.force) if rule else Cited(name, "", "") for name, rule in found)


def content(record: Record) -> str:
    """What a line is about, spelt as `data.js` spells it from the record that it has verified."""
    fields = ",".join(str(one) for one in cast("Iterable[object]", record.get("fields", ())))
    named = (str(record.get(key, "")) for key in ("kind", "actor", "recipient", "purpose", "reason"))
    return "|".join([*named, fields])


def fold(lines: Sequence[Line]) -> list[Line]:
    """Identical uses of one day become one line, where the newest of them stood; nothing else is folded."""
    found: list[Line] = []
    places: dict[tuple[object, ...], int] = {}
    for line in lines:
        same = (line.at.date(), line.content, line.basis, line.said)
        if line.kind == "used" and same in places:
            before = found[places[same]]
            found[places[same]] = _joined(before, line)
            continue
        places[same] = len(found)
        found.append(line)
    return found


def _joined(line: Line, older: Line) -> Line:
    return replace(line, entries=(*line.entries, *older.entries))
