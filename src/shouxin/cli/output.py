"""What a command says: documents on stdout, diagnostics on stderr, and the four exit codes.

0 yes · 1 the answer is no, and the document says why · 2 bad input · 3 can't now.  A bug ends in 3 as well, with an
incident id and without one word of what was being handled: a traceback quotes values, and values may be personal.
"""

from __future__ import annotations

import hashlib
import json
import sys
import traceback
from enum import Enum
from pathlib import Path
from typing import Any

YES, NO, BAD, CANNOT = 0, 1, 2, 3
SOURCES = Path(__file__).resolve().parents[1]


class Form(Enum):
    """Who reads: people, or a program that wants one document, or one line for each line it sends."""

    PEOPLE = "people"
    JSON = "json"
    LINES = "jsonl"


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
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


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
    """An incident id for the reader; for the engineer the type and our own lines on stderr, without any value.

    The id is a digest of type and lines, so the same bug has the same id wherever it strikes.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(SOURCES)]
    trail = " > ".join(f"{Path(f.filename).relative_to(SOURCES)}:{f.lineno}" for f in ours)
    incident = hashlib.sha256(f"{type(error).__name__} {trail}".encode()).hexdigest()[:8]
    note(f"shouxin: bug {incident}: {type(error).__name__} at {trail or '?'}")
    message = f"something went wrong inside; please report incident {incident} with the line on stderr"
    return error_document(code="bug", where=incident, message=message)
