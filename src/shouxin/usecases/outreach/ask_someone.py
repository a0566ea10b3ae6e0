"""Asks a contact person whom the rules allow to be asked. Whoever works the case is never told who that is."""

from dataclasses import dataclass

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.outreach.models import Attempt
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.outreach.acts import contact_rulings
from shouxin.usecases.outreach.ask_contact import AskContact, ask_contact
from shouxin.usecases.outreach.cases import holder_of
from shouxin.usecases.outreach.desk import look_at
from shouxin.usecases.outreach.may_call import PURPOSE
from shouxin.usecases.outreach.record_attempt import Attempted, Outcome, RecordAttempt, record_attempt
from shouxin.usecases.outreach.resting import at_rest, entered
from shouxin.usecases.outreach.ruling import CONTACT_PERSON, not_out_of_reach


class AskSomeone(Request):
    """In this case, for this holder of it."""

    case: Text
    actor: ActorName


class RecordAnswer(Request):
    """How the contact person answered who was asked last in this case and whose answer isn't recorded yet."""

    case: Text
    actor: ActorName
    outcome: Outcome


@dataclass(frozen=True)
class SomeoneAsked:
    """A relay mark for this one call; the number stays with the platform's program."""

    case: str
    mark: str


def ask_someone(lender: Lender, request: AskSomeone) -> SomeoneAsked | Refusal:
    """Ask the first who may be asked, else be refused with every rule; refused too when nobody was named."""
    case = holder_of(lender, request.case, request.actor, purpose=PURPOSE)
    if isinstance(case, Refusal):
        return case
    resting = at_rest(lender, case, actor=request.actor)
    if resting:
        return resting
    named = contact_rulings(lender, look_at(lender, case))
    if not named:
        return entered(lender, case, Refusal(Reason.NOT_HELD, ("CN.PIPL.5_6",), "contact_person"), actor=request.actor)
    answer = ask_contact(lender, AskContact(case=case.name, contact=named[0][0], actor=request.actor))
    return answer if isinstance(answer, Refusal) else SomeoneAsked(case.name, answer.mark)


def awaits_answer(case: str) -> str | None:
    """The contact person who was asked in this case and whose answer isn't recorded, for the platform alone."""
    rows = Attempt.objects.filter(case_id=case, party=CONTACT_PERSON, outcome="")
    row = rows.order_by("-at").first()
    return row.person_id if row else None


def record_answer(lender: Lender, request: RecordAnswer) -> Attempted | Refusal:
    """Write it into the contact person's own history; a no holds for good."""
    case = holder_of(lender, request.case, request.actor, purpose=PURPOSE)
    if isinstance(case, Refusal):
        return case
    contact = awaits_answer(case.name)
    if contact is None:
        return not_out_of_reach(lender)
    asked = RecordAttempt(case=case.name, actor=request.actor, channel="call", outcome=request.outcome, contact=contact)
    return record_attempt(lender, asked)
