"""The state of one loan for somebody who works on it: a use of the person's data like any other."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shouxin.core.money import format_amount
from shouxin.core.rules.refusal import Refusal
from shouxin.records.loan.reading import account_of
from shouxin.usecases.lender import ActorName, Date, Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.opening import open_fields
from shouxin.vault.opening import Receipt
from shouxin.vault.use import UseRequest

NOBODY = "nobody"
"""A name that no chain has: a person's is a UUID, an actor's and a party's have a colon."""
FIELDS = ("balance", "arrears", "days_past_due", "next_due")


class State(Request):
    """What of this loan, for whom and for what; the case where the purpose needs one."""

    loan: Text
    actor: ActorName
    purpose: Text
    case: Text | None = None
    as_of: Date | None = None


@dataclass(frozen=True)
class LoanState:
    """Balance, arrears, days past due and next due date, and the entry that came first."""

    loan: str
    currency: str
    opened: Mapping[str, object] = field(repr=False)
    receipt: Receipt


def state(lender: Lender, request: State) -> LoanState | Refusal:
    """Ask the vault, then fold. Nothing is computed for somebody who may not see it.

    A loan that doesn't exist is asked about too, as nobody's: the answer and its entry are those of somebody else's.
    """
    loan = found.loan(request.loan)
    subject = NOBODY if isinstance(loan, Refusal) else loan.subject_id
    asked = UseRequest(subject, request.actor, request.purpose, FIELDS, case=request.case)
    opened = open_fields(lender, asked)
    if isinstance(opened, Refusal):
        return opened
    assert not isinstance(loan, Refusal), "nobody's data don't open"
    account = account_of(loan, as_of=request.as_of or lender.today())
    values: dict[str, object] = {
        "balance": format_amount(account.principal, loan.currency),
        "arrears": format_amount(account.behind.arrears, loan.currency),
        "days_past_due": account.behind.dpd,
        "next_due": account.next_due.due_on if account.next_due else "",
    }
    return LoanState(loan.id, loan.currency, values, opened.receipt)
