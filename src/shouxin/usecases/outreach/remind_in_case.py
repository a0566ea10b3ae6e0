"""Sends the reminder of a case's late loan when its holder wishes; the program opens name and address, nobody else."""

from typing import Literal

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.outreach.cases import holder_of
from shouxin.usecases.outreach.desk import EMAIL, late_loan
from shouxin.usecases.outreach.may_call import PURPOSE
from shouxin.usecases.outreach.open_case import RULES
from shouxin.usecases.outreach.remind import Remind, Reminded, remind
from shouxin.usecases.outreach.resting import at_rest, entered

BY_RULES_OF_CONTACT = (Reason.OUTSIDE_HOURS, Reason.OVER_CAP, Reason.PAUSED, Reason.PROMISE_RUNS)
"""Refusals that the gate didn't make, and so didn't enter."""


class RemindInCase(Request):
    """In this case, for this holder of it, in this language."""

    case: Text
    actor: ActorName
    lang: Literal["zh", "en"] = "zh"


def remind_in_case(lender: Lender, request: RemindInCase) -> Reminded | Refusal:
    """As `remind`. Who asked stands nowhere in the letter; a refusal by a rule of contact is an entry."""
    case = holder_of(lender, request.case, request.actor, purpose=PURPOSE)
    if isinstance(case, Refusal):
        return case
    resting = at_rest(lender, case, actor=request.actor)
    if resting:
        return resting
    late = late_loan(lender, case.subject)
    if late is None:
        return entered(lender, case, Refusal(Reason.NOT_OVERDUE, RULES, "case"), actor=request.actor)
    answer = remind(lender, Remind(loan=late.loan.id, lang=request.lang))
    if isinstance(answer, Refusal) and answer.where == EMAIL and answer.reason in BY_RULES_OF_CONTACT:
        return entered(lender, case, answer, actor=request.actor)
    return answer
