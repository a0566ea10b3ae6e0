"""Commands that put one question or deed a line: use, and any use case by its name."""

from __future__ import annotations

from typing import Any

from shouxin.cli.app import app
from shouxin.cli.call import Answer, Call, answered, command, documents
from shouxin.cli.output import NO, YES
from shouxin.cli.people import Keys


@command(app, "use")
def use(call: Call) -> Any:
    """Use data: {subject, actor, purpose, fields, case?, recipient?} on standard input; the entry comes first."""
    from shouxin.usecases.privacy import use as usecase

    return documents(call, lambda document: usecase.use(call.lender, usecase.Use.read(document)))


@command(app, "do")
def do(call: Call, keys: Keys = None) -> Any:
    """Do any use case by its name, on a date: {on, verb, …} on standard input."""
    from shouxin.cli.keys import KeyFolder
    from shouxin.usecases.lender import to_document
    from shouxin.usecases.oversight.verbs import Diary
    from shouxin.usecases.privacy.tries import NotProved

    folder = KeyFolder(keys)
    diary = Diary(call.lender)

    def one(document: dict[str, Any]) -> Any:
        result = diary.do(document)
        if isinstance(result, NotProved):
            return Answer({"not_proved": to_document(result)}, NO)
        folder.keep(getattr(result, "subject", getattr(result, "contact", "")), getattr(result, "person_key", b""))
        answer = answered(result)
        return Answer({"ok": True, **answer.document}) if answer.code == YES else answer

    return documents(call, one)
