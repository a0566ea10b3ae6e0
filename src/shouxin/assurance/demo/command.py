"""The command `shouxin demo`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from shouxin.assurance.demo.places import PREFIX
from shouxin.cli.app import app
from shouxin.cli.call import DEFAULT_DATA_DIR, Answer, Call, Done, command
from shouxin.cli.output import NO, YES, Form


@command(app, "demo", lender=False)
def demo(
    call: Call,
    people: Annotated[
        Path | None,
        typer.Option("--people", metavar="F", help="JSON lines: the borrower first, then the contact person; or -."),
    ] = None,
) -> Any:
    """Tell one loan's story in a scratch lender, and have it checked from outside; needs no network."""
    from shouxin.site.wiring import set_up_django

    set_up_django()  # the use cases' tables need a home before they can be imported
    from shouxin.assurance.demo import people as files
    from shouxin.assurance.demo.page import Page
    from shouxin.assurance.demo.tell import tell
    from shouxin.usecases.privacy.contact_person import ContactPerson
    from shouxin.usecases.privacy.enrol import Enrol

    cast = files.read(people, borrower=Enrol, contact=ContactPerson)
    page = Page(silent=call.form is not Form.PEOPLE)
    data_dir = None if call.data_dir is DEFAULT_DATA_DIR else call.data_dir
    telling = tell(cast, data_dir=data_dir, at=call.at, lang=call.lang, page=page)
    code = YES if telling.good else NO
    if call.form is not Form.PEOPLE:
        return Answer(telling.document, code)
    if telling.good:
        frame = telling.words.frame
        page.commands(frame("next"), [(frame(name), line) for name, line in _next(telling.document).items()])
        page.last(frame("done", seconds=telling.document["seconds"]), good=True)
    return Done(code)


def _next(document: dict[str, Any]) -> dict[str, str]:
    """What to run next, ready to copy."""
    home, subject = document["data_dir"], document["subject"]
    files = [document["bundle"], "--trust", document["trust"], "--person", document["person"]]
    out = Path(document["person"]).with_name("answer")
    ask = '{"subject":"%s","actor":"system:reminder","purpose":"reminder","fields":["id_number"]}' % subject  # noqa: UP031
    scratch = Path(home).parent
    done = {"next_clean": shlex.join(["rm", "-r", str(scratch)])} if scratch.name.startswith(PREFIX) else {}
    return {
        "next_verify": shlex.join(["env", "-i", sys.executable, "-I", "-m", "shouxin.verify", *files]),
        "next_use": f"echo {shlex.quote(ask)} | {_program()} {shlex.join(['use', '--data-dir', home])}",
        "next_answer": f"{_program()} {shlex.join(['answer', subject, '--out', str(out), '--data-dir', home])}",
        **done,
    }


def _program() -> str:
    """How this very program is called from anywhere: nothing says that its folder is on the reader's path."""
    own = Path(sys.argv[0]).absolute()
    return shlex.quote(str(own)) if own.name == "shouxin" else shlex.join([sys.executable, "-m", "shouxin"])
