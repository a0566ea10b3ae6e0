"""Agreeing to a deferral, by a code that names its length and its cost.

1. What was agreed with this key already is given again: nothing is asked twice, nothing is moved twice.
2. The plan must be the one that was shown: a day later it may be another, and then one looks again.
3. The code, which was bound to this loan and this plan, must be right; then it is agreed (`defer`).
A crash after the code leaves at most the entries of the history; a new code for the same plan moves the loan.
"""

import time
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from shouxin.core.money import parse_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.outbound.render import money
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import frozen
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan.booking import Key
from shouxin.usecases.loan.defer import Defer, Deferred, defer
from shouxin.usecases.loan.own_loans import OwnLoan, own_loan
from shouxin.usecases.loan.simulate_defer import Instalments, SimulateDefer, simulate_defer
from shouxin.usecases.privacy.codes import CodeSent
from shouxin.usecases.privacy.step_up import AskStepUp, StepUp, ask, prove
from shouxin.usecases.privacy.tries import NotProved, Why

ABOUT: Literal["defer"] = "defer"
LOOKS, LOOK_EVERY_SECONDS = 30, 0.1
"""A form that came twice at once waits so long for what the other one agrees."""


class PlanOf(Request):
    """What putting this loan off by so many due dates would mean."""

    subject: Text
    loan: Text
    instalments: Instalments


class AskToPutOff(PlanOf):
    """Send the code for this very plan to the person's own number."""

    plan_hash: Text
    lang: Literal["zh", "en"] = "zh"


class PutOff(PlanOf):
    """The code as typed; `code` and `number` came with `ask_to_put_off`, `key` with the form."""

    plan_hash: Text
    key: Key
    code: str = Field(default="", max_length=200)
    number: str = ""
    typed: str = Field(default="", max_length=200)


@dataclass(frozen=True)
class PlanShown:
    """Both plans row by row and the difference (the core's document), and the fingerprint of it."""

    plan: dict[str, Any]
    plan_hash: str


def plan_shown(lender: Lender, request: PlanOf) -> PlanShown | Refusal:
    """The plan as of today; refused while a deferral of this loan is being kept, or when nothing can be put off."""
    loan = own_loan(lender, OwnLoan(subject=request.subject, loan=request.loan))
    if isinstance(loan, Refusal):
        return loan
    if loan.deferred_until:
        return Refusal(Reason.ALREADY_DONE, (), "loan")
    wish = SimulateDefer(subject=request.subject, loan=request.loan, instalments=request.instalments)
    plan = simulate_defer(lender, wish)
    return plan if isinstance(plan, Refusal) else PlanShown(plan, frozen(plan)[1])


def ask_to_put_off(lender: Lender, request: AskToPutOff) -> tuple[CodeSent, str] | NotProved | Refusal:
    """Send the code; the message names by how long, and the interest that it adds."""
    shown = _as_seen(lender, request, request.plan_hash)
    if isinstance(shown, Refusal):
        return shown
    currency = shown.plan["currency"]
    extra = parse_amount(shown.plan["extra_cost"], currency, where="extra_cost")
    return ask(
        lender,
        AskStepUp(
            subject=request.subject,
            about=ABOUT,
            lang=request.lang,
            bound=_bound(request, request.plan_hash),
            figures={"months": str(request.instalments), "extra": money(extra, currency)},
        ),
    )


def put_off(lender: Lender, request: PutOff) -> Deferred | NotProved | Refusal:
    """Agree, or give again what this key agreed to."""
    if _stands(request):
        return _agree(lender, request)
    shown = _as_seen(lender, request, request.plan_hash)
    if isinstance(shown, Refusal):
        return shown
    proof = prove(
        lender,
        StepUp(
            subject=request.subject,
            about=ABOUT,
            code=request.code or "none",
            number=request.number,
            typed=request.typed,
            bound=_bound(request, request.plan_hash),
        ),
    )
    if isinstance(proof, NotProved):
        return _by_another(lender, request, proof) or proof
    return _agree(lender, request)


def _agree(lender: Lender, request: PutOff) -> Deferred | Refusal:
    wish = request.model_dump(include={"subject", "loan", "instalments", "key"})
    return defer(lender, Defer(**wish))


def _stands(request: PutOff) -> bool:
    """Did this very form agree to something already?"""
    loans = Loan.objects.filter(id=request.loan, subject_id=request.subject)
    return loans.filter(events__key=request.key).exists()


def _by_another(lender: Lender, request: PutOff, why: NotProved) -> Deferred | Refusal | None:
    """The same form came several times at once and another one's code counted: what became of it."""
    looks = LOOKS if why.why is Why.USED else 0
    while looks and not _stands(request):
        time.sleep(LOOK_EVERY_SECONDS)
        looks -= 1
    return _agree(lender, request) if looks else None


def _as_seen(lender: Lender, request: PlanOf, plan_hash: str) -> PlanShown | Refusal:
    """The plan when it is the one that the reader has before them."""
    shown = plan_shown(lender, request)
    if isinstance(shown, Refusal) or shown.plan_hash == plan_hash:
        return shown
    return Refusal(Reason.EXPIRED, (), "plan")


def _bound(request: PlanOf, plan_hash: str) -> str:
    return f"{request.loan} {request.instalments} {plan_hash}"
