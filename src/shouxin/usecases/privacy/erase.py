"""A person asks for everything about them to go (PIPL article 47).

What nothing needs any more goes at once; what a duty keeps is only stored, until its last day; what a contract that
runs rests on stays, and the answer says so. When nothing is left the history ends: `closed` is its last entry, and
its last file is handed over before the keys are destroyed (`let_go`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shouxin.core.privacy import rights
from shouxin.core.privacy.retention import Kept
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.privacy.models import RightsRequest
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy import outlook, requests, texting
from shouxin.vault.history import History

RULES = rights.RIGHTS["erasure"].rules
NOT_YOURS = Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")


class Erase(Request):
    """Whose data; a borrower's chain or a contact person's."""

    subject: Text


class WhatGoes(Request):
    """Whose data would go if they asked now."""

    subject: Text


@dataclass(frozen=True)
class Fate:
    """What goes at once, what a duty keeps until when, and the fields that a contract which runs still needs.

    `contacts` counts the contact persons who would be let go, `closes` says whether the history ends.
    """

    deleted: tuple[str, ...]
    restricted: tuple[Kept, ...]
    needed: tuple[str, ...]
    contacts: int
    closes: bool


@dataclass(frozen=True)
class Erased:
    """What was done. `needed` are the fields that stay in use, because a contract or a case runs.

    `last_file` is the last bundle of the history that ended (`subject`); it goes to the person and to nobody else.
    """

    subject: str
    closed: bool
    deleted: tuple[str, ...]
    restricted: tuple[Kept, ...]
    needed: tuple[str, ...]
    contacts: int
    last_file: bytes | None = field(default=None, repr=False, metadata={"secret": True})


def what_goes(lender: Lender, request: WhatGoes) -> Fate | Refusal:
    """What `erase` would do now; a look at it is no use and writes no entry."""
    history = outlook.living(lender, request.subject)
    return NOT_YOURS if history is None else _fate(lender, history)


def erase(lender: Lender, request: Erase) -> Erased | Refusal:
    """Enter the request, do what can be done, enter the answer; refused for whoever isn't here."""
    history = outlook.living(lender, request.subject)
    if history is None:
        return NOT_YOURS
    subject = history.subject
    asked = lender.vault.record(subject, lambda _: rights.requested("erasure"))
    if isinstance(asked, Refusal):
        return asked
    fate = _fate(lender, history)
    _end_requests(lender, subject)
    _let_contacts_go(lender, history)
    texting.withdraw_waiting(subject)
    refused = _carry_out(lender, history, fate)
    if refused:
        return refused
    outcome = rights.DONE if fate.closes else rights.DONE_IN_PART
    lender.vault.record(subject, lambda _: rights.answered(asked.entry, outcome))
    ended = lender.vault.close(subject) if fate.closes else None
    if isinstance(ended, Refusal):
        return ended
    last = ended.bundle if ended else None
    return Erased(subject, fate.closes, fate.deleted, fate.restricted, fate.needed, fate.contacts, last)


def _fate(lender: Lender, history: History) -> Fate:
    plan = outlook.outlook(lender, history, asked=True)
    kept = (*plan.kept, *outlook.already_kept(lender, history))
    contacts = len(outlook.ended_namings(lender, history, asked=True))
    runs = bool(history.facts.contracts or history.facts.cases)
    return Fate(plan.goes, kept, plan.stays, contacts, closes=not (kept or plan.stays or runs))


def _end_requests(lender: Lender, subject: str) -> None:
    """What the person had asked for before has no object any more."""
    for row in RightsRequest.objects.filter(subject_id=subject, answered_at=None, entry__gt=0):
        requests.answer(lender, row, rights.TAKEN_BACK, actor="borrower:self")


def _let_contacts_go(lender: Lender, history: History) -> None:
    for naming in outlook.ended_namings(lender, history, asked=True):
        lender.vault.end_naming(naming, rules=RULES)


def _carry_out(lender: Lender, history: History, fate: Fate) -> Refusal | None:
    fresh = tuple(one for one in fate.restricted if one.field not in history.facts.until)
    if not (fate.deleted or fresh):
        return None
    done = lender.vault.erase(history.subject, fate.deleted, rules=RULES, kept=outlook.keepings(lender, fresh))
    return done if isinstance(done, Refusal) else None
