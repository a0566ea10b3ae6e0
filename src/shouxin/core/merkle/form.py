"""Reading objects strictly: every key taken by name and type, none left over."""

from __future__ import annotations

from collections.abc import Sequence

from shouxin.core.merkle.canonical import NUMBER_MAX
from shouxin.core.merkle.spelling import SpellingError, from_base64, from_hex


class FormError(ValueError):
    """A value is missing, unknown or of the wrong shape.

    ``where`` is its path, empty for the whole file; ``at`` the byte, where one is known.
    """

    def __init__(self, where: str, message: str, *, at: int | None = None) -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where
        self.message = message
        self.at = at


class Form:
    """One JSON object being read. Each ``take`` removes a key; ``end`` wants none to be left."""

    def __init__(self, value: object, where: str = "") -> None:
        if not isinstance(value, dict):
            raise FormError(where, "not an object")
        self._rest: dict[object, object] = dict(value)
        self.where = where

    def path(self, name: str) -> str:
        """How an error names this key."""
        return f"{self.where}.{name}" if self.where else name

    def has(self, name: str) -> bool:
        """Whether a key that may be absent stands and has not been taken."""
        return name in self._rest

    def take(self, name: str) -> object:
        """The value of a key that must stand."""
        if name not in self._rest:
            raise FormError(self.path(name), "missing")
        return self._rest.pop(name)

    def text(self, name: str) -> str:
        """A string."""
        value = self.take(name)
        if not isinstance(value, str):
            raise FormError(self.path(name), "not text")
        return value

    def whole(self, name: str) -> int:
        """A whole number from 0 to 2**53 - 1."""
        value = self.take(name)
        if type(value) is not int or not 0 <= value <= NUMBER_MAX:
            raise FormError(self.path(name), "not a whole number from 0 to 2**53 - 1")
        return value

    def version(self, wanted: int) -> None:
        """The key ``v``, which must be ``wanted``."""
        if self.whole("v") != wanted:
            raise FormError(self.path("v"), f"not version {wanted}")

    def base64(self, name: str, *, size: int | None = None) -> bytes:
        """Bytes in canonical base64."""
        return _bytes(self.take(name), self.path(name), size)

    def base64s(self, name: str, *, size: int | None = None) -> tuple[bytes, ...]:
        """A list of bytes in canonical base64."""
        values = enumerate(self.items(name))
        return tuple(_bytes(value, f"{self.path(name)}[{n}]", size) for n, value in values)

    def hex(self, name: str, *, size: int) -> bytes:
        """Bytes in lower-case hex."""
        try:
            return from_hex(self.text(name), size=size)
        except SpellingError as error:
            raise FormError(self.path(name), str(error)) from error

    def items(self, name: str) -> Sequence[object]:
        """A list of anything."""
        value = self.take(name)
        if not isinstance(value, list):
            raise FormError(self.path(name), "not a list")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        values = self.items(name)
        found = tuple(value for value in values if isinstance(value, str))
        if len(found) != len(values):
            raise FormError(self.path(name), "not a list of texts")
        return found

    def form(self, name: str) -> Form:
        """An object within."""
        return Form(self.take(name), self.path(name))

    def forms(self, name: str) -> list[Form]:
        """A list of objects."""
        values = enumerate(self.items(name))
        return [Form(value, f"{self.path(name)}[{n}]") for n, value in values]

    def end(self) -> None:
        """Refuse keys that nobody asked for."""
        for name in self._rest:
            raise FormError(self.path(str(name)), "unknown key")


def _bytes(value: object, where: str, size: int | None) -> bytes:
    if not isinstance(value, str):
        raise FormError(where, "not text")
    try:
        return from_base64(value, size=size)
    except SpellingError as error:
        raise FormError(where, str(error)) from error
