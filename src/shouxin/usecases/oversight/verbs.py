"""Every use case by its name: what `shouxin do` tells a story with, and what an API can offer one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from shouxin.usecases.credit import apply, decide
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
from shouxin.usecases.oversight import answer
from shouxin.usecases.privacy import consent, contact_person, enrol, party, staff, use

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
    "appoint": Verb(staff.Appoint, staff.appoint),
    "dismiss": Verb(staff.Dismiss, staff.dismiss),
    "engage": Verb(party.Engage, party.engage),
    "suspend": Verb(party.Suspend, party.suspend),
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
