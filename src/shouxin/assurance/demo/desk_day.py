"""A day at the desk: a second cast whose loans came from an older system, and what happened about them today.

The log never runs backwards, so their past comes with the import and their payments are dated back; cases, grants,
tries, a deferral and a promise are of the hours since the log's newest entry.
"""

from __future__ import annotations

import csv
import json
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from shouxin.core.calendar import add_months
from shouxin.core.rules.refusal import Refusal
from shouxin.records.loan.models import Loan
from shouxin.usecases.lender import CannotNow, Lender
from shouxin.usecases.loan.defer import Defer, defer
from shouxin.usecases.loan.import_tape import ImportTape, import_tape
from shouxin.usecases.loan.pay import Pay, pay
from shouxin.usecases.loan.statement import Statement, statement
from shouxin.usecases.outreach.grant import Grant, grant
from shouxin.usecases.outreach.may_call import MayCall, may_call
from shouxin.usecases.outreach.open_case import OpenCase, open_case
from shouxin.usecases.outreach.open_number import OpenNumber, open_number
from shouxin.usecases.outreach.record_attempt import RecordAttempt, record_attempt
from shouxin.usecases.outreach.record_promise import RecordPromise, record_promise
from shouxin.usecases.privacy.contact_person import ContactPerson, contact_person

FILE = Path(__file__).with_name("desk_day.toml")
COLUMNS = ("ref", "name", "phone", "id_number", "email", "paid_out", "principal", "months", "annual")
PLACES = (
    "loan.ref",
    "borrower.name",
    "borrower.phone",
    "borrower.id_number",
    "borrower.email",
    "terms.disbursed_on",
    "terms.principal",
    "terms.instalments",
    "terms.rate.annual",
)
_LAST_SAFE_DAY = 28
"""A due date on a later day would move in a short month."""
_ACTS = 40
"""Into so many equal steps the hours are cut; the acts take fewer."""


@dataclass
class _Day:
    """The lender, and the moments of its acts: each later than the one before, the last not later than now."""

    lender: Lender
    now: datetime
    moments: Iterator[datetime]

    def next(self) -> Lender:
        """The lender at the next moment."""
        return self.lender.at(next(self.moments, self.now))


def open_desk(lender: Lender, now: datetime) -> tuple[str, ...]:
    """Bring the cast, and play its day up to `now`; gives the names of the cases. The collector is appointed already.

    Raises `CannotNow` when an act is refused.
    """
    since = min(lender.vault.last_moment(), now)
    step = (now - since) / _ACTS
    day = _Day(lender, now, (since + step * n for n in range(1, _ACTS + 1)))
    cast = _cast()
    _import(day, cast)
    return tuple(_one(day, person, str(cast["actor"])) for person in cast["person"])


def first_of_the_desk() -> Mapping[str, str]:
    """Who is late by fourteen days: a made-up person, by whose phone anybody may sign in at the demo."""
    person: Mapping[str, str] = _cast()["person"][0]
    return person


@cache
def _cast() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def _import(day: _Day, cast: Mapping[str, Any]) -> None:
    today = day.lender.at(day.now).today()
    with tempfile.TemporaryDirectory() as folder:
        tape, said = Path(folder) / "loans.csv", Path(folder) / "map.json"
        with tape.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            rows.writerows(_row(person, today) for person in cast["person"])
        said.write_text(_map(cast), "utf-8")
        answer = _done(import_tape(day.next(), ImportTape(tape=str(tape), map=str(said))), "import_tape")
    if answer.rejected:
        raise CannotNow("a loan of the desk's cast isn't taken", where=str(answer.rejected[0]), code="demo")


def _map(cast: Mapping[str, Any]) -> str:
    columns = {name: {"to": place} for name, place in zip(COLUMNS, PLACES, strict=True)}
    return json.dumps({"v": 1, "terms": cast["terms"], "column": columns})


def _row(person: Mapping[str, Any], today: date) -> tuple[str, ...]:
    paid_out = add_months(_due(person, today), -(person["paid"] + 1))
    given = (person[name] for name in COLUMNS[:5])
    return (*given, paid_out.isoformat(), person["principal"], str(person["instalments"]), person["annual"])


def _due(person: Mapping[str, Any], today: date) -> date:
    """The day on which the first instalment that isn't paid was due."""
    day = today - timedelta(days=person["late"])
    return day.replace(day=min(day.day, _LAST_SAFE_DAY))


def _one(day: _Day, person: Mapping[str, Any], actor: str) -> str:
    """One person's day: past payments, a case, a grant, and what came of it."""
    loan = Loan.objects.get(source_ref=person["ref"], source__startswith="tape:")
    _pay(day, person, loan.id, loan.subject_id)
    _name_contact(day, person, loan.subject_id)
    case = str(_done(open_case(day.next(), OpenCase(subject=loan.subject_id)), "open_case").case)
    _done(grant(day.next(), Grant(case=case, actor=actor)), "grant")
    _try(day, person, case, actor)
    _agree(day, person, loan.id, loan.subject_id)
    _promise(day, person, case, actor)
    return case


def _pay(day: _Day, person: Mapping[str, Any], loan: str, subject: str) -> None:
    """Each on its day and to the cent: what was asked for then, before any penalty."""
    lender = day.next()
    plan = _done(statement(lender, Statement(loan=loan, subject=subject)), "statement")
    for number, row in enumerate(plan["instalments"][: person["paid"]]):
        due = date.fromisoformat(row["due_on"])
        then = _done(statement(lender, Statement(loan=loan, subject=subject, as_of=due)), "statement")
        asked = Pay(
            loan=loan,
            amount=then["instalments"][number]["outstanding"],
            currency=plan["currency"],
            key=f"before-{row['number']}",
            paid_on=due,
        )
        _done(pay(lender, asked), "pay")


def _name_contact(day: _Day, person: Mapping[str, Any], subject: str) -> None:
    if "contact" in person:
        _done(contact_person(day.next(), ContactPerson(subject=subject, **person["contact"])), "contact_person")


def _try(day: _Day, person: Mapping[str, Any], case: str, actor: str) -> None:
    """Calls that the rules allow at their moment, by the number that is opened for each; at night there are none."""
    for outcome in person.get("tries", ()):
        lender = day.next()
        ruling = _done(may_call(lender, MayCall(case=case, actor=actor)), "may_call")
        if ruling["allow"]:
            _done(open_number(lender, OpenNumber(case=case, actor=actor)), "open_number")
            asked = RecordAttempt(case=case, actor=actor, channel="call", outcome=outcome)
            _done(record_attempt(lender, asked), "record_attempt")


def _agree(day: _Day, person: Mapping[str, Any], loan: str, subject: str) -> None:
    if "deferral" in person:
        asked = Defer(subject=subject, loan=loan, instalments=person["deferral"], key="agreed")
        _done(defer(day.next(), asked), "defer")


def _promise(day: _Day, person: Mapping[str, Any], case: str, actor: str) -> None:
    if "promise" in person:
        lender = day.next()
        by = lender.today() + timedelta(days=1)
        asked = RecordPromise(case=case, actor=actor, amount=person["promise"], by=by, key="tomorrow")
        _done(record_promise(lender, asked), "record_promise")


def _done(answer: Any, act: str) -> Any:
    if isinstance(answer, Refusal):
        raise CannotNow(f"{act}: {answer.reason.value} {answer.where}".strip(), where="desk_day", code="demo")
    return answer
