"""Who the story is about: the people of a file, or a made-up cast. One JSON object a line.

The first line is the borrower: `name phone id_number` and, if known, `id_valid_until bank_card email income employer
address monthly_obligations`.  The contact person is the first line with a `relation`, else the second; of that line
only `name phone relation` are taken.  All others are enrolled as further customers and have no part in the story.
What the borrower's line leaves out and the story needs comes from the made-up cast.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shouxin.cli.lines import parse
from shouxin.usecases.lender import BadInput, Request

CAST = Path(__file__).with_name("cast.jsonl")
NEEDED = ("bank_card", "email", "income")
"""Without a card nothing is paid out, without an address no reminder arrives, without an income nothing is lent."""
CONTACT = ("name", "phone", "relation")

Person = dict[str, Any]


@dataclass(frozen=True)
class People:
    """The borrower, the one contact person, other customers; `own`: they come from the reader's file."""

    borrower: Person = field(repr=False)
    contact: Person = field(repr=False)
    others: tuple[Person, ...] = field(default=(), repr=False)
    own: bool = False


def read(file: Path | None, *, borrower: type[Request], contact: type[Request]) -> People:
    """The people of `file` (`-`: standard input; None: the cast), checked by the requests that will carry them.

    Raises `BadInput` naming the line and the field, never a value.
    """
    made_up = list(_lines(CAST.read_bytes()))
    given = list(_lines(_bytes(file))) if file else made_up
    if not given:
        raise BadInput("at least one person is expected", where="--people")
    (number, first), rest = given[0], given[1:]
    at = next((at for at, (_, one) in enumerate(rest) if "relation" in one), 0)
    named_on, named = rest.pop(at) if rest else made_up[1]
    first = {name: made_up[0][1][name] for name in NEEDED} | first
    named = {"relation": "friend"} | {name: named[name] for name in CONTACT if name in named}
    for line, person in ((number, first), *rest):
        _check(borrower, person, line)
    _check(contact, {"subject": "of the story", **named}, named_on)
    return People(first, named, tuple(one for _, one in rest), own=file is not None)


def _bytes(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise BadInput(f"can't be read: {error.strerror}", where="--people") from None


def _lines(data: bytes) -> Iterator[tuple[int, Person]]:
    for number, line in enumerate(data.splitlines(), start=1):
        if line.strip():
            try:
                yield number, parse(line)
            except BadInput as error:
                raise _at(number, error) from None


def _check(request: type[Request], person: Person, line: int) -> None:
    try:
        request.read(person)
    except BadInput as error:
        raise _at(line, error) from None


def _at(line: int, error: BadInput) -> BadInput:
    where = f"line {line}" + (f", {error.where}" if error.where else "")
    return BadInput(error.message, where=where, code=error.code)
