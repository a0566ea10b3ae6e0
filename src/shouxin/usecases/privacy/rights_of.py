"""What I can ask about my data, by when it is answered, and what became of what I asked. A look is no use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shouxin.core.privacy.rights import RIGHTS, TAKEN_BACK, Right
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.privacy.models import RightsRequest
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy import outlook, requests
from shouxin.vault.history import History

AT_HOME = ("access", "portability", "correction", "restriction", "erasure", "human_review")
"""What a person asks for themself, in the order in which it is shown."""


class RightsOf(Request):
    """Whose rights and requests."""

    subject: Text


@dataclass(frozen=True)
class RightShown:
    """One right, its rules, and the desk that answers (empty: done at once). `days` is None, and `clock` (the rule that
    names them) empty, where no rule names a number of days.
    """

    name: str
    rules: tuple[str, ...]
    desk: str
    days: int | None
    clock: str


@dataclass(frozen=True)
class Asked:
    """One request, newest first. `request` is its id while it waits at a desk, so that it can be taken back; `about` a
    field's name or an application's id; `clock` is the rule that sets `due_on`; `outcome` is empty while it is open.
    """

    entry: int
    right: str
    asked_at: datetime
    about: str = ""
    request: str = ""
    due_on: date | None = None
    clock: str = ""
    answered_at: datetime | None = None
    answer: int = 0
    outcome: str = ""
    late: bool = False

    @property
    def open(self) -> bool:
        """Does it wait for an answer?"""
        return not self.outcome

    @property
    def taken_back(self) -> bool:
        """Did the person take it back?"""
        return self.outcome == TAKEN_BACK


@dataclass(frozen=True)
class RightsShown:
    """All of it; `restricted` are the fields that are only stored, each with the rule that says so."""

    kind: str
    rights: tuple[RightShown, ...]
    asked: tuple[Asked, ...]
    restricted: Mapping[str, str]
    closed: bool


def rights_of(lender: Lender, request: RightsOf) -> RightsShown | Refusal:
    """Read from the person's own history, with the desk's dates beside it."""
    history = lender.vault.history(request.subject)
    if history is None or history.kind not in ("borrower", "contact_person"):
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
    return RightsShown(
        kind=history.kind,
        rights=tuple(_right(lender, RIGHTS[name]) for name in AT_HOME if history.kind in RIGHTS[name].whose),
        asked=_asked(lender, history),
        restricted=history.facts.restricted,
        closed=bool(history.facts.closed),
    )


def _right(lender: Lender, right: Right) -> RightShown:
    clock = requests.clock_of(lender, right.name)
    return RightShown(
        name=right.name,
        rules=right.rules,
        desk=right.desk,
        days=clock.days if clock else None,
        clock=clock.rule.id if clock else "",
    )


def _asked(lender: Lender, history: History) -> tuple[Asked, ...]:
    rows = {row.entry: row for row in RightsRequest.objects.filter(subject_id=history.subject)}
    answers = {
        int(str(entry.record["request"])): entry for entry in history.entries if entry.record["kind"] == "answered"
    }
    found = []
    for entry in history.entries:
        if entry.record["kind"] != "requested" or str(entry.record["right"]) not in RIGHTS:
            continue
        answer, row = answers.get(entry.j), rows.get(entry.j)
        found.append(
            Asked(
                entry=entry.j,
                right=str(entry.record["right"]),
                asked_at=outlook.moment(lender, entry.time),
                about=row.about if row else "",
                request=row.id if row and not answer else "",
                due_on=row.due_on if row else None,
                clock=row.clock if row else "",
                answered_at=outlook.moment(lender, answer.time) if answer else None,
                answer=answer.j if answer else 0,
                outcome=str(answer.record["outcome"]) if answer else "",
                late=bool(row and not answer and row.due_on and row.due_on < lender.today()),
            )
        )
    return tuple(reversed(found))
