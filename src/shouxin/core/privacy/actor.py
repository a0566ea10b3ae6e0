"""Who acts: `role:id`, and the party that an agency's person belongs to."""

import re
from dataclasses import dataclass

ROLES = (
    "borrower",
    "contact",
    "system",
    "collector",
    "agent",
    "officer",
    "underwriter",
    "marketer",
    "compliance",
)
OWN_ROLES = frozenset({"borrower", "contact"})
"""Roles that a person plays towards their own data."""
UNPROVED = "unproved"
"""The id of somebody who plays such a role and hasn't shown that they are that person: who typed a number, say."""
UNAPPOINTED = OWN_ROLES | {"system"}
"""Roles that nobody is appointed to: the person, and the platform's own programs."""
_ACTOR = re.compile(r"([a-z]+):([A-Za-z0-9][A-Za-z0-9._-]{0,63})")


class ActorError(ValueError):
    """An actor's name isn't `role:id` with a role of the closed list."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A role and an opaque id, such as `collector:k31` or `agent:a07.3`."""

    role: str
    id: str

    def __str__(self) -> str:
        return f"{self.role}:{self.id}"

    @property
    def party(self) -> str:
        """The agency whose person this is (`agent:a07.3` → `agency:a07`), else the platform."""
        return f"agency:{self.id.split('.')[0]}" if self.role == "agent" else "platform:self"


def parse_actor(text: str) -> Actor:
    """Read `role:id`. Raises `ActorError`, which names the shape and never the text."""
    found = _ACTOR.fullmatch(text)
    if found is None or found[1] not in ROLES:
        raise ActorError(f"an actor is role:id with a role of {', '.join(ROLES)}")
    return Actor(found[1], found[2])
