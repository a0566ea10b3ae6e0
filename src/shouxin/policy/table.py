"""Strict reading of one table of a policy file: every key is known, and of its kind."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from shouxin.core.rules.rule import LANGUAGES, Param


class PolicyError(ValueError):
    """A policy file that can't be used: `file` (relative to the policy), `line` where one is known,
    and a message that names the rule, field or key.
    """

    def __init__(self, file: str, message: str, *, line: int | None = None) -> None:
        at = f"{file}:{line}" if line else file
        super().__init__(f"{at}: {message}")
        self.file = file
        self.line = line
        self.message = message


def read_toml(folder: Path, file: str) -> dict[str, object]:
    """The document of `file` below `folder`. Raises `PolicyError`."""
    try:
        return tomllib.loads((folder / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PolicyError(file, "is missing") from None
    except UnicodeDecodeError:
        raise PolicyError(file, "is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise PolicyError(file, str(error), line=int(found[1]) if found else None) from None


class Table:
    """One table: each `take` names a key and its kind; `close` refuses the keys that nobody took."""

    def __init__(self, file: str, where: str, data: object, *, line: int | None = None) -> None:
        self.file, self.where, self._line = file, where, line
        if not isinstance(data, dict):
            raise self.fail("must be a table")
        self._left: dict[str, object] = dict(data)

    def fail(self, message: str) -> PolicyError:
        """The error that names this table."""
        return PolicyError(self.file, f"{self.where}: {message}", line=self._line)

    def has(self, key: str) -> bool:
        """Whether `key` stands and was not taken yet."""
        return key in self._left

    def left(self) -> tuple[str, ...]:
        """The keys that nobody took yet."""
        return tuple(self._left)

    def raw(self, key: str) -> object:
        """The value of `key` whatever it is; it must stand."""
        if key not in self._left:
            raise self.fail(f"{key} is missing")
        return self._left.pop(key)

    def text(self, key: str, among: tuple[str, ...] = ()) -> str:
        """A text that isn't empty, one of `among` where these are given."""
        value = self.raw(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"{key} must be a text")
        if among and value not in among:
            raise self.fail(f"{key} must be one of {', '.join(among)}, not {value}")
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.raw(key)
        if not isinstance(value, bool):
            raise self.fail(f"{key} must be true or false")
        return value

    def whole(self, key: str) -> int:
        """A whole number of 1 or more."""
        value = self.raw(key)
        if type(value) is not int or value < 1:
            raise self.fail(f"{key} must be a whole number of 1 or more")
        return value

    def day(self, key: str) -> date | None:
        """A date; None when the key doesn't stand, for a date that nobody found is not invented."""
        value = self._left.pop(key, None)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.fail(f"{key} must be a date")
        return value

    def words(self, key: str, among: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts, none twice, each of `among` where these are given."""
        value = self.raw(key)
        if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
            raise self.fail(f"{key} must be a list of texts")
        if len(set(value)) < len(value):
            raise self.fail(f"{key} names something twice")
        strange = [word for word in value if among and word not in among]
        if strange:
            raise self.fail(f"{key} must be of {', '.join(among)}, not {strange[0]}")
        return tuple(value)

    def sub(self, key: str) -> "Table":
        """The table below `key`."""
        return Table(self.file, f"{self.where} {key}", self.raw(key), line=self._line)

    def texts(self, key: str) -> Mapping[str, str]:
        """One text for each language."""
        below = self.sub(key)
        found = {language: below.text(language) for language in LANGUAGES}
        below.close()
        return found

    def params(self, key: str) -> dict[str, Param]:
        """Parameters of a rule: whole numbers, texts, flags and lists of texts."""
        below = self.sub(key)
        return {name: below.param(name) for name in below.left()}

    def param(self, key: str) -> Param:
        """One parameter. A fraction is refused: rates are whole parts per million."""
        value = self.raw(key)
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            return tuple(value)
        if isinstance(value, bool | int | str):
            return value
        raise self.fail(f"{key} must be a whole number, a text, a flag or a list of texts")

    def close(self) -> None:
        """Refuse what is left."""
        for key in self._left:
            raise self.fail(f"unknown key {key}")
