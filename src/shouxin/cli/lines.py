"""Standard input as documents: strict JSON, one document or one a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from shouxin.cli.call import trouble
from shouxin.cli.output import YES, Form, NotWrittenError, print_document
from shouxin.usecases.lender import BadInput

Document = dict[str, Any]


def _no_repeats(pairs: list[tuple[str, Any]]) -> Document:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise BadInput("a key stands twice", code="malformed")
    return document


def _no_constants(name: str) -> Any:
    raise BadInput(f"{name} is not JSON", code="malformed")


def parse(data: bytes) -> Document:
    """One JSON object; raises `BadInput` with line and column, never with the text itself."""
    try:
        document = json.loads(data.decode("utf-8"), object_pairs_hook=_no_repeats, parse_constant=_no_constants)
    except UnicodeDecodeError as error:
        raise BadInput("not UTF-8", where=f"byte {error.start + 1}", code="malformed") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadInput(f"not JSON: {error.msg}", where=where, code="malformed") from None
    except (RecursionError, ValueError):
        raise BadInput("too deep or too long a number", code="malformed") from None
    if not isinstance(document, dict):
        raise BadInput("a JSON object was expected", code="malformed")
    return document


def read_document() -> Document:
    """The one document on standard input."""
    data = sys.stdin.buffer.read()
    if not data.strip():
        raise BadInput("a JSON object is expected on standard input", where="stdin", code="malformed")
    return parse(data)


def _lines() -> Iterator[bytes]:
    while line := sys.stdin.buffer.readline():
        yield line


def answer_lines(handle: Callable[[Document], Any]) -> int:
    """One answer for each line, in order, flushed; gives the exit code.

    A bad line is answered with its error and the others are still done: 2.  A line that could not be served now: 3.
    """
    code = YES
    for number, line in enumerate(_lines(), start=1):
        try:
            answer, worst = handle(parse(line.rstrip(b"\r\n"))), YES
        except (BrokenPipeError, NotWrittenError):
            raise
        except Exception as error:  # noqa: BLE001  a bad line must not stop the others
            answer, worst = trouble(error)
            where = answer["error"]["where"].removeprefix("line 1, ")  # a line by itself is its own line 1
            answer["error"]["where"] = f"line {number}" + (f", {where}" if where else "")
        print_document(answer, Form.LINES)
        code = max(code, worst)
    return code
