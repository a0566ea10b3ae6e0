"""What happened in a case, as whoever works on it may know it: contacts, pauses, promises, and nothing of who looked.

Colleagues are named by their role; what a contact person answered stands in that person's own history alone.
"""

from dataclasses import dataclass
from datetime import datetime

from shouxin.core.loan.event import Type
from shouxin.core.money import format_amount
from shouxin.core.privacy.actor import parse_actor
from shouxin.records.loan.models import Loan, LoanEvent
from shouxin.records.loan.reading import events_of, terms_of
from shouxin.records.outreach.models import Attempt
from shouxin.usecases.lender import Lender
from shouxin.usecases.outreach.cases import OpenCase
from shouxin.usecases.outreach.desk import receipt_name
from shouxin.usecases.outreach.moment import moment_of
from shouxin.usecases.outreach.ruling import DEBTOR

KINDS = ("case_opened", "paused", "resumed")
"""Kinds of entry that belong to the work on a case; uses and refusals are the person's to know, not a colleague's."""
YOU = "you"


@dataclass(frozen=True)
class Past:
    """One line. `kind` is a kind of entry or `promise`; `who` is `you`, a role, or empty.

    `broken`: it was made although rules forbade it. `amount` and `by` belong to a promise, `until` to a pause.
    """

    at: datetime
    kind: str
    who: str = ""
    channel: str = ""
    outcome: str = ""
    broken: bool = False
    amount: str = ""
    currency: str = ""
    by: str = ""
    until: datetime | None = None
    receipt: str = ""


def past_of(lender: Lender, case: OpenCase, actor: str) -> tuple[Past, ...]:
    """The newest first."""
    lines = [*_attempts(lender, case, actor), *_entries(lender, case), *_promises(case.subject)]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def _attempts(lender: Lender, case: OpenCase, actor: str) -> list[Past]:
    rows = list(Attempt.objects.filter(subject_id=case.subject, party=DEBTOR).exclude(entry=0))
    leaves = lender.vault.leaf_hashes(case.subject, [row.entry for row in rows])
    records = case.history.entries
    return [
        Past(
            at=row.at,
            kind="attempted",
            who=YOU if row.actor == actor else parse_actor(row.actor).role,
            channel=row.channel,
            outcome=row.outcome,
            broken=bool(records[row.entry - 1].record.get("broken")),
            receipt=receipt_name(leaves[row.entry]),
        )
        for row in rows
    ]


def _entries(lender: Lender, case: OpenCase) -> list[Past]:
    found = [entry for entry in case.history.entries if entry.record["kind"] in KINDS]
    leaves = lender.vault.leaf_hashes(case.subject, [entry.j for entry in found])
    lines = []
    for entry in found:
        until = entry.record.get("until")
        ends = moment_of(until) if isinstance(until, int) and until else None
        at, kind = moment_of(entry.time), str(entry.record["kind"])
        lines.append(Past(at=at, kind=kind, until=ends, receipt=receipt_name(leaves[entry.j])))
    return lines


def _promises(subject: str) -> list[Past]:
    lines = []
    for row in LoanEvent.objects.filter(subject_id=subject, type=Type.PROMISE.value).select_related("loan"):
        loan: Loan = row.loan
        event = next(one for one in events_of(loan, terms_of(loan)) if one.ref == row.key)
        amount, by = format_amount(event.amount, loan.currency), event.by
        assert by is not None, "a promise was read without its day"
        lines.append(Past(at=row.recorded_at, kind="promise", amount=amount, currency=loan.currency, by=by.isoformat()))
    return lines
