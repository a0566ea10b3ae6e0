"""The published list of organisations that may hold or receive a person's data, as their own chains tell it: since
when, until when, and what their contracts let them receive. It is held against what really went to them.

A party that was suspended, or whose contract ran out, stays on the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import cast

from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.party import PLATFORM, Discrepancy, Published, Terms, discrepancies, only_delivers
from shouxin.core.rules.rule import LANGUAGES
from shouxin.usecases.lender import Lender
from shouxin.usecases.oversight.entry_words import Words
from shouxin.usecases.oversight.told import moment
from shouxin.vault.history import Entry, History

ENGAGED, SUSPENDED, ENDED = "engaged", "suspended", "ended"


@dataclass(frozen=True)
class Spell:
    """One contract: from when, until when it was made (None: without an end), and when it was cut short.

    `terms` are its number and what it lets the party receive; None where it was made before terms were kept.
    `fields` and `purposes` say the same by language, "" for none.
    """

    since: datetime
    until: datetime | None
    suspended: datetime | None
    terms: Terms | None
    fields: Mapping[str, str]
    purposes: Mapping[str, str]


@dataclass(frozen=True)
class Partner:
    """`kind` is one of the closed list of parties, `name` what it is called, by language, `state` what holds now; the
    newest contract comes first.
    """

    kind: str
    id: str
    name: Mapping[str, str]
    state: str
    spells: tuple[Spell, ...]

    @property
    def party(self) -> str:
        """Its full name, `kind:id`."""
        return f"{self.kind}:{self.id}"

    @property
    def delivers(self) -> bool:
        """Does it get data only to deliver something by them?"""
        return only_delivers(self.party)

    @property
    def receives(self) -> bool:
        """May it receive anything now? Where no terms were kept, the policies alone say what."""
        terms = self.spells[0].terms
        return self.state == ENGAGED and (terms is None or bool(terms.fields))


def partners(lender: Lender) -> tuple[Partner, ...]:
    """Every party but the lender itself; the engaged before those that were."""
    found = [_partner(lender, party) for party in lender.vault.parties() if party != PLATFORM]
    return tuple(sorted(found, key=lambda one: (one.state != ENGAGED, one.kind, one.id)))


def check_partners(lender: Lender) -> tuple[Discrepancy, ...]:
    """Where the list and what went to its parties by all histories part, as of now; it names nobody but parties."""
    listed = [_published(one) for one in partners(lender)]
    return discrepancies(listed, lender.vault.flows(), at=_ms(lender.clock.now()))


def _published(one: Partner) -> Published:
    terms = tuple(spell.terms for spell in one.spells)
    return Published(one.party, terms, since=_ms(one.spells[0].since), stands=one.state == ENGAGED)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _partner(lender: Lender, party: str) -> Partner:
    history = lender.vault.history(party)
    assert history is not None, "a chain that is listed can be read"
    kind, _, ident = party.partition(":")
    words = {lang: Words(lender.policy, lang, "borrower", lender.settings.zone) for lang in LANGUAGES}
    name = {lang: one.party(party) for lang, one in words.items()}
    return Partner(kind, ident, name, _state(lender, history), _spells(history, words, lender.settings.zone))


def _state(lender: Lender, history: History) -> str:
    if not history.facts.engaged:
        return SUSPENDED
    return ENGAGED if history.facts.engaged_at(_ms(lender.clock.now())) else ENDED


def _spells(history: History, words: Mapping[str, Words], zone: tzinfo) -> tuple[Spell, ...]:
    stops = {entry.record["engagement"]: entry for entry in history.entries if entry.record["kind"] == "suspended"}
    made = [entry for entry in history.entries if entry.record["kind"] == "engaged"]
    return tuple(_spell(entry, stops.get(entry.j), words, zone) for entry in reversed(made))


def _spell(entry: Entry, stop: Entry | None, words: Mapping[str, Words], zone: tzinfo) -> Spell:
    until, terms = entry.record.get("until"), _terms(entry.record)
    assert until is None or isinstance(until, int), "a moment is a whole number of milliseconds"
    return Spell(
        since=moment(entry.time, zone),
        # A contract ends when its last day is over; the day itself is what the list shows.
        until=moment(until, zone) - timedelta(seconds=1) if until else None,
        suspended=moment(stop.time, zone) if stop else None,
        terms=terms,
        fields={lang: one.listed(map(one.field, terms.fields if terms else ())) for lang, one in words.items()},
        purposes={lang: one.listed(map(one.purpose, terms.purposes if terms else ())) for lang, one in words.items()},
    )


def _terms(record: Record) -> Terms | None:
    if "purposes" not in record:
        return None
    purposes, fields = (tuple(map(str, cast("list[str]", record[key]))) for key in ("purposes", "fields"))
    return Terms(str(record.get("agreement", "")), purposes, fields)
