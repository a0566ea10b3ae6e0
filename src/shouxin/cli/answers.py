"""The command that answers a person: three files for them, and the answer on standard output."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from shouxin.cli.app import app
from shouxin.cli.call import Answer, Call, command
from shouxin.cli.output import NO, YES, Form


@command(app, "answer")
def answer(
    call: Call,
    subject: Annotated[str, typer.Argument(help="Who asks about their own data.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where bundle.json, answer.json, answer.html go.")],
) -> Any:
    """Answer a person: who held, used, got and was refused their data, and the proof to check it with."""
    from shouxin.usecases.oversight import answer as usecase

    result = usecase.answer(call.lender, usecase.Answer.read({"subject": subject, "lang": call.lang}))
    if not isinstance(result, usecase.Answered):
        return result
    _write(out, "bundle.json", result.bundle)
    _write(out, "answer.json", usecase.as_file(result.document).encode())
    _write(out, "answer.html", result.page.encode())
    code = YES if result.document["verdict"] == "nothing_unlawful_found" else NO
    return Answer(result.document, code, _text(call, result.document) if call.form is Form.PEOPLE else None)


def _text(call: Call, document: dict[str, Any]) -> str:
    """For a terminal: the verdict, six answers, four tables, and what no record can prove; scenes are in the files."""
    from shouxin.cli.show import as_text
    from shouxin.policy.say import say

    def said(key: str) -> str:
        return say(call.lender.policy, call.lang, key)

    parts = [said(f"verdict.{document['verdict']}"), ""]
    for question in document["questions"]:
        evidence = f"{said('evidence.' + question['evidence'])}, {said('by.' + question['by'])}"
        parts += [f"{question['n']}. {said('question.' + str(question['n']))}", f"   {question['detail']} ({evidence})"]
    for verb, rows in (
        ("held", "held"),
        ("used", "uses"),
        ("left", "left"),
        ("refused", "refused"),
        ("contacted", "contacted"),
    ):
        parts += ["", said(f"page.{verb}"), as_text(document[rows]) if document[rows] else said(f"page.empty.{verb}")]
    limits = (said(f"cannot_prove.{name}") for name in document.get("cannot_prove", ()))
    return "\n".join([*parts, "", said("page.limits"), *(f"- {limit}" for limit in limits)])


def _write(folder: Path, name: str, data: bytes) -> None:
    """A file for one person's eyes (0600), replaced as a whole."""
    from shouxin.usecases.lender import BadInput

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = folder / f".{name}.new"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        fresh.replace(folder / name)
    except OSError as error:
        raise BadInput(f"can't be written: {error.strerror}", where=f"--out {name}") from None
