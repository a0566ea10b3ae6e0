"""What happened to a loan: one frozen value an event, in the shape of the outside contract ("Events").

An account is a pure fold of the terms and these events, so an event that arrives late with an older `on` simply takes
its place. A field that an event's type does not have is an error, and so is a type that is not computed yet.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from shouxin.core.loan.agreed import Part, Terms
from shouxin.core.loan.reading import Reader
from shouxin.core.money import format_amount

MOST_DEFERRED: Final = 120


class EventError(ValueError):
    """An event that cannot be read, or does not fit the account that it meets; `where` names the field."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


class Type(StrEnum):
    """The events that are computed."""

    DISBURSE = "disburse"
    PAY = "pay"
    PAY_FAILED = "pay_failed"
    SETTLE = "settle"
    FEE = "fee"
    PENALTY = "penalty"
    WAIVE = "waive"
    REVERSE = "reverse"
    DEFER = "defer"
    PAUSE_DELINQUENCY = "pause_delinquency"
    RESUME_DELINQUENCY = "resume_delinquency"
    PROMISE = "promise"


_LATER: Final = (
    "pause_interest",
    "re_amortise",
    "re_age",
    "reschedule",
    "rate_change",
    "charge_off",
    "recover",
)


_FIELDS: Final = {
    Type.DISBURSE: {"amount"},
    Type.PAY: {"amount"},
    Type.PAY_FAILED: {"amount"},
    Type.SETTLE: {"amount"},
    Type.FEE: {"amount", "code", "due_on"},
    Type.PENALTY: {"amount", "code", "due_on"},
    Type.WAIVE: {"amount", "part"},
    Type.REVERSE: {"reversed"},
    Type.DEFER: {"instalments"},
    Type.PAUSE_DELINQUENCY: {"pause"},
    Type.RESUME_DELINQUENCY: set[str](),
    Type.PROMISE: {"amount", "promised"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event; only the fields of its type are set. `amount` is in minor units."""

    on: date
    type: Type
    ref: str | None = None
    amount: int = 0
    code: str | None = None
    """Of a fee or penalty: what it is for."""
    due_on: date | None = None
    """Of a fee or penalty: the day that decides to which instalment it belongs."""
    part: Part | None = None
    """Of a waiver: what is let off."""
    of: str | None = None
    """Of a reversal: the `ref` of the event that is undone."""
    instalments: int = 0
    """Of a deferral: by how many due dates everything unpaid moves."""
    begins: date | None = None
    ends: date | None = None
    """Of a pause of delinquency: its first and last day."""
    by: date | None = None
    """Of a promise: the last day on which the amount would be in time. A promise moves no money and no date."""
    where: str = field(default="event", compare=False)
    """The place it was read from, for errors; no part of what happened."""


def parse(doc: object, terms: Terms, *, where: str = "event") -> Event:
    """Return the event that a document states; amounts are in the currency of `terms`. Raises `EventError`."""
    reader = Reader(doc, where=where, refuse=EventError)
    on, type_, ref = reader.day("on"), _type(reader), reader.text("ref")
    has = _FIELDS[type_]
    event = Event(
        on=on,
        type=type_,
        ref=ref,
        amount=reader.amount("amount", terms.currency) if "amount" in has else 0,
        code=reader.text("code") if "code" in has else None,
        due_on=reader.optional_day("due_on") if "due_on" in has else None,
        part=_part(reader) if "part" in has else None,
        of=_of(reader) if "reversed" in has else None,
        instalments=reader.count("instalments", least=1, most=MOST_DEFERRED) if "instalments" in has else 0,
        begins=reader.day("from") if "pause" in has else None,
        ends=reader.day("to") if "pause" in has else None,
        by=reader.day("by") if "promised" in has else None,
        where=where,
    )
    reader.finish()
    if event.begins and event.ends and event.ends < event.begins:
        raise EventError(f"{where}.to", "must not lie before from")
    if event.by and event.by < event.on:
        raise EventError(f"{where}.by", "must not lie before on")
    return event


def _type(reader: Reader) -> Type:
    name = reader.need("type")
    if name in _LATER:
        raise reader.error("type", f'"{name}" is not supported yet')
    if name not in list(Type):
        raise reader.error("type", "must be one of " + ", ".join([*Type, *_LATER]))
    return Type(str(name))


def _part(reader: Reader) -> Part:
    name = reader.need("of")
    if name not in list(Part):
        raise reader.error("of", "must be one of " + ", ".join(Part))
    return Part(str(name))


def _of(reader: Reader) -> str:
    ref = reader.text("of")
    if ref is None:
        raise reader.error("of", "is missing")
    return ref


def to_doc(event: Event, terms: Terms) -> dict[str, object]:
    """Return the event in the shape that `parse` reads back to an equal value."""
    fields = {
        "ref": event.ref,
        "amount": format_amount(event.amount, terms.currency) if event.amount else None,
        "code": event.code,
        "due_on": event.due_on and event.due_on.isoformat(),
        "of": event.of or event.part,
        "instalments": event.instalments or None,
        "from": event.begins and event.begins.isoformat(),
        "to": event.ends and event.ends.isoformat(),
        "by": event.by and event.by.isoformat(),
    }
    stated = {key: str(value) if key == "of" else value for key, value in fields.items() if value is not None}
    return {"on": event.on.isoformat(), "type": event.type.value, **stated}
