"""Somebody died, and a close relative asks (PIPL article 49): at the desk, with papers, by the ID number on them.

As soon as it is asked, nothing is collected any more, until the papers are found not to show it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shouxin.core.privacy.rights import COMPLIANCE
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.privacy import requests
from shouxin.vault.opening import Receipt, Refused, UseRequest

KIN = "next_of_kin"
"""The right, the purpose and the reason of the pause."""
SHOWN = ("name", "id_number", "balance", "arrears", "terms")
"""What an estate has to do with."""


class LodgeKin(Request):
    """A relative is at the desk. `id_number` is the dead person's, as it stands on the papers."""

    actor: ActorName
    id_number: Text


@dataclass(frozen=True)
class Lodged:
    """The request as it waits now."""

    request: str
    entry: int
    subject: str = field(repr=False, metadata={"secret": True})


def lodge_kin(lender: Lender, request: LodgeKin) -> Lodged | Refusal:
    """Enter the request and stop collection. A number that nobody here has is refused, which is an entry too."""
    if not requests.may_answer(lender, request.actor, COMPLIANCE):
        return Refusal(Reason.ROLE_MAY_NOT, ("CN.PIPL.51",), "actor")
    found = lender.vault.holders("id_number", request.id_number)
    if not found:
        asked = lender.vault.use(UseRequest("nobody", request.actor, KIN, SHOWN))
        assert isinstance(asked, Refused), "no person is called nobody"
        return asked.refusal
    row = requests.lodge(lender, found[0], KIN, about="")
    if isinstance(row, Refusal):
        return row
    lender.vault.record(found[0], lambda _: {"kind": "paused", "why": KIN})
    return Lodged(row.id, row.entry, found[0])


def resume(lender: Lender, subject: str) -> Receipt | Refusal | None:
    """End the pause that the request brought; None when another pause has taken its place."""
    history = lender.vault.history(subject)
    assert history is not None, "whose request is open lives here"
    pause = history.facts.paused
    if not pause or history.entries[pause - 1].record["why"] != KIN:
        return None
    return lender.vault.record(subject, lambda _: {"kind": "resumed", "pause": pause})
