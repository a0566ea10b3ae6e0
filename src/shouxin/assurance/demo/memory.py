"""What the story knows so far, and how a step speaks of it: `$sign.loan`, `@due3+4 22:30`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_MOMENT = re.compile(r"(?P<day>[a-z][a-z0-9_]*)(?P<plus>[+-][0-9]+)?(?: (?P<clock>[0-9]{2}:[0-9]{2}))?")


class NotKnownError(LookupError):
    """A result lacks what a step asks of it; names the path, never a value."""


@dataclass
class Memory:
    """Documents by the step that gave them, and the story's own calendar.

    `days` are names of days: a date, or a reference to one (`$sheet.schedule.instalments.0.due_on`).
    """

    zone: ZoneInfo
    days: Mapping[str, date | str]
    known: dict[str, Any] = field(default_factory=dict, repr=False)

    def find(self, path: str) -> Any:
        """The value at `step.key.key`; a whole number picks from a list, also from its end. Raises `NotKnownError`."""
        value: Any = self.known
        for key in path.split("."):
            value = _pick(value, key, path)
        return value

    def filled(self, value: Any) -> Any:
        """The same JSON value with every `$…` replaced by what it refers to, and every `@…` by that moment."""
        if isinstance(value, str) and value.startswith("$"):
            return self.find(value[1:])
        if isinstance(value, str) and value.startswith("@"):
            return self.moment(value[1:]).isoformat()
        if isinstance(value, Mapping):
            return {key: self.filled(one) for key, one in value.items()}
        return [self.filled(one) for one in value] if isinstance(value, list | tuple) else value

    def moment(self, text: str) -> datetime:
        """`due3+4 22:30` or `$call.next_permitted` as a moment in the lender's zone; noon when no time is said."""
        if text.startswith("$"):
            return datetime.fromisoformat(str(self.find(text[1:]))).astimezone(self.zone)
        parts = _MOMENT.fullmatch(text)
        assert parts, f"not a moment of the story: {text}"
        day = self._day(parts["day"]) + timedelta(days=int(parts["plus"] or 0))
        return datetime.combine(day, time.fromisoformat(parts["clock"] or "12:00"), self.zone)

    def _day(self, name: str) -> date:
        day = self.days[name]
        return day if isinstance(day, date) else date.fromisoformat(str(self.find(day[1:])))


def _pick(value: Any, key: str, path: str) -> Any:
    if isinstance(value, Mapping) and key in value:
        return value[key]
    if isinstance(value, list) and re.fullmatch(r"-?[0-9]+", key) and -len(value) <= int(key) < len(value):
        return value[int(key)]
    raise NotKnownError(path)
