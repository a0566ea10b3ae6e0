"""Parties: the organisations that may hold or receive a person's data."""

import re

KINDS = ("platform", "agency", "funder", "guarantor", "processor", "channel", "bureau")
_PARTY = re.compile(r"(?:([a-z]+):)?([A-Za-z0-9][A-Za-z0-9_-]{0,63})")
PLATFORM = "platform:self"


class PartyError(ValueError):
    """A party's name isn't `kind:id` with a kind of the closed list."""


def parse_party(text: str) -> str:
    """Read `kind:id`; a bare id is an agency's. Returns the full name."""
    found = _PARTY.fullmatch(text)
    if found is None or (found[1] or "agency") not in KINDS:
        raise PartyError(f"a party is kind:id with a kind of {', '.join(KINDS)}")
    return f"{found[1] or 'agency'}:{found[2]}"
