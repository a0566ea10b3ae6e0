"""What a command says: documents on stdout, diagnostics on stderr, and the four exit codes.

0 yes · 1 the answer is no, and the document says why · 2 bad input · 3 can't now.  A bug ends in 3 as well, with an
incident id and without one word of what was being handled: a traceback quotes values, and values may be personal.
"""

from __future__ import annotations

import json
import sys
from enum import Enum
from typing import Any

YES, NO, BAD, CANNOT = 0, 1, 2, 3


class Form(Enum):
    """Who reads: people, or a program that wants one document, or one line for each line it sends."""

    PEOPLE = "people"
    JSON = "json"
    LINES = "jsonl"


class NotWrittenError(Exception):
    """Standard output takes no more (a full disk): the message is the system's own word for it."""


def print_document(document: Any, form: Form) -> None:
    """One JSON line on stdout, flushed, in UTF-8 whatever the locale; or readable text."""
    if form is Form.PEOPLE:
        from shouxin.cli.show import as_text

        text = as_text(document)
    else:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    _write(text + "\n")


def print_text(text: str) -> None:
    """Text for people on stdout."""
    _write(text if text.endswith("\n") else text + "\n")


def _write(text: str) -> None:
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise NotWrittenError(error.strerror) from None


def note(text: str) -> None:
    """One diagnostic line on stderr."""
    sys.stderr.write(text.rstrip("\n") + "\n")
    sys.stderr.flush()


def error_document(*, code: str, where: str, message: str) -> dict[str, Any]:
    """The one shape of an error."""
    return {"error": {"code": code, "where": where, "message": message}}


def print_error(document: dict[str, Any], form: Form) -> None:
    """An error: the document for a program, one line on stderr for people."""
    if form is not Form.PEOPLE:
        print_document(document, form)
        return
    error = document["error"]
    where = f"{error['where']}: " if error["where"] else ""
    note(f"shouxin: {where}{error['message']}")


def bug_document(error: BaseException) -> dict[str, Any]:
    """An incident id for the reader; for the engineer the type and our own lines on stderr, without any value."""
    from shouxin.site.trouble import incident

    number, trail = incident(error)
    note(f"shouxin: bug {number}: {trail}")
    message = f"something went wrong inside; please report incident {number} with the line on stderr"
    return error_document(code="bug", where=number, message=message)
