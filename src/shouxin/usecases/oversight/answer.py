"""The person's answer: who held, used, got and was refused what, the six questions, and the proof to check it with.

In order: (1) the history is read and sorted; (2) the rules in force are put to the person's own loan; (3) what rests on
the lender's word is signed into the bundle; (4) the very verifier that outsiders run goes over that bundle.  Asking
for one's own history is no use of data and writes no entry.  The caller still owes: the three files to the person
alone, and a look by the person's own device, because a lender that checks itself has checked nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from shouxin.core.merkle.statement import Held
from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import Lender, Request, Text, to_document
from shouxin.usecases.oversight import page
from shouxin.usecases.oversight.fall_behind import Scene
from shouxin.usecases.oversight.findings import Findings
from shouxin.usecases.oversight.gather import gather, prove, question_document
from shouxin.usecases.oversight.told import moment


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
    gathered = gather(lender, request.subject)
    if isinstance(gathered, Refusal):
        return gathered
    history, bundle = gathered.history, prove(lender, gathered)
    findings = Findings(
        subject=history.subject,
        kind=history.kind,
        as_of=lender.clock.now().astimezone(lender.settings.zone),
        told=gathered.told,
        questions=gathered.questions,
        scenes=gathered.scenes,
        verified=lender.vault.verified(history.subject, bundle),
    )
    return Answered(_document(lender, findings, request.lang), bundle, page.render(lender.policy, findings))


def _document(lender: Lender, findings: Findings, lang: str) -> dict[str, Any]:
    questions = [question_document(lender, question, lang) for question in findings.questions]
    told, verified = findings.told, findings.verified
    questions[3]["recipients"] = to_document(told.recipients)
    questions[-1]["scenes"] = [_scene(scene, lang) for scene in findings.scenes]
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


def _scene(scene: Scene, lang: str) -> dict[str, object]:
    rules = [{**to_document(rule), "citation": rule.citation[lang]} for rule in scene.rules]
    return {**to_document(scene), "rules": rules}


def _held(held: Held, lender: Lender) -> dict[str, object]:
    return {**to_document(held), "since": moment(held.since, lender.settings.zone).isoformat(timespec="milliseconds")}


def as_file(document: dict[str, Any]) -> str:
    """answer.json: laid out for reading, in UTF-8."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
