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


@command(log, "publish")
def publish(call: Call) -> Any:
    """Write what is new to the folder that anybody may serve or copy: D/tiles, as C2SP tlog-tiles."""
    return call.lender.vault.publish()


@command(log, "cosign")
def cosign(
    call: Call,
    lines: Annotated[Path, typer.Argument(metavar="F", help="What `shouxin witness` printed; - for stdin.")],
) -> Any:
    """Take the signature lines of witnesses (policy/witnesses.toml) under the published checkpoint."""
    from shouxin.cli.files import read_bytes
    from shouxin.usecases.lender import to_document

    found = call.lender.vault.cosign(read_bytes(lines).decode("utf-8", "replace"))
    document = to_document(found)
    refused = "reason" in document
    return Answer({"ok": not refused, **document, **({"where": str(lines)} if refused else {})}, NO if refused else YES)


@command(app, "witness", lender=False)
def witness(
    call: Call,
    tiles: Annotated[str, typer.Argument(metavar="TILES", help="The folder of a published log.")],
    trust: Annotated[Path, typer.Option("--trust", metavar="T", help="trust.json: whose log this is.")],
    state: Annotated[Path, typer.Option("--state", metavar="F", help="What this witness saw last, and its key.")],
    name: Annotated[
        str, typer.Option("--name", metavar="N", help="What it is called; counts on first use.")
    ] = "witness",
) -> Done:
    """Go over a log's blinded leaves as an outsider, and cosign its checkpoint; needs no lender."""
    from shouxin.verify.witness import main

    words = [tiles, "--trust", str(trust), "--state", str(state), "--name", name]
    words += ["--at", call.at.isoformat()] if call.at else []
    words += [] if call.form is Form.PEOPLE else ["--json"]
    return Done(main(words))


@command(app, "verify", lender=False)
def verify(
    call: Call,
    bundle: Annotated[str, typer.Argument(metavar="B", help="bundle.json or a receipt of consents; - for stdin.")],
    trust: Annotated[Path, typer.Option("--trust", metavar="T", help="trust.json: whose signatures to believe.")],
    person: Annotated[Path | None, typer.Option("--person", metavar="K", help="person.key, for a history.")] = None,
) -> Done:
    """Verify a history, or a receipt of consents, as an outsider would; needs no lender."""
    from shouxin.verify.__main__ import main

    words = [bundle, "--trust", str(trust), *([] if person is None else ["--person", str(person)])]
    words += ["--at", call.at.isoformat()] if call.at else []
    words += [] if call.form is Form.PEOPLE else ["--json"]
    return Done(main(words))
