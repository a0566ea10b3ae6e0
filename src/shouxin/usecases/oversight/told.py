"""A person's history sorted by the four verbs: what is held, was used, left the house, was refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, cast

from shouxin.core.merkle.statement import Held
from shouxin.core.privacy.field import Catalogue
from shouxin.core.privacy.party import PLATFORM
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
    """What a history tells, in its own order; `namings` counts the contact persons whom a borrower named."""

    held: tuple[Held, ...]
    uses: tuple[Use, ...]
    left: tuple[Use, ...]
    refused: tuple[Stopped, ...]
    contacted: tuple[Contact, ...]
    namings: int


def moment(ms: int, zone: tzinfo) -> datetime:
    """A time of an entry on the lender's clock."""
    return (_START + timedelta(milliseconds=ms)).astimezone(zone)


def tell(history: History, *, catalogue: Catalogue, zone: tzinfo, until: Mapping[str, str]) -> Told:
    """Sort the entries. `until` says for each party that received something when its contract ends ("" if open)."""
    by_kind: dict[str, list[Entry]] = {}
    for entry in history.entries:
        by_kind.setdefault(str(entry.record["kind"]), []).append(entry)
    left = sorted((entry for kind in LEFT_KINDS for entry in by_kind.get(kind, ())), key=lambda entry: entry.j)
    contacts = sorted((*by_kind.get("attempted", ()), *by_kind.get("contact_asked", ())), key=lambda entry: entry.j)
    return Told(
        held=(*_held_here(history, catalogue), *_held_elsewhere(history, until)),
        uses=tuple(_use(entry, zone) for entry in by_kind.get("used", ())),
        left=tuple(_use(entry, zone) for entry in left),
        refused=tuple(_stopped(entry, zone) for entry in by_kind.get("refused", ())),
        contacted=tuple(_contact(entry, zone) for entry in contacts),
        namings=len(history.facts.namings) if history.kind == "borrower" else 0,
    )


def recipients(history: History) -> tuple[str, ...]:
    """The parties to whom something went, in order of their first time."""
    found = (str(entry.record["recipient"]) for entry in history.entries if entry.record["kind"] in LEFT_KINDS)
    return tuple(dict.fromkeys(found))


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


def _held_here(history: History, catalogue: Catalogue) -> list[Held]:
    """Each field that is sealed here: since its first storing, until what the catalogue says of it."""
    since: dict[str, int] = {}
    for entry in history.entries:
        if entry.record["kind"] in ("stored", "corrected"):
            for name in _words(entry.record["fields"]):
                since.setdefault(name, entry.time)
        elif entry.record["kind"] == "deleted":
            for name in _words(entry.record["fields"]):
                since.pop(name, None)
    known = [(name, catalogue.get(history.kind, name), ms) for name, ms in since.items()]
    basis = _held_on(history)
    return [Held(name, PLATFORM, ms, field.retention, basis) for name, field, ms in known if field is not None]


def _held_on(history: History) -> str:
    """A live contract, else the notice under which the person gave the data."""
    if history.facts.contracts:
        return f"contract {max(history.facts.contracts)}"
    notices = [entry.j for entry in history.entries if entry.record["kind"] == "notice_shown"]
    return f"notice {notices[0]}" if notices else ""


def _held_elsewhere(history: History, until: Mapping[str, str]) -> list[Held]:
    """What a party was given and has not given back; what it did with it, no entry can show."""
    given: dict[tuple[str, str], Held] = {}
    for entry in history.entries:
        kind, party = entry.record["kind"], str(entry.record.get("recipient", ""))
        for name in _words(entry.record.get("fields")):
            if kind in LEFT_KINDS:
                basis = " ".join(_words(entry.record["basis"]))
                given.setdefault((name, party), Held(name, party, entry.time, until.get(party, ""), basis))
            elif kind == "returned":
                given.pop((name, party), None)
    return list(given.values())
