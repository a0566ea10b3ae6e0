"""The person's answer: who held, used, got and was refused what, the six questions, and the proof to check it with.

In order: (1) the history is read and sorted; (2) the rules in force are put to the person's own loan; (3) what rests on
the lender's word is signed into the bundle; (4) the very verifier that outsiders run goes over that bundle.  Asking
for one's own history is no use of data and writes no entry.  The caller still owes: the three files to the person
alone, and a look by the person's own device, because a lender that checks itself has checked nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from shouxin.core.merkle.statement import Held
from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import Lender, Request, Text, to_document
from shouxin.usecases.oversight import page
from shouxin.usecases.oversight.fall_behind import simulate
from shouxin.usecases.oversight.findings import Findings
from shouxin.usecases.oversight.questions import STATEMENT, Question, ask
from shouxin.usecases.oversight.told import Told, moment, recipients, tell
from shouxin.usecases.privacy import book
from shouxin.vault.history import History


class Answer(Request):
    """Whose answer, and in which language its `detail` is written."""

    subject: Text
    lang: Literal["zh", "en"] = "en"


@dataclass(frozen=True)
class Answered:
    """`document` is the contract's shape (answer.json), `page` one HTML file in both languages, `bundle` the proof."""

    document: dict[str, Any]
    bundle: bytes = field(repr=False, metadata={"secret": True})
    page: str = field(repr=False, metadata={"secret": True})


def answer(lender: Lender, request: Answer) -> Answered | Refusal:
    """Answer a borrower or a contact person; somebody unknown gets the same refusal as somebody else's."""
    history = lender.vault.history(request.subject)
    if history is None or history.kind not in SUBJECT_KINDS:
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
    until = {party: _contract_end(lender, party) for party in recipients(history)}
    told = tell(history, catalogue=lender.policy.catalogue, zone=lender.settings.zone, until=until)
    due_on = book.next_due_on(lender, history.subject) if history.kind == "borrower" else None
    scenes = simulate(lender, due_on or lender.today())
    questions = ask(told, scenes, own_loan=due_on is not None)
    bundle = _bundle(lender, history, told, questions)
    findings = Findings(
        subject=history.subject,
        kind=history.kind,
        as_of=lender.clock.now().astimezone(lender.settings.zone),
        told=told,
        questions=questions,
        scenes=scenes,
        verified=lender.vault.verified(history.subject, bundle),
    )
    return Answered(_document(lender, findings, request.lang), bundle, page.render(lender.policy, findings))


def _contract_end(lender: Lender, party: str) -> str:
    """The last moment of a party's engagement; "" when it has none or isn't engaged any more."""
    history = lender.vault.history(party)
    until = history.facts.engaged_until if history else 0
    return moment(until, lender.settings.zone).isoformat() if until else ""


def _bundle(lender: Lender, history: History, told: Told, questions: Iterable[Question]) -> bytes:
    said = [_signed(lender, question) for question in questions if question.by == STATEMENT]
    bundle = lender.vault.bundle(history.subject, held=told.held, questions=said)
    assert bundle is not None, "a chain that was read a moment ago has a bundle"
    return bundle


def _signed(lender: Lender, question: Question) -> dict[str, object]:
    document = _question(lender, question, "en")
    return {**document, "detail_zh": question.said(lender.policy, "zh"), "policy": lender.policy.hash}


def _question(lender: Lender, question: Question, lang: str) -> dict[str, object]:
    return {
        "n": question.n,
        "answer": question.answer,
        "evidence": question.evidence,
        "by": question.by,
        "detail": question.said(lender.policy, lang),
    }


def _document(lender: Lender, findings: Findings, lang: str) -> dict[str, Any]:
    questions = [_question(lender, question, lang) for question in findings.questions]
    questions[-1]["scenes"] = to_document(findings.scenes)
    told, verified = findings.told, findings.verified
    document = {
        "v": 1,
        "subject": findings.subject,
        "as_of": findings.as_of.isoformat(timespec="seconds"),
        "verdict": findings.verdict,
        "questions": questions,
        "held": [_held(one, lender) for one in told.held],
        "uses": to_document(told.uses),
        "left": to_document(told.left),
        "refused": to_document(told.refused),
        "contacted": to_document(told.contacted),
        "policy": lender.policy.hash,
    }
    checked = verified.to_doc()
    kept = ("checkpoint", "entries", "cannot_prove", "reason", "where")
    return document | {key: checked[key] for key in kept if key in checked}


def _held(held: Held, lender: Lender) -> dict[str, object]:
    return {**to_document(held), "since": moment(held.since, lender.settings.zone).isoformat(timespec="milliseconds")}


def as_file(document: dict[str, Any]) -> str:
    """answer.json: laid out for reading, in UTF-8."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
