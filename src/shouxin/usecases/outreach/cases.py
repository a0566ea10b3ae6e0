"""What the vault's own history says about a case: open or not, paused until when, which point.

The book's rows of cases and grants are a working copy for lists; what binds is the history.
"""

from dataclasses import dataclass

from shouxin.core.outreach.question import Pause
from shouxin.core.privacy.actor import parse_actor
from shouxin.core.privacy.facts import Facts
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.outreach.models import Case, Grant
from shouxin.usecases.lender import Lender
from shouxin.usecases.outreach.moment import moment_of
from shouxin.vault.opening import History

NO_CASE = Refusal(Reason.NO_CASE, ("CN.PIPL.5_6",), "case")
NO_GRANT = Refusal(Reason.NO_GRANT, ("CN.PIPL.51",), "case")


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


def row_of(lender: Lender, case: OpenCase) -> Case:
    """The book's row of the case; made now if a crash had kept it from being made."""
    defaults = {"subject_id": case.subject, "opened_at": lender.clock.now()}
    return Case.objects.get_or_create(id=case.name, defaults=defaults)[0]


def holds(case: OpenCase, actor: str) -> bool:
    """Was the case granted to this actor, or to the agency whose person the actor is?"""
    return granted_to(case, actor, parse_actor(actor).party)


def granted_to(case: OpenCase, *names: str) -> bool:
    """Is there a grant to one of these names that wasn't recalled?"""
    return Grant.objects.filter(case_id=case.name, actor__in=names, recalled_at=None).exists()


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
