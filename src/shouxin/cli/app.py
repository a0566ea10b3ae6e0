"""The command line as a whole: its groups, and what becomes of a wrong option."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from shouxin.cli import call, output

app = typer.Typer(
    name="shouxin",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its help alone takes twice as long as everything else of a small command
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(call.everywhere)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.umask(0o077)  # whatever a command writes is its owner's alone
    try:
        code = _run(words)
    except BrokenPipeError:
        code = _without_stdout(141)
    except (output.NotWrittenError, OSError) as error:
        output.note(f"shouxin: standard output: {getattr(error, 'strerror', None) or error}")
        code = _without_stdout(output.CANNOT)
    sys.exit(code)


def _run(words: Sequence[str]) -> int:
    try:
        code = app(words, prog_name="shouxin", standalone_mode=False)
    except typer.TyperException as error:
        code = _misused(words, error)
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except (OSError, output.NotWrittenError):  # a command tells its own; what comes up to here is standard output's
        raise
    except Exception as error:  # noqa: BLE001  a traceback would quote values, and they may be personal
        output.print_error(output.bug_document(error), _form(words))
        code = output.CANNOT
    return code if isinstance(code, int) else output.YES


def _without_stdout(code: int) -> int:
    """Nobody reads it any more; point it at nothing, or the interpreter complains while it shuts down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _misused(words: Sequence[str], error: typer.TyperException) -> int:
    """One line, or one document when a program asked; an argument's value is never repeated."""
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    for word in words[1:]:
        message = message.replace(f"'{word}'", "…") if not word.startswith("-") else message
    message = message.split(" (", 1)[0] if "unexpected extra" in message else message
    if message.startswith("Usage:"):  # a group without its command: the help is the answer
        output.note(message)
    else:
        document = output.error_document(code="usage", where="command line", message=message)
        output.print_error(document, _form(words))
    return int(getattr(error, "exit_code", output.BAD))


def _form(words: Sequence[str]) -> output.Form:
    """The form that was asked for, when the command line itself can't be read."""
    return output.Form.JSON if "--json" in words or "--jsonl" in words else output.Form.PEOPLE
