"""Is this case the actor's to work on? For a page that asks something and shows nothing of the person."""

from dataclasses import dataclass

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.outreach.ask_someone import awaits_answer
from shouxin.usecases.outreach.cases import holder_of
from shouxin.usecases.outreach.may_call import PURPOSE


class HeldCase(Request):
    """This case, this actor."""

    case: Text
    actor: ActorName


@dataclass(frozen=True)
class CaseHeld:
    """It is; `awaits`: a contact person was asked in it, and their answer isn't recorded yet."""

    case: str
    awaits: bool


def held_case(lender: Lender, request: HeldCase) -> CaseHeld | Refusal:
    """Nothing of the person is opened, so only a refusal is an entry."""
    case = holder_of(lender, request.case, request.actor, purpose=PURPOSE)
    if isinstance(case, Refusal):
        return case
    return CaseHeld(case.name, awaits_answer(case.name) is not None)
