"""Every use case by its name: what `shouxin do` tells a story with, and what an API can offer one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from shouxin.usecases.credit import answer_review, apply, ask_review, decide
from shouxin.usecases.lender import BadInput, Lender, Request
from shouxin.usecases.loan import (
    close,
    cost_sheet,
    defer,
    disburse,
    import_tape,
    pay,
    sign,
    simulate_defer,
    state,
    statement,
)
from shouxin.usecases.outreach import (
    ask_contact,
    ask_someone,
    case_view,
    close_case,
    entrust,
    grant,
    may_call,
    open_case,
    open_number,
    recall,
    record_attempt,
    record_promise,
    remind,
    remind_in_case,
    send_outbox,
    take_back,
    worklist,
)
from shouxin.usecases.oversight import answer, answer_kin
from shouxin.usecases.privacy import (
    consent,
    consent_receipt,
    contact_person,
    correct,
    enrol,
    erase,
    issue_key,
    let_go,
    lodge_kin,
    own_fields,
    party,
    remind_desk,
    replace_key,
    retain,
    rights_inbox,
    rights_of,
    staff,
    step_up,
    take_back_request,
    use,
)

OPENING_TIME = time(10, 0)
"""What a bare date means: the lender's counter opens."""


@dataclass(frozen=True)
class Verb:
    """What is asked, and the function that does it."""

    request: type[Request]
    function: Callable[[Lender, Any], object]


VERBS: Mapping[str, Verb] = {
    "enrol": Verb(enrol.Enrol, enrol.enrol),
    "contact_person": Verb(contact_person.ContactPerson, contact_person.contact_person),
    "consent": Verb(consent.Consent, consent.consent),
    "withdraw": Verb(consent.Withdraw, consent.withdraw),
    "decline": Verb(consent.Decline, consent.decline),
    "consent_receipt": Verb(consent_receipt.ConsentReceipt, consent_receipt.consent_receipt),
    "ask_code": Verb(step_up.AskStepUp, step_up.ask_code),
    "prove_code": Verb(step_up.StepUp, step_up.prove_code),
    "issue_key": Verb(issue_key.IssueKey, issue_key.issue_key),
    "replace_key": Verb(replace_key.ReplaceKey, replace_key.replace_key),
    "correct": Verb(correct.Correct, correct.correct),
    "confirm_correction": Verb(correct.ConfirmCorrection, correct.confirm_correction),
    "restrict_field": Verb(own_fields.RestrictField, own_fields.restrict_field),
    "delete_field": Verb(own_fields.DeleteField, own_fields.delete_field),
    "ask_review": Verb(ask_review.AskReview, ask_review.ask_review),
    "answer_review": Verb(answer_review.AnswerReview, answer_review.answer_review),
    "lodge_kin": Verb(lodge_kin.LodgeKin, lodge_kin.lodge_kin),
    "answer_kin": Verb(answer_kin.AnswerKin, answer_kin.answer_kin),
    "take_back_request": Verb(take_back_request.TakeBackRequest, take_back_request.take_back_request),
    "rights_of": Verb(rights_of.RightsOf, rights_of.rights_of),
    "rights_inbox": Verb(rights_inbox.RightsInbox, rights_inbox.rights_inbox),
    "remind_desk": Verb(remind_desk.RemindDesk, remind_desk.remind_desk),
    "erase": Verb(erase.Erase, erase.erase),
    "let_go": Verb(let_go.LetGo, let_go.let_go),
    "retain": Verb(retain.Retain, retain.retain),
    "appoint": Verb(staff.Appoint, staff.appoint),
    "dismiss": Verb(staff.Dismiss, staff.dismiss),
    "engage": Verb(party.Engage, party.engage),
    "suspend": Verb(party.Suspend, party.suspend),
    "gave_back": Verb(party.GaveBack, party.gave_back),
    "use": Verb(use.Use, use.use),
    "apply": Verb(apply.Apply, apply.apply),
    "decide": Verb(decide.Decide, decide.decide),
    "cost_sheet": Verb(cost_sheet.CostSheet, cost_sheet.cost_sheet),
    "sign": Verb(sign.Sign, sign.sign),
    "disburse": Verb(disburse.Disburse, disburse.disburse),
    "draw": Verb(disburse.Disburse, disburse.disburse),
    "pay": Verb(pay.Pay, pay.pay),
    "simulate_defer": Verb(simulate_defer.SimulateDefer, simulate_defer.simulate_defer),
    "defer": Verb(defer.Defer, defer.defer),
    "statement": Verb(statement.Statement, statement.statement),
    "state": Verb(state.State, state.state),
    "import_tape": Verb(import_tape.ImportTape, import_tape.import_tape),
    "close": Verb(close.Close, close.close),
    "open_case": Verb(open_case.OpenCase, open_case.open_case),
    "close_case": Verb(close_case.CloseCase, close_case.close_case),
    "close_cured": Verb(close_case.CloseCured, close_case.close_cured),
    "grant": Verb(grant.Grant, grant.grant),
    "recall": Verb(recall.Recall, recall.recall),
    "entrust": Verb(entrust.Entrust, entrust.entrust),
    "take_back": Verb(take_back.TakeBack, take_back.take_back),
    "remind": Verb(remind.Remind, remind.remind),
    "send_outbox": Verb(send_outbox.SendOutbox, send_outbox.send_outbox),
    "may_call": Verb(may_call.MayCall, may_call.may_call),
    "record_attempt": Verb(record_attempt.RecordAttempt, record_attempt.record_attempt),
    "ask_contact": Verb(ask_contact.AskContact, ask_contact.ask_contact),
    "worklist": Verb(worklist.Worklist, worklist.worklist),
    "case_view": Verb(case_view.CaseView, case_view.case_view),
    "open_number": Verb(open_number.OpenNumber, open_number.open_number),
    "remind_in_case": Verb(remind_in_case.RemindInCase, remind_in_case.remind_in_case),
    "record_promise": Verb(record_promise.RecordPromise, record_promise.record_promise),
    "ask_someone": Verb(ask_someone.AskSomeone, ask_someone.ask_someone),
    "record_answer": Verb(ask_someone.RecordAnswer, ask_someone.record_answer),
    "answer": Verb(answer.Answer, answer.answer),
}


class Diary:
    """Does one line after the other, each on its date.

    `on` is a time with its offset, or a date: then it is 10:00 in the lender's zone, or a second after the line before
    when that was later on the same day.  Without `on` it is the lender's own clock.
    """

    def __init__(self, lender: Lender) -> None:
        self._lender = lender
        self._before: datetime = lender.vault.last_moment()

    def do(self, document: Mapping[str, Any]) -> object:
        """The result of the use case, or its `Refusal`; raises `BadInput` naming the field."""
        said = dict(document)
        verb = _verb(said.pop("verb", None))
        on = said.pop("on", None)
        moment = self._moment(on)
        lender = self._lender.at(moment) if on is None else self._lender.told_at(moment, where="on")
        request = verb.request.read(said)
        self._before = moment
        return verb.function(lender, request)

    def _moment(self, on: object) -> datetime:
        if on is None:
            return self._lender.clock.now()
        if isinstance(on, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", on):
            return self._opening(on)
        try:
            moment = datetime.fromisoformat(on) if isinstance(on, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise BadInput("a date, or a time with its offset", where="on")
        return moment

    def _opening(self, on: str) -> datetime:
        try:
            day = date.fromisoformat(on)
        except ValueError:
            raise BadInput("there is no such date", where="on") from None
        opening = datetime.combine(day, OPENING_TIME, self._lender.settings.zone)
        before = self._before.astimezone(self._lender.settings.zone)
        return max(opening, before + timedelta(seconds=1)) if before.date() == day else opening


def _verb(name: object) -> Verb:
    verb = VERBS.get(name) if isinstance(name, str) else None
    if verb is None:
        raise BadInput(f"one of {', '.join(VERBS)}", where="verb", code="unknown_verb")
    return verb
