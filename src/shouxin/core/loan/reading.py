"""Reading a document strictly, key by key: what is missing, malformed or unknown is named, nothing is skipped."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from shouxin.core.calendar import CalendarError, parse_date
from shouxin.core.money import MoneyError, parse_amount, parse_number, parse_rate
from shouxin.core.rules.refusal import named

Kind = TypeVar("Kind", bound=StrEnum)
Value = TypeVar("Value")
Refuse = Callable[[str, str], Exception]


class Reader:
    """One object of a document. Each method takes a key away; `finish` refuses whatever is left."""

    def __init__(self, document: object, *, where: str, refuse: Refuse) -> None:
        if not isinstance(document, Mapping) or not all(isinstance(key, str) for key in document):
            raise refuse(where, "must be an object")
        self._left = {key: value for key, value in document.items() if value is not None}
        self._prefix = where
        self._refuse = refuse

    def where(self, key: str) -> str:
        """Return the full name of a key, as errors give it."""
        return f"{self._prefix}.{key}" if self._prefix else key

    def error(self, key: str, message: str) -> Exception:
        """Return the error that names `key`."""
        return self._refuse(self.where(key), message)

    def has(self, key: str) -> bool:
        """Return whether `key` stands and was not taken yet."""
        return key in self._left

    def need(self, key: str) -> object:
        """Take a key that must stand."""
        if key not in self._left:
            raise self.error(key, "is missing")
        return self._left.pop(key)

    def text(self, key: str) -> str | None:
        """Take an optional text that is not empty."""
        value = self._left.pop(key, None)
        if value is not None and not (isinstance(value, str) and value):
            raise self.error(key, "must be a text")
        return value

    def amount(self, key: str, currency: str) -> int:
        """Take an amount above zero, in minor units."""
        minor = self._read(key, lambda value, where: parse_amount(value, currency, where=where))
        if minor == 0:
            raise self.error(key, "must be more than zero")
        return minor

    def rate(self, key: str) -> Fraction:
        """Take an exact rate."""
        return self._read(key, lambda value, where: parse_rate(value, where=where))

    def number(self, key: str, *, signed: bool = False) -> Fraction:
        """Take an exact number of any unit."""
        return self._read(key, lambda value, where: parse_number(value, where=where, signed=signed))

    def day(self, key: str) -> date:
        """Take a date that must stand."""
        return self._read(key, lambda value, where: parse_date(value, where=where))

    def optional_day(self, key: str) -> date | None:
        """Take a date that may be left out."""
        return self.day(key) if self.has(key) else None

    def count(self, key: str, *, default: int | None = None, least: int = 0, most: int) -> int:
        """Take a whole number from `least` to `most`."""
        if default is not None and not self.has(key):
            return default
        value = self.need(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.error(key, f"must be a whole number from {least} to {most}")
        return value

    def choice(self, key: str, kind: type[Kind], *, default: Kind, later: tuple[str, ...] = ()) -> Kind:
        """Take one of a closed list; a choice of `later` is known to the contract but not computed yet."""
        if not self.has(key):
            return default
        value = self.need(key)
        if value in later:
            raise self.error(key, f'"{value}" is not supported yet')
        try:
            return kind(str(value))
        except ValueError:
            raise self.error(key, "must be one of " + ", ".join([*kind, *later])) from None

    def fixed(self, key: str, only: str, *, later: tuple[str, ...]) -> None:
        """Take a key of which this version computes one choice alone."""
        value = self._left.pop(key, only)
        if value in later:
            raise self.error(key, f'"{value}" is not supported yet')
        if value != only:
            raise self.error(key, "must be one of " + ", ".join([only, *later]))

    def later(self, *keys: str) -> None:
        """Refuse keys of the contract that are not computed yet; an empty list or object says nothing and passes."""
        for key in keys:
            if self._left.pop(key, None) not in (None, [], {}, ()):
                raise self.error(key, "not supported yet")

    def inner(self, key: str) -> "Reader":
        """Take an object inside this one (an empty one when it is left out)."""
        return Reader(self._left.pop(key, {}), where=self.where(key), refuse=self._refuse)

    def items(self, key: str) -> Sequence[object]:
        """Take a list (an empty one when it is left out)."""
        value = self._left.pop(key, [])
        if not isinstance(value, list | tuple):
            raise self.error(key, "must be a list")
        return value

    def finish(self) -> None:
        """Refuse the first key that nobody took."""
        for key in self._left:
            raise self.error(named(key, "a key"), "unknown key")

    def _read(self, key: str, read: Callable[[object, str], Value]) -> Value:
        try:
            return read(self.need(key), self.where(key))
        except (MoneyError, CalendarError) as error:
            raise self._refuse(error.where, error.message) from None
