"""A copy of everything that is held about me, to read or to take elsewhere (PIPL articles 44 and 45, CN.NETDATA.25).

The sealed values are opened for their owner's own request, each copy with its entry; what is only stored by a duty is
named and not opened. The loans are those of the book, with every payment. Nothing of anybody else is in it: of the
contact persons whom somebody named it says how many they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shouxin.core.privacy import rights
from shouxin.core.privacy.purpose import OWN_RESTRICTION
from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan.opening import open_fields
from shouxin.usecases.loan.own_loans import OwnLoans, own_loans
from shouxin.usecases.loan.statement import Statement, statement
from shouxin.usecases.privacy import outlook, requests, step_up
from shouxin.usecases.privacy.tries import NotProved, Why
from shouxin.vault.history import History
from shouxin.vault.opening import UseRequest

FORMAT = "shouxin-copy/v1"
Right = Literal["access", "portability"]


class OwnCopy(Request):
    """Whose copy, and for which right; `proof` is what `step_up.prove` gave a moment ago for a copy."""

    subject: Text
    right: Right
    proof: str = ""


@dataclass(frozen=True)
class Copy:
    """The copy. `only_stored` names the fields that a duty keeps, with its rule; `entry` is the use it was made
    by, 0 when no sealed value was opened.
    """

    made_at: datetime
    entry: int
    fields: Mapping[str, str] = field(repr=False)
    only_stored: Mapping[str, str]
    contact_persons: int
    loans: tuple[Mapping[str, object], ...] = field(repr=False)

    def to_doc(self, lender: Lender) -> dict[str, object]:
        """The document that a program reads; names of fields are the catalogue's."""
        return {
            "format": FORMAT,
            "lender": dict(lender.settings.name),
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "entry": self.entry,
            "fields": dict(self.fields),
            "only_stored": dict(self.only_stored),
            "contact_persons": self.contact_persons,
            "loans": [dict(loan) for loan in self.loans],
        }


def own_copy(lender: Lender, request: OwnCopy) -> Copy | NotProved | Refusal:
    """Entries `requested`, `used` (own request) and `answered`, then the copy."""
    if not step_up.holds(lender, request.subject, "copy", request.proof):
        return NotProved(Why.LATE)
    history = outlook.living(lender, request.subject)
    if history is None:
        return requests.NOT_YOURS
    asked = requests.begin(lender, history.subject, request.right)
    if isinstance(asked, Refusal):
        return asked
    names = _open_to_owner(lender, history)
    wanted = UseRequest(history.subject, "borrower:self", "own_request", names)
    opened = open_fields(lender, wanted) if names else None
    if isinstance(opened, Refusal):
        return opened
    requests.finish(lender, history.subject, asked.entry, rights.DONE)
    return Copy(
        made_at=lender.clock.now().astimezone(lender.settings.zone),
        entry=opened.receipt.entry if opened else 0,
        fields=opened.values if opened else {},
        only_stored={name: rule for name, rule in history.facts.restricted.items() if name not in names},
        contact_persons=len(history.facts.namings),
        loans=_loans(lender, history.subject),
    )


def _open_to_owner(lender: Lender, history: History) -> tuple[str, ...]:
    """The sealed fields that their owner may see: all but those that a duty keeps."""
    kept = {name for name, rule in history.facts.restricted.items() if rule != OWN_RESTRICTION}
    fields = (field for field in lender.policy.catalogue if field.whose == history.kind and field.home == "vault")
    return tuple(field.name for field in fields if field.name in history.facts.held and field.name not in kept)


def _loans(lender: Lender, subject: str) -> tuple[Mapping[str, object], ...]:
    names = [one.loan for one in own_loans(lender, OwnLoans(subject=subject))]
    found = (statement(lender, Statement(loan=name, subject=subject)) for name in names)
    return tuple(one for one in found if not isinstance(one, Refusal))
