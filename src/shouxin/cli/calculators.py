"""Commands that only calculate: schedule, account, apr. They need no lender and no database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shouxin.cli.app import app
from shouxin.cli.call import Answer, Call, Done, answered, command
from shouxin.cli.output import NO, YES, Form, print_document

if TYPE_CHECKING:
    from shouxin.core.loan.event import Event
    from shouxin.core.loan.terms import Terms

Terms_ = Annotated[Path | None, typer.Option("--terms", metavar="F", help="The terms, TOML or JSON; - for stdin.")]


@command(app, "schedule", lender=False)
def schedule(call: Call, terms: Terms_ = None) -> Any:
    """The plan of a loan: every instalment, what it costs in all, and the yearly rate."""
    from shouxin.cli.files import read_document

    if call.form is Form.LINES and terms is None:
        return _lines(lambda document: _schedule(_only(document, "terms")["terms"]))
    return _schedule(read_document(_needed(terms, "--terms")))


@command(app, "account", lender=False)
def account(
    call: Call,
    terms: Terms_ = None,
    events: Annotated[Path | None, typer.Option("--events", metavar="F", help="JSON lines; - for stdin.")] = None,
    as_of: Annotated[str | None, typer.Option(metavar="D", help="Default: the last event's date.")] = None,
    each: Annotated[bool, typer.Option("--each", help="One line after every event.")] = False,
) -> Any:
    """The state of a loan on a day: a fold of its terms and events."""
    from shouxin.cli.files import read_document, read_lines

    if call.form is Form.LINES and terms is None:
        return _lines(lambda document: _account(_only(document, "terms", "events", "as_of", "each")))
    said = {"terms": read_document(_needed(terms, "--terms")), "events": read_lines(_needed(events, "--events"))}
    states = list(_states(said | ({"as_of": as_of} if as_of else {}), each=each))
    if not each:
        return states[-1]
    for state in states:
        print_document(state, call.form if call.form is Form.PEOPLE else Form.LINES)
    return Done(YES)


@command(app, "apr", lender=False)
def apr(call: Call) -> Any:
    """The yearly cost of a stream of payments: {method, flows, every?, places?} on standard input."""
    from shouxin.cli.lines import read_document

    return _lines(_apr) if call.form is Form.LINES else _apr(read_document())


def _apr(document: dict[str, Any]) -> Answer:
    from shouxin.core.loan import annual_rate

    with _bad_input():
        found = annual_rate.apr(document)
    return Answer(found, NO if found["percent"] is None else YES)


def _schedule(document: Any) -> dict[str, object]:
    from shouxin.core.loan import cost, terms

    with _bad_input():
        return cost.schedule_doc(terms.parse(document))


def _account(document: dict[str, Any]) -> Any:
    from shouxin.usecases.lender import BadInput

    each = document.pop("each", None)
    each = False if each is None else each
    if not isinstance(each, bool):
        raise BadInput("is true or false", where="each")
    states = list(_states(document, each=each))
    return {"each": states} if each else states[-1]


def _states(document: dict[str, Any], *, each: bool) -> Iterator[dict[str, object]]:
    """The account after every event (`each`), or once, as of the day that is asked for."""
    from shouxin.core.loan import event, terms

    with _bad_input():
        agreed = terms.parse(document.get("terms"), where="terms")
        rows = document.get("events", [])
        events = [event.parse(row, agreed, where=f"events[{number}]") for number, row in enumerate(rows)]
        as_of = _day(document.get("as_of"))
        last = max((one.on for one in events), default=agreed.disbursed_on)
        if not each:
            yield _state(agreed, events, as_of or last)
            return
        for count in range(1, len(events) + 1):
            until = max(one.on for one in events[:count])
            yield _state(agreed, events[:count], as_of or until)


def _state(agreed: Terms, events: Sequence[Event], as_of: date) -> dict[str, object]:
    from shouxin.core.loan import statement
    from shouxin.core.loan.account import fold

    return statement.to_doc(fold(agreed, events, as_of=as_of))


def _day(text: object) -> date | None:
    from shouxin.core.calendar import parse_date

    return None if text is None else parse_date(text, where="as_of")


@contextmanager
def _bad_input() -> Iterator[None]:
    """What the core can't read is bad input of ours; the core's errors name the field and repeat no value."""
    from shouxin.core.calendar import CalendarError
    from shouxin.core.loan.annual_rate import RateError
    from shouxin.core.loan.event import EventError
    from shouxin.core.loan.terms import TermsError
    from shouxin.core.money import MoneyError
    from shouxin.usecases.lender import BadInput

    try:
        yield
    except (CalendarError, EventError, MoneyError, RateError, TermsError) as error:
        raise BadInput(error.message, where=error.where) from None


def _lines(handle: Any) -> Done:
    from shouxin.cli.lines import answer_lines

    return Done(answer_lines(lambda document: answered(handle(document)).document))


def _only(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    from shouxin.core.rules.refusal import named
    from shouxin.usecases.lender import BadInput

    for key in document:
        if key not in keys:
            raise BadInput("unknown field", where=named(key, "a key"), code="unknown_field")
    if "terms" not in document:
        raise BadInput("this field is missing", where="terms")
    return document


def _needed(path: Path | None, option: str) -> Path:
    if path is None:
        raise typer.BadParameter(f"{option} is missing")
    return path
