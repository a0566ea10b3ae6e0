"""Commands about the book of loans: import a tape, close a day, a borrower's statement."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shouxin.cli.app import app
from shouxin.cli.call import Answer, Call, answered, command
from shouxin.cli.output import NO, YES, Form

if TYPE_CHECKING:
    from shouxin.usecases.loan.import_tape import Progress


@command(app, "import")
def import_tape(
    call: Call,
    tape: Annotated[Path, typer.Argument(metavar="TAPE", help="The loans, CSV; - for stdin.")],
    map_: Annotated[Path, typer.Option("--map", metavar="M", help="Which column is what, TOML or JSON.")],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Import the others when some rows are bad.")] = False,
) -> Any:
    """Bring another system's loans over."""
    from shouxin.usecases.loan import import_tape as usecase

    request = usecase.ImportTape.read({"tape": str(tape), "map": str(map_), "skip_bad": skip_bad})
    source = sys.stdin.buffer if str(tape) == "-" else None
    result = usecase.import_tape(call.lender, request, source=source, progress=_progress(call))
    answer = answered(result)
    refused_all = isinstance(result, usecase.Imported) and result.rejected and not skip_bad
    return Answer(answer.document, NO) if refused_all else answer


def _progress(call: Call) -> Progress | None:
    """A line that rewrites itself on a terminal, and silence elsewhere."""
    if call.form is not Form.PEOPLE or not sys.stderr.isatty():
        return None

    def told(step: str, done: int, total: int | None) -> None:
        of = f"/{total}" if total else ""
        sys.stderr.write(f"\r{step} {done}{of}")
        sys.stderr.write("\n" if done == total else "")
        sys.stderr.flush()

    return told


@command(app, "close")
def close(call: Call, date: Annotated[str, typer.Option("--date", metavar="D", help="The day that is over.")]) -> Any:
    """The book at the end of a day: loans and balance by bucket."""
    from shouxin.usecases.loan import close as usecase

    return usecase.close(call.lender, usecase.Close.read({"date": date}))


@command(app, "statement")
def statement(
    call: Call,
    loan: Annotated[str, typer.Argument(metavar="LOAN", help="The loan's id.")],
    as_: Annotated[str, typer.Option("--as", metavar="SUBJECT", help="The borrower who asks.")],
) -> Any:
    """A borrower's own statement."""
    from shouxin.usecases.loan import statement as usecase

    said = {"loan": loan, "subject": as_}
    if call.at:
        said["as_of"] = call.at.astimezone(call.lender.settings.zone).date().isoformat()
    result = usecase.statement(call.lender, usecase.Statement.read(said))
    return Answer(result, YES) if isinstance(result, dict) else result
