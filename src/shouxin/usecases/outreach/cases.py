"""What the vault's own history says about a case: open or not, paused until when, which point.

The book's rows of cases and grants are a working copy for lists; what binds is the history. A crash between the
entry and its row leaves the row behind; whoever asks for the same act again brings it into line.
"""

from dataclasses import dataclass

from django.db import transaction

from shouxin.core.outreach.question import Pause
from shouxin.core.privacy.facts import Facts
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.outreach.models import Case, Grant
from shouxin.usecases.lender import Lender
from shouxin.usecases.outreach.moment import moment_of
from shouxin.vault.opening import History

NO_CASE = Refusal(Reason.NO_CASE, ("CN.PIPL.5_6",), "case")


@dataclass(frozen=True)
class OpenCase:
    """A case that is open now, the borrower, and their history."""

    name: str
    subject: str
    entry: int
    history: History

    @property
    def facts(self) -> Facts:
        """What the borrower's history says as of now."""
        return self.history.facts


def open_case_named(lender: Lender, name: str) -> OpenCase | Refusal:
    """The open case of this name; a closed one and a missing one get the same refusal."""
    subject = lender.vault.case_subject(name)
    history = lender.vault.history(subject) if subject else None
    entry = history.facts.case_entry(name) if history else 0
    if subject is None or history is None or not entry or history.facts.closed:
        return NO_CASE
    return OpenCase(name, subject, entry, history)


def row_of(lender: Lender, name: str, subject: str) -> Case:
    """The book's row of an open case; made now if it isn't there."""
    defaults = {"subject_id": subject, "opened_at": lender.clock.now()}
    return Case.objects.get_or_create(id=name, defaults=defaults)[0]


def write_grant(lender: Lender, case: OpenCase, name: str) -> None:
    """The book's row of a grant that stands; made now if it isn't there."""
    now = lender.clock.now()
    with transaction.atomic():
        row = row_of(lender, case.name, case.subject)
        made = {"id": lender.ids.new(), "subject_id": case.subject, "granted_at": now}
        Grant.objects.get_or_create(case=row, actor=name, recalled_at=None, defaults=made)


def end_grants(lender: Lender, case: str, *, actor: str | None = None) -> None:
    """The book's rows of grants that are gone: this actor's, or all of the case."""
    rows = Grant.objects.filter(case_id=case, recalled_at=None)
    rows = rows if actor is None else rows.filter(actor=actor)
    rows.update(recalled_at=lender.clock.now())


def holder_of(lender: Lender, name: str, actor: str, *, purpose: str) -> OpenCase | Refusal:
    """The open case of this name, for an actor who holds it now and may work on it for this purpose.

    What another holds and what doesn't exist are one refusal, and the vault enters it.
    """
    held = lender.vault.may_work(name, actor, purpose=purpose)
    return held if isinstance(held, Refusal) else open_case_named(lender, name)


def pause_of(history: History, case: str) -> Pause | None:
    """The pause that was entered last and not ended by an entry; it may be over by its own date."""
    j = history.facts.paused
    if not j:
        return None
    entry = history.entries[j - 1]
    until = entry.record.get("until")
    ends = moment_of(until) if isinstance(until, int) and until else None
    return Pause(case, moment_of(entry.time), ends)


def point_of(history: History, field: str) -> str:
    """A token of a contact point: whose, which field, and the entry that stored it last."""
    stored = (
        entry.j
        for entry in reversed(history.entries)
        if entry.record["kind"] in ("stored", "corrected") and field in _names(entry.record["fields"])
    )
    return f"{history.subject}.{field}.{next(stored, 0)}"


def _names(value: object) -> list[object]:
    return value if isinstance(value, list) else []
