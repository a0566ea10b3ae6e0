"""A person's history sorted by the four verbs: what is held, was used, left the house, was refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, cast

from shouxin.core.merkle.statement import Held
from shouxin.core.privacy.field import Catalogue, Field
from shouxin.core.privacy.party import PLATFORM, only_delivers
from shouxin.vault.history import Entry, History

LEFT_KINDS = ("disclosed", "exported")
ASKED = "contact_person"
"""The channel of a contact that went to the contact person instead of the borrower."""
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Use:
    """One entry `used`, `disclosed` or `exported`; `recipient` only where something left.

    `at` is in the lender's zone; `basis` as the entry cites it, such as `contract 7`; `actor` is the pseudonym that
    stands in this history.
    """

    entry: int
    at: datetime
    actor: str
    purpose: str
    fields: tuple[str, ...]
    basis: str
    recipient: str | None = None

    @property
    def carried(self) -> bool:
        """Did it go only so that something is delivered by it?"""
        return only_delivers(self.recipient or "")


@dataclass(frozen=True)
class Recipient:
    """A party that something went to: how often, which fields, from the first time (`since`) to the last, and which of
    them it still has (until it says that it gave them back or deleted them). `delivers`: it got them only so that
    something is delivered by them. `until` is when the contract of the last time ends, None when it has no end.
    """

    party: str
    delivers: bool
    times: int
    fields: tuple[str, ...]
    since: datetime
    last: datetime
    still: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True)
class Stopped:
    """One refusal, with the reason of the closed list and the rules that asked for it; `at` is when it was given."""

    entry: int
    at: datetime
    actor: str
    reason: str
    rules: tuple[str, ...]
    purpose: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contact:
    """One try to reach the person, by `channel` and with its `outcome`; or, channel `ASKED`, that the contact
    person was asked (what that person answered stands in no history but their own). `broken` are the rules against
    which it was done all the same.
    """

    entry: int
    at: datetime
    channel: str
    actor: str | None = None
    outcome: str | None = None
    rules: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """What a history tells, in its own order; `namings` counts the contact persons whom a borrower named, `recipients`
    sums up what left.
    """

    held: tuple[Held, ...]
    uses: tuple[Use, ...]
    left: tuple[Use, ...]
    refused: tuple[Stopped, ...]
    contacted: tuple[Contact, ...]
    namings: int
    recipients: tuple[Recipient, ...]


def moment(ms: int, zone: tzinfo) -> datetime:
    """A time of an entry on the lender's clock."""
    return (_START + timedelta(milliseconds=ms)).astimezone(zone)


def tell(history: History, *, catalogue: Catalogue, zone: tzinfo) -> Told:
    """Sort the entries, all from this one chain; only how long a field is kept here comes from the catalogue.

    `held` is the one answer to who holds what, since when, until when and on which basis: the answer prints it, the
    pages show it, and the lender signs it into the bundle.
    """
    by_kind: dict[str, list[Entry]] = {}
    for entry in history.entries:
        by_kind.setdefault(str(entry.record["kind"]), []).append(entry)
    left = sorted((entry for kind in LEFT_KINDS for entry in by_kind.get(kind, ())), key=lambda entry: entry.j)
    contacts = sorted((*by_kind.get("attempted", ()), *by_kind.get("contact_asked", ())), key=lambda entry: entry.j)
    elsewhere = _held_elsewhere(history, zone)
    return Told(
        held=(*_held_here(history, catalogue, zone), *elsewhere),
        uses=tuple(_use(entry, zone) for entry in by_kind.get("used", ())),
        left=tuple(_use(entry, zone) for entry in left),
        refused=tuple(_stopped(entry, zone) for entry in by_kind.get("refused", ())),
        contacted=tuple(_contact(entry, zone) for entry in contacts),
        namings=len(history.facts.namings) if history.kind == "borrower" else 0,
        recipients=_recipients(left, elsewhere, zone),
    )


def _recipients(left: list[Entry], elsewhere: list[Held], zone: tzinfo) -> tuple[Recipient, ...]:
    """Who does something with it before those who only deliver by it, each in order of their first time."""
    by_party: dict[str, list[Entry]] = {}
    for entry in left:
        by_party.setdefault(str(entry.record["recipient"]), []).append(entry)
    found = [_recipient(party, entries, elsewhere, zone) for party, entries in by_party.items()]
    return tuple(sorted(found, key=lambda one: one.delivers))


def _recipient(party: str, entries: list[Entry], elsewhere: list[Held], zone: tzinfo) -> Recipient:
    until = _until(entries[-1])
    return Recipient(
        party=party,
        delivers=only_delivers(party),
        times=len(entries),
        fields=tuple(dict.fromkeys(name for entry in entries for name in _words(entry.record["fields"]))),
        since=moment(entries[0].time, zone),
        last=moment(entries[-1].time, zone),
        still=tuple(one.field for one in elsewhere if one.party == party),
        until=moment(until, zone) if until else None,
    )


def _until(entry: Entry) -> int:
    """When the receiver's contract ends by what was written then; 0 when it has no end."""
    return int(str(entry.record.get("until", 0)))


def _words(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in cast("Iterable[object]", value or ()))


def _use(entry: Entry, zone: tzinfo) -> Use:
    record = entry.record
    return Use(
        entry=entry.j,
        at=moment(entry.time, zone),
        actor=str(record["actor"]),
        purpose=str(record["purpose"]),
        fields=_words(record["fields"]),
        basis=" ".join(_words(record["basis"])),
        recipient=str(record["recipient"]) if "recipient" in record else None,
    )


def _stopped(entry: Entry, zone: tzinfo) -> Stopped:
    record = entry.record
    return Stopped(
        entry=entry.j,
        at=moment(int(str(record.get("asked", entry.time))), zone),
        actor=str(record["actor"]),
        reason=str(record["reason"]),
        rules=_words(record["rules"]),
        purpose=str(record["purpose"]) if "purpose" in record else None,
        fields=_words(record.get("fields")),
    )


def _contact(entry: Entry, zone: tzinfo) -> Contact:
    record = entry.record
    if record["kind"] == "contact_asked":
        return Contact(entry.j, moment(entry.time, zone), ASKED)
    return Contact(
        entry=entry.j,
        at=moment(entry.time, zone),
        channel=str(record["channel"]),
        actor=str(record["actor"]),
        outcome=str(record["outcome"]),
        rules=_words(record["rules"]),
        broken=_words(record.get("broken")),
    )


def _held_here(history: History, catalogue: Catalogue, zone: tzinfo) -> list[Held]:
    """Each field that is sealed here: since its first storing, until what the catalogue says of it; what a duty keeps
    (`2036-11-25 by CN.AML.34`), until the last day of that, and what its owner restricted, on their own request.
    """
    since: dict[str, int] = {}
    for entry in history.entries:
        if entry.record["kind"] in ("stored", "corrected"):
            for name in _words(entry.record["fields"]):
                since.setdefault(name, entry.time)
        elif entry.record["kind"] == "deleted" and "naming" not in entry.record:  # another naming may hold it still
            for name in _words(entry.record["fields"]):
                since.pop(name, None)
    facts = history.facts
    known = [(name, catalogue.get(history.kind, name), ms) for name, ms in since.items() if name in facts.held]
    return [_held_field(history, field, ms, zone) for name, field, ms in known if field is not None]


def _held_field(history: History, field: Field, since: int, zone: tzinfo) -> Held:
    rule, until = history.facts.restricted.get(field.name, ""), history.facts.until.get(field.name, 0)
    if until:
        last = moment(until - 1, zone).date().isoformat()
        return Held(field.name, PLATFORM, since, f"{last} by {rule}", f"duty {rule}")
    basis = "own_request" if rule else _held_on(history)
    return Held(field.name, PLATFORM, since, field.retention, basis)


def _held_on(history: History) -> str:
    """A live contract, else the notice under which the person gave the data."""
    if history.facts.contracts:
        return f"contract {max(history.facts.contracts)}"
    notices = [entry.j for entry in history.entries if entry.record["kind"] == "notice_shown"]
    return f"notice {notices[0]}" if notices else ""


def _held_elsewhere(history: History, zone: tzinfo) -> list[Held]:
    """What a party was given and has not given back, since the first time, until the end of the contract under which
    it went the last time; what it did with it, no entry can show.
    """
    given: dict[tuple[str, str], Held] = {}
    for entry in history.entries:
        kind, party = entry.record["kind"], str(entry.record.get("recipient", ""))
        for name in _words(entry.record.get("fields")):
            if kind in LEFT_KINDS:
                until = moment(_until(entry), zone).isoformat() if _until(entry) else ""
                new = Held(name, party, entry.time, until, " ".join(_words(entry.record["basis"])))
                given[name, party] = replace(given.get((name, party), new), until=until)
            elif kind == "returned":
                given.pop((name, party), None)
    return list(given.values())
