"""The published list of organisations that may hold or receive a person's data, as their own chains tell it.

A party that was suspended, or whose contract ran out, stays on the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from shouxin.core.privacy.party import PLATFORM
from shouxin.usecases.lender import Lender
from shouxin.usecases.oversight.told import moment
from shouxin.vault.history import Entry, History

ENGAGED, SUSPENDED, ENDED = "engaged", "suspended", "ended"


@dataclass(frozen=True)
class Spell:
    """One contract: from when, until when it was made (None: without an end), and when it was cut short."""

    since: datetime
    until: datetime | None
    suspended: datetime | None


@dataclass(frozen=True)
class Partner:
    """`kind` is one of the closed list of parties, `state` what holds now; the newest contract comes first."""

    kind: str
    id: str
    state: str
    spells: tuple[Spell, ...]

    @property
    def pseudonym(self) -> str:
        """As every page and receipt writes it: `a07` is A-07."""
        numbered = self.id[1:].isdigit()
        return (f"{self.id[0]}-{self.id[1:]}" if numbered else self.id).upper()


def partners(lender: Lender) -> tuple[Partner, ...]:
    """Every party but the lender itself; the engaged before those that were."""
    found = [_partner(lender, party) for party in lender.vault.parties() if party != PLATFORM]
    return tuple(sorted(found, key=lambda one: (one.state != ENGAGED, one.kind, one.id)))


def _partner(lender: Lender, party: str) -> Partner:
    history = lender.vault.history(party)
    assert history is not None, "a chain that is listed can be read"
    kind, _, name = party.partition(":")
    return Partner(kind, name, _state(lender, history), _spells(history, lender.settings.zone))


def _state(lender: Lender, history: History) -> str:
    if not history.facts.engaged:
        return SUSPENDED
    now = int(lender.clock.now().timestamp() * 1000)
    return ENGAGED if history.facts.engaged_at(now) else ENDED


def _spells(history: History, zone: tzinfo) -> tuple[Spell, ...]:
    stops = {entry.record["engagement"]: entry for entry in history.entries if entry.record["kind"] == "suspended"}
    made = [entry for entry in history.entries if entry.record["kind"] == "engaged"]
    return tuple(_spell(entry, stops.get(entry.j), zone) for entry in reversed(made))


def _spell(entry: Entry, stop: Entry | None, zone: tzinfo) -> Spell:
    until = entry.record.get("until")
    assert until is None or isinstance(until, int), "a moment is a whole number of milliseconds"
    return Spell(
        since=moment(entry.time, zone),
        # A contract ends when its last day is over; the day itself is what the list shows.
        until=moment(until, zone) - timedelta(seconds=1) if until else None,
        suspended=moment(stop.time, zone) if stop else None,
    )
