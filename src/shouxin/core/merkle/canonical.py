r"""Canonical JSON: one text for one value, so that hashing the text is hashing the value.

UTF-8 in normal form NFC, keys sorted by code point, no spaces, and only four kinds of
value: text, whole numbers from 0 to 2**53 - 1, lists and objects. Escapes are those of
RFC 8785: the short ones, else ``\u00xx`` in lower case for control characters only.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any, TypeAlias, cast

Json: TypeAlias = "str | int | list[Json] | dict[str, Json]"

NUMBER_MAX = 2**53 - 1
DEPTH_MAX = 32
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class CanonicalError(ValueError):
    """The value has no canonical form, or the bytes are not the canonical form of a value.

    ``at`` is the first byte that is wrong, where one can be named.
    """

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message if at is None else f"{message} at byte {at}")
        self.at = at


def encode(value: object) -> bytes:
    """The canonical bytes of ``value`` (str, int, list or tuple, dict with str keys).

    Raises ``CanonicalError`` for anything else: floats, booleans, None, negative or huge
    numbers, text that is not NFC or holds a lone surrogate, nesting deeper than 32.
    """
    _must_be_plain(value, DEPTH_MAX)
    return _ENCODER.encode(value).encode("utf-8")


def decode(raw: bytes) -> Json:
    """The value whose canonical bytes are exactly ``raw``; else ``CanonicalError``.

    Writing the value again and comparing also finds a key that stands twice.
    """
    value = _parsed(raw)
    if (again := encode(value)) != raw:
        raise CanonicalError("not in canonical form", _first_difference(raw, again))
    return cast(Json, value)


def _parsed(raw: bytes) -> object:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CanonicalError("not UTF-8", error.start) from error
    try:
        return json.loads(
            text,
            parse_int=_whole_number,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except json.JSONDecodeError as error:
        raise CanonicalError("not JSON", len(text[: error.pos].encode())) from error
    except RecursionError as error:
        raise CanonicalError(f"nested deeper than {DEPTH_MAX}") from error


def _first_difference(raw: bytes, again: bytes) -> int:
    """Where two texts of one value part; the search halves, as they may be long."""
    same, apart = 0, min(len(raw), len(again))
    while same < apart:
        middle = (same + apart + 1) // 2
        if raw[:middle] == again[:middle]:
            same = middle
        else:
            apart = middle - 1
    return same


def _whole_number(text: str) -> int:
    # Long digit strings are refused before they are converted: int() of a million digits is slow.
    if len(text) > len(str(NUMBER_MAX)):
        raise CanonicalError("a number above 2**53 - 1")
    return int(text)


def _no_float(_text: str) -> object:
    raise CanonicalError("a number that is not whole")


def _must_be_plain(value: object, depth: int) -> None:
    if isinstance(value, str):
        _must_be_nfc(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= NUMBER_MAX:
            raise CanonicalError("a number outside 0 to 2**53 - 1")
    elif depth == 0:
        raise CanonicalError(f"nested deeper than {DEPTH_MAX}")
    elif isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise CanonicalError("a key that is not text")
            if not key.isascii():
                _must_be_nfc(key)
        _must_all_be_plain(value.values(), depth - 1)
    elif isinstance(value, (list, tuple)):
        _must_all_be_plain(value, depth - 1)
    else:
        raise CanonicalError(f"a value of type {type(value).__name__}")


def _must_all_be_plain(values: Iterable[Any], depth: int) -> None:
    for value in values:  # an entry has many, and most are plain at first sight
        kind = type(value)
        if kind is list and depth:
            _must_all_be_plain(value, depth - 1)
        elif not ((kind is str and value.isascii()) or (kind is int and 0 <= value <= NUMBER_MAX)):
            _must_be_plain(value, depth)


def _must_be_nfc(text: str) -> None:
    if text.isascii():
        return
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise CanonicalError("a lone surrogate")
    if not unicodedata.is_normalized("NFC", text):
        raise CanonicalError("text that is not NFC")
