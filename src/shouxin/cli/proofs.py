"""`shouxin proof`: checks one proof, note or path by what stands in the question. It needs no lender."""

from __future__ import annotations

from typing import Any

from shouxin.cli.app import app
from shouxin.cli.call import Answer, Call, Done, command
from shouxin.cli.output import NO, YES, Form


@command(app, "proof", lender=False)
def proof(call: Call) -> Any:
    """One proof, note, key or tile path: {kind, enc?, …} on standard input."""
    from shouxin.cli.lines import answer_lines, read_document

    if call.form is Form.LINES:
        return Done(answer_lines(_answered))
    found = _answered(read_document())
    return Answer(found, YES if found["ok"] else NO)


def _answered(document: dict[str, Any]) -> dict[str, Any]:
    from shouxin.usecases.lender import BadInput
    from shouxin.verify.proofs import QuestionError, answer

    try:
        return answer(document)
    except QuestionError as error:
        raise BadInput(error.message, where=error.where) from None
