"""Parties: the organisations that may hold or receive a person's data, and what their contracts let them receive."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

KINDS = ("platform", "agency", "funder", "guarantor", "processor", "channel", "bureau")
_PARTY = re.compile(r"(?:([a-z]+):)?([A-Za-z0-9][A-Za-z0-9_-]{0,63})")
PLATFORM = "platform:self"
CHANNEL = "channel"
MAIL_CARRIER, TEXT_CARRIER, PAYMENT_GATEWAY = "channel:smtp", "channel:sms", "channel:payments"
"""Who carries what the configuration sends out, by the key that names its address: `smtp`, `sms`, `payments`."""
PAYING_BANK = "processor:bank"
"""Who pays loans out to people's cards."""
UNUSED_MS = 365 * 86_400_000
"""A contract that allows for so long what is never given allows more than is needed (PIPL 6: the least that serves)."""


class PartyError(ValueError):
    """A party's name isn't `kind:id` with a kind of the closed list."""


def parse_party(text: str) -> str:
    """Read `kind:id`; a bare id is an agency's. Returns the full name."""
    found = _PARTY.fullmatch(text)
    if found is None or (found[1] or "agency") not in KINDS:
        raise PartyError(f"a party is kind:id with a kind of {', '.join(KINDS)}")
    return f"{found[1] or 'agency'}:{found[2]}"


def only_delivers(party: str) -> bool:
    """Does this party get a datum only to deliver by it: a message to a number or address, money to a card?"""
    return party == PAYING_BANK or party.startswith(f"{CHANNEL}:")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract lets a party receive (PIPL 21): these fields, for these purposes. `contract` is its number."""

    contract: str = ""
    purposes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """A party as the public list has it: the terms of all its contracts, the newest first, and whether one stands.

    `terms` None: a contract from before terms were kept. `since` (ms) is when the newest began.
    """

    party: str
    terms: tuple[Terms | None, ...]
    since: int
    stands: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """What went to one party, all people together: how often for each purpose and for each field, and how many
    people's histories say that it still has something.
    """

    party: str
    purposes: Mapping[str, int]
    fields: Mapping[str, int]
    holding: int = 0


NOT_PUBLISHED, BEYOND, UNUSED, NOT_RETURNED = "not_published", "beyond_list", "never_given", "not_returned"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Where list and flows part: `what` is one of the four above; `purposes` and `fields` are those concerned.

    `people`: to whom `not_returned` happened.
    """

    party: str
    what: str
    purposes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    people: int = 0


def discrepancies(published: Iterable[Published], flows: Iterable[Flow], *, at: int) -> tuple[Discrepancy, ...]:
    """Hold what is published of the parties against what really went to them, as of `at` (ms).

    A party that got something and isn't listed; one that got more than any of its contracts lists; one whose contract
    lists what was not given once in a year; one whose contract is over and that hasn't given back or deleted all.
    """
    listed = {one.party: one for one in published}
    went = {flow.party: flow for flow in flows}
    found = [one for party in sorted(went) for one in _beyond(listed.get(party), went[party])]
    for party, entry in sorted(listed.items()):
        found += _unneeded(entry, went.get(party), at=at)
    return tuple(found)


def _beyond(listed: Published | None, flow: Flow) -> Iterator[Discrepancy]:
    if listed is None:
        yield Discrepancy(flow.party, NOT_PUBLISHED, tuple(sorted(flow.purposes)), tuple(sorted(flow.fields)))
        return
    terms = [one for one in listed.terms if one is not None]
    purposes = _rest(flow.purposes, (name for one in terms for name in one.purposes))
    fields = _rest(flow.fields, (name for one in terms for name in one.fields))
    if purposes or fields:
        yield Discrepancy(flow.party, BEYOND, purposes, fields)


def _unneeded(listed: Published, flow: Flow | None, *, at: int) -> Iterator[Discrepancy]:
    terms = listed.terms[0] if listed.terms else None
    if listed.stands and terms is not None and listed.since + UNUSED_MS <= at:
        purposes = _rest(terms.purposes, flow.purposes if flow else ())
        fields = _rest(terms.fields, flow.fields if flow else ())
        if purposes or fields:
            yield Discrepancy(listed.party, UNUSED, purposes, fields)
    if not listed.stands and flow is not None and flow.holding:
        yield Discrepancy(listed.party, NOT_RETURNED, people=flow.holding)


def _rest(names: Iterable[str], less: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names) - set(less)))
