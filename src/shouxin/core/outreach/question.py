"""The question: may this person be contacted at this point, by this channel, at this moment?

`parse` reads the shape of the outside contract (`shouxin may-contact`). A question that was
allowed and carried out becomes an `Attempt`; attempts, pauses and what was recorded about the
debtor are the `History` that the next question is answered from.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

PARTIES = ("debtor", "co_borrower", "guarantor", "contact_person", "other")
LIABLE = ("debtor", "co_borrower", "guarantor")
CHANNELS = ("call", "sms", "email", "in_app", "letter", "visit")
REACHED = ("connected", "refused")
"""Outcomes in which the person asked for was there (and may have refused to talk)."""
FAILED = ("no_answer", "busy", "voicemail", "wrong_person", "invalid_number")
"""Outcomes in which the person was not reached."""
OUTCOMES = REACHED + FAILED
SOURCES = (
    "contract",
    "on_file",
    "debtor_authorised",
    "lawfully_public",
    "told_by_contact_on_file",
    "authorised_bureau",
    "other",
)
STATES = ("dead", "incapacitated")


class QuestionError(ValueError):
    """A question that can't be read. `where` names the key."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


@dataclass(frozen=True, slots=True)
class Attempt:
    """A contact that was made. `outcome` None: not known (then it counts as if either had
    happened). `entry` is its number in the person's chain, where it has one.
    """

    case: str
    person: str
    party: str
    point: str
    channel: str
    at: datetime
    outcome: str | None
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """No collection on `case` from `start` until `until` (excluded; None: until it is ended)."""

    case: str
    start: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """The debtor said on the day `on` that they pay by the day `by`; both are days of their own calendar."""

    on: date
    by: date


@dataclass(frozen=True, slots=True)
class Question:
    """Who is to be contacted, where, how and when. `person` is the one who is contacted, `party`
    what they are in the case; `zone` is where they live; `dpd` days past due of the case; `source`
    where the contact point came from; `debtor_states` what is recorded about the debtor; `promises`
    what they promised, the newest of each loan, kept or not; `asked_for`: the person asked for this
    very contact.
    """

    case: str
    person: str
    party: str
    point: str
    channel: str
    at: datetime
    zone: ZoneInfo
    dpd: int
    outcome: str | None = None
    source: str = "on_file"
    debtor_states: frozenset[str] = frozenset()
    promises: tuple[Promise, ...] = ()
    asked_for: bool = False

    def made(self) -> Attempt:
        """The attempt that this question becomes once it was allowed and carried out."""
        return Attempt(self.case, self.person, self.party, self.point, self.channel, self.at, self.outcome)


@dataclass(frozen=True, slots=True)
class History:
    """What happened before, in any order. It must hold at least the attempts to the person, at the
    point, in the case, and to that case's debtor elsewhere; others do no harm.
    """

    attempts: tuple[Attempt, ...] = ()
    pauses: tuple[Pause, ...] = ()


_REQUIRED = ("case", "person", "party", "point", "channel", "at", "tz", "dpd")
_OPTIONAL = ("outcome", "source", "debtor_states", "promises", "asked_for")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def parse(doc: object) -> Question:
    """Read one line of the outside contract. Raises `QuestionError` naming the key."""
    if not isinstance(doc, Mapping):
        raise QuestionError("line", "is not an object")
    for key in doc:
        if key not in _REQUIRED + _OPTIONAL:
            raise QuestionError(str(key), "is not a key of a question")
    return Question(
        case=_text(doc, "case"),
        person=_text(doc, "person"),
        party=_among(doc, "party", PARTIES),
        point=_text(doc, "point"),
        channel=_among(doc, "channel", CHANNELS),
        at=_moment(doc, "at"),
        zone=_zone(doc, "tz"),
        dpd=_days(doc, "dpd"),
        outcome=_among(doc, "outcome", OUTCOMES) if doc.get("outcome") is not None else None,
        source=_among(doc, "source", SOURCES) if "source" in doc else "on_file",
        debtor_states=_states(doc, "debtor_states"),
        promises=_promises(doc, "promises"),
        asked_for=_flag(doc, "asked_for"),
    )


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of an IANA name; None where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _text(doc: Mapping[str, object], key: str) -> str:
    value = doc.get(key)
    if not isinstance(value, str) or not value:
        raise QuestionError(key, "must be a text")
    return value


def _among(doc: Mapping[str, object], key: str, words: tuple[str, ...]) -> str:
    value = doc.get(key)
    if not isinstance(value, str) or value not in words:
        raise QuestionError(key, f"must be one of {', '.join(words)}")
    return value


def _moment(doc: Mapping[str, object], key: str) -> datetime:
    text = _text(doc, key)
    if _TIME.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise QuestionError(key, "must be a date and time with its offset: 2026-11-24T10:32:00+08:00")


def _zone(doc: Mapping[str, object], key: str) -> ZoneInfo:
    zone = zone_named(_text(doc, key))
    if zone is None:
        raise QuestionError(key, "must be an IANA time zone such as Asia/Shanghai")
    return zone


def _days(doc: Mapping[str, object], key: str) -> int:
    value = doc.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise QuestionError(key, "must be a whole number of days, 0 or more")
    return value


def _promises(doc: Mapping[str, object], key: str) -> tuple[Promise, ...]:
    value = doc.get(key, [])
    if not isinstance(value, list):
        raise QuestionError(key, "must be a list of {on, by}")
    return tuple(_promise(one, f"{key}.{place}") for place, one in enumerate(value))


def _promise(value: object, where: str) -> Promise:
    if not isinstance(value, Mapping) or value.keys() != {"on", "by"}:
        raise QuestionError(where, "must be an object with on and by")
    promise = Promise(_day(value["on"], f"{where}.on"), _day(value["by"], f"{where}.by"))
    if promise.by < promise.on:
        raise QuestionError(f"{where}.by", "lies before the day of the promise")
    return promise


def _day(value: object, where: str) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise QuestionError(where, "must be a date: 2026-11-24")


def _flag(doc: Mapping[str, object], key: str) -> bool:
    value = doc.get(key, False)
    if not isinstance(value, bool):
        raise QuestionError(key, "must be true or false")
    return value


def _states(doc: Mapping[str, object], key: str) -> frozenset[str]:
    value = doc.get(key, [])
    if not isinstance(value, list) or any(state not in STATES for state in value):
        raise QuestionError(key, f"must be a list of {', '.join(STATES)}")
    return frozenset(value)
