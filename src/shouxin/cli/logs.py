"""Commands about the log and its proofs: whom to believe, where it stands, is it whole, does a file verify."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from shouxin.cli.app import app
from shouxin.cli.call import Answer, Call, Done, command
from shouxin.cli.output import NO, YES, Form

log = typer.Typer(help="The log: its key, its newest checkpoint, its audit.", no_args_is_help=True)
app.add_typer(log, name="log")


@command(log, "trust")
def trust(call: Call) -> Any:
    """trust.json: whose signature a verifier believes. Keep a copy; nothing in a bundle can replace it."""
    text = call.lender.vault.trust().decode()
    return Answer(json.loads(text), text=text)


@command(log, "checkpoint")
def checkpoint(call: Call) -> Any:
    """The newest signed checkpoint, as the C2SP note that any tool of the kind reads."""
    note = call.lender.vault.checkpoint()
    return Answer({"checkpoint": note}, text=note)


@command(log, "audit")
def audit(call: Call) -> Any:
    """Read the whole log again and compare every hash, page and tile with what is stored."""
    from shouxin.usecases.lender import to_document

    found = call.lender.vault.audit()
    return Answer(to_document(found), NO if found.faults else YES)


@command(app, "verify", lender=False)
def verify(
    call: Call,
    bundle: Annotated[str, typer.Argument(metavar="B", help="bundle.json, or - for standard input.")],
    trust: Annotated[Path, typer.Option("--trust", metavar="T", help="trust.json: whose signatures to believe.")],
    person: Annotated[Path, typer.Option("--person", metavar="K", help="person.key: the key from enrolment.")],
) -> Done:
    """Verify a history as an outsider would; needs no lender."""
    from shouxin.verify.__main__ import main

    words = [bundle, "--trust", str(trust), "--person", str(person)]
    words += ["--at", call.at.isoformat()] if call.at else []
    words += [] if call.form is Form.PEOPLE else ["--json"]
    return Done(main(words))
