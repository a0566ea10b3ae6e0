"""What putting instalments off would change, computed before anybody agrees to it."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shouxin.core.loan import forbearance
from shouxin.core.loan.event import MOST_DEFERRED, EventError
from shouxin.core.loan.forbearance import Plan
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import begun, events_of, terms_of
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found

Instalments = Annotated[int, Field(ge=1, le=MOST_DEFERRED)]


class SimulateDefer(Request):
    """By how many due dates everything unpaid of this loan would move, from today."""

    subject: Text
    loan: Text
    instalments: Instalments


def simulate_defer(lender: Lender, request: SimulateDefer) -> dict[str, object] | Refusal:
    """Old plan and new plan side by side, and what the delay costs."""
    loan = found.own_loan(request.loan, request.subject)
    if isinstance(loan, Refusal):
        return loan
    plan = plan_of(loan, instalments=request.instalments, on=lender.today())
    if isinstance(plan, Refusal):
        return plan
    return {"loan": loan.id, "currency": loan.currency, **forbearance.to_doc(plan)}


def plan_of(loan: Loan, *, instalments: int, on: date) -> Plan | Refusal:
    """The plan, or a refusal when the loan leaves nothing to put off."""
    agreed = terms_of(loan)
    events = events_of(loan, agreed)
    if not begun(loan, events):
        return Refusal(Reason.NOT_ALLOWED_BY_TERMS, (), "loan")
    try:
        return forbearance.simulate(agreed, events, on=on, instalments=instalments)
    except EventError:
        return Refusal(Reason.NOT_ALLOWED_BY_TERMS, (), "instalments")
