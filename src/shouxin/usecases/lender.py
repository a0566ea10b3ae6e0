"""One lender, handed to every use case, and the form that every request and every bad news takes.

A use case is a request and a function: `class Apply(Request)` and `def apply(lender, request) -> Applied | Refusal`.
What it returns is a frozen dataclass (or a `Refusal` from the closed list); what it can't do for want of sense or
means it raises as a kind of `BadInput` or `CannotNow`, defined beside it.  A bug is a failed assertion.
"""

from __future__ import annotations

import dataclasses
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic.json_schema import SkipJsonSchema

from shouxin.adapters.clock import FixedClock
from shouxin.adapters.ids import Uuid7
from shouxin.core.money import MoneyError, parse_amount
from shouxin.core.privacy.actor import parse_actor
from shouxin.core.privacy.field import NEVER_HELD
from shouxin.core.privacy.party import parse_party
from shouxin.core.rules.refusal import named
from shouxin.outbound.letter import Road
from shouxin.outbound.payment import Gateway

if TYPE_CHECKING:
    from shouxin.policy.load import Policy
    from shouxin.vault.opening import Vault


class Unable(Exception):
    """Not done, and not a refusal: `code` is a word for machines, `where` a file, line, column or field.

    The message never holds a personal value: it is shown, and it may be kept.
    """

    code = "unable"

    def __init__(self, message: str, *, where: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        if code:
            self.code = code


class BadInput(Unable):
    """The request makes no sense as it stands; asking again unchanged will not help."""

    code = "bad_input"


class CannotNow(Unable):
    """The request may be fine, but this lender can't serve it now (vault stopped, log behind, database gone)."""

    code = "cannot_now"


class Clock(Protocol):
    """The only source of the present moment."""

    def now(self) -> datetime:
        """An aware datetime."""
        ...


class Ids(Protocol):
    """The only source of new identifiers."""

    def new(self) -> str:
        """A UUIDv7 in its usual text form."""
        ...


class Chance(Protocol):
    """The only source of unpredictable bytes outside the vault."""

    def token_bytes(self, count: int) -> bytes:
        """`count` bytes that nobody can guess."""
        ...


@dataclass(frozen=True)
class Settings:
    """What a lender is called and where it lives.

    `origin` names the log (and never changes), `zone` is the lender's own time zone, `name` is how it signs letters,
    `site` the address of its pages as messages give it (empty when it has none).
    """

    data_dir: Path
    origin: str
    name: Mapping[str, str]
    zone: ZoneInfo
    mail_from: str
    site: str = ""


@dataclass(frozen=True)
class Lender:
    """Everything a use case may touch, and nothing that it may not: no key, no connection, no clock of its own.

    `clock` may stand where a story wants it; `present` is the machine's own, which no story moves.
    """

    vault: Vault
    policy: Policy
    clock: Clock
    present: Clock
    ids: Ids
    chance: Chance
    settings: Settings
    mail: Road | None = None
    payments: Gateway | None = None
    sms: Road | None = None

    def at(self, moment: datetime) -> Lender:
        """The same lender with its clocks (its own and the vault's) standing at `moment`, an aware datetime."""
        assert moment.tzinfo is not None, "a moment has an offset"
        clock = FixedClock(moment)
        ids = Uuid7(clock=clock, chance=self.chance)
        return replace(self, clock=clock, ids=ids, vault=self.vault.at(clock, ids))

    def told_at(self, moment: datetime, *, where: str) -> Lender:
        """`at`, for a moment that somebody typed in the field or option `where`. Raises `BadInput`."""
        live = self.settings.site.startswith("https://")
        check_moment(moment, now=self.present.now(), live=live, where=where)
        return self.at(moment)

    @property
    def simulated(self) -> bool:
        """Does its clock stand at a moment that somebody chose?"""
        return isinstance(self.clock, FixedClock)

    def today(self) -> date:
        """The date on the lender's own wall."""
        return self.clock.now().astimezone(self.settings.zone).date()


FURTHEST, SLACK = timedelta(days=400), timedelta(seconds=300)


def check_moment(moment: datetime, *, now: datetime, live: bool, where: str) -> None:
    """Raise `BadInput` for a moment so far ahead of `now` that a log written then could be written no more until then.

    A story may be told 400 days ahead; a lender with a public address (`live`) lives in real time.
    """
    if live and moment > now + SLACK:
        raise BadInput("lies ahead, and a lender with a public address lives in real time", where=where)
    if moment > now + FURTHEST:
        raise BadInput("lies more than 400 days ahead: the log would take no entry until then", where=where)


STATED_AMOUNTS = ("income", "monthly_obligations")
"""Fields of a person that are amounts, in the lender's own currency."""


def check_stated(fields: Mapping[str, str], currency: str) -> None:
    """Raise `BadInput`, naming the field, for an amount that could never be counted with."""
    for name in STATED_AMOUNTS:
        if name in fields:
            try:
                parse_amount(fields[name], currency, where=name)
            except MoneyError as error:
                raise BadInput(error.message, where=name) from None


_AMOUNT = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_JOINERS = "\u200c\u200d"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _text(text: str) -> str:
    """PostgreSQL can't hold a NUL, and nobody's name has a line break: one rule on both databases.

    Signs that nobody sees would make two of what looks the same; joiners stay, because some scripts need them.
    """
    kinds = {unicodedata.category(sign) for sign in text if sign not in _JOINERS}
    if kinds & _UNSEEN:
        raise ValueError("a text has no control characters and no signs that nobody sees")
    if kinds <= {"Zs"}:
        raise ValueError("a text isn't blank")
    return text


def _amount(text: str) -> str:
    if not _AMOUNT.fullmatch(text):
        raise ValueError('an amount is a decimal string such as "1087.84"')
    return text


def _actor(text: str) -> str:
    return str(parse_actor(text))


def _party(text: str) -> str:
    return parse_party(text)


def _date(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not _DATE.fullmatch(value):
        raise ValueError("a date is written 2026-11-24")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("there is no such date") from None


def _time(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("a time is written 2026-11-24T10:32:00+08:00") from None
    if moment.tzinfo is None:
        raise ValueError("a time needs its offset, as in 2026-11-24T10:32:00+08:00")
    return moment


Amount = Annotated[
    str,
    AfterValidator(_amount),
    WithJsonSchema({"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]+)?$"}),
]
"""Money as a decimal string; the currency stands beside it and says how many decimals are allowed."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_text)]
"""A short text on one line; the vault limits its bytes."""

ActorName = Annotated[str, AfterValidator(_actor)]
"""Who acts, `role:id` (`collector:k31`, `agent:a07.3`, `borrower:self`)."""

PartyName = Annotated[str, AfterValidator(_party)]
"""An organisation, `kind:id`; a bare id is an agency's."""

Date = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
"""A calendar date, `2026-11-24`."""

Time = Annotated[datetime, BeforeValidator(_time), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment with its offset, `2026-11-24T10:32:00+08:00`."""


class Request(BaseModel):
    """What a use case is asked.  Strict: no coercion, no unknown field, nothing changes afterwards.

    Use `Request.read(document)` for what comes from outside; its errors name the field and never repeat the value.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """The request that a JSON object spells; raises `BadInput` with the first field that is wrong."""
        try:
            return cls.model_validate_json(json.dumps(document))
        except ValidationError as error:
            raise _first_fault(error) from None


class BasicInformation(Request):
    """A request of a person about themself, which takes what its fields say and nothing else.

    Whoever offers an address book, a call log, a location or an album is refused by name, so that the
    refusal can be shown; any other unknown field is bad input.
    """

    offered: SkipJsonSchema[tuple[str, ...]] = ()

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """As `Request.read`; the names of what nobody may offer are set aside in `offered`, their values are gone."""
        if "offered" in document:
            raise BadInput("unknown field", where="offered", code="unknown_field")
        offered = sorted(key for key in document if key.lower() in NEVER_HELD)
        kept = {key: value for key, value in document.items() if key not in offered}
        return super().read(kept | ({"offered": offered} if offered else {}))


_SAID: Mapping[str, str] = {
    "extra_forbidden": "unknown field",
    "missing": "this field is missing",
}


def _first_fault(error: ValidationError) -> BadInput:
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(named(part, "a key") if isinstance(part, str) else str(part) for part in fault["loc"])
    message = _SAID.get(fault["type"], fault["msg"].removeprefix("Value error, "))
    code = "unknown_field" if fault["type"] == "extra_forbidden" else "bad_input"
    return BadInput(message, where=where, code=code)


def to_document(result: object) -> Any:
    """A result as plain JSON values: dataclasses become objects, `None` members are left out, bytes become hex.

    A field that the result calls `from_` or `as_` is written without its underscore; one whose metadata says
    `secret` (a person's key) is never written.
    """
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        shown = (f.name for f in dataclasses.fields(result) if not f.metadata.get("secret"))
        pairs = ((name, getattr(result, name)) for name in shown)
        return {name.rstrip("_"): to_document(value) for name, value in pairs if value is not None}
    if isinstance(result, Mapping):
        return {str(key): to_document(value) for key, value in result.items()}
    if isinstance(result, list | tuple):
        return [to_document(item) for item in result]
    return _scalar(result)


def _scalar(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    assert value is None or isinstance(value, str | int | bool), f"no JSON form for {type(value).__name__}"
    return value
