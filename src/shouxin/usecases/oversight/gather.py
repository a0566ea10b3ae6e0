"""Everything that an answer to a person rests on, read once: for the answer's files and for its pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import Lender
from shouxin.usecases.oversight.fall_behind import Scene, simulate
from shouxin.usecases.oversight.questions import STATEMENT, Question, ask
from shouxin.usecases.oversight.told import Told, tell
from shouxin.usecases.privacy import book
from shouxin.vault.history import History


@dataclass(frozen=True)
class Gathered:
    """A person's history, sorted; the rules in force put to their own loan; and the six questions."""

    history: History
    told: Told
    scenes: tuple[Scene, ...]
    questions: tuple[Question, ...]


def gather(lender: Lender, subject: str) -> Gathered | Refusal:
    """Read it for a borrower or a contact person; somebody unknown gets the same refusal as somebody else's."""
    history = lender.vault.history(subject)
    if history is None or history.kind not in SUBJECT_KINDS:
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
    told = tell(history, catalogue=lender.policy.catalogue, zone=lender.settings.zone)
    due_on = book.next_due_on(lender, history.subject) if history.kind == "borrower" else None
    scenes = simulate(lender, due_on or lender.today())
    return Gathered(history, told, scenes, ask(told, scenes, own_loan=due_on is not None))


def prove(lender: Lender, gathered: Gathered) -> bytes:
    """The bundle, with what rests on the lender's word signed into it."""
    said = _signed(lender, gathered.questions)
    bundle = lender.vault.bundle(gathered.history.subject, held=gathered.told.held, questions=said)
    assert bundle is not None, "a chain that was read a moment ago has a bundle"
    return bundle


def question_document(lender: Lender, question: Question, lang: str) -> dict[str, object]:
    """One of the six as it stands in answer.json."""
    return {
        "n": question.n,
        "answer": question.answer,
        "evidence": question.evidence,
        "by": question.by,
        "detail": question.said(lender.policy, lang),
    }


def _signed(lender: Lender, questions: Iterable[Question]) -> list[dict[str, object]]:
    return [
        {
            **question_document(lender, one, "en"),
            "detail_zh": one.said(lender.policy, "zh"),
            "policy": lender.policy.hash,
        }
        for one in questions
        if one.by == STATEMENT
    ]
