"""One spelling for each value: lower-case hex, padded standard base64, plain decimals.

Readers here refuse every other way to write the same value, so that two texts that
differ in one bit never mean the same thing.
"""

from __future__ import annotations

import base64
import binascii
import re

U64_MAX = 2**64 - 1
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
"""What no note holds: ASCII control characters but the line feed (C2SP signed-note)."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,19}", re.ASCII)
_HEX = re.compile(r"(?:[0-9a-f]{2})*", re.ASCII)


class SpellingError(ValueError):
    """The text is not the one spelling of any value."""


def to_base64(data: bytes) -> str:
    """Standard alphabet, padded (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, *, size: int | None = None) -> bytes:
    """The bytes that ``to_base64`` would write as ``text``; exactly ``size`` of them if given.

    Refuses white space, the URL alphabet, missing padding and stray trailing bits.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise SpellingError("not padded standard base64") from error
    if to_base64(data) != text:
        raise SpellingError("not the canonical base64 of its bytes")
    _must_have(data, size)
    return data


def from_hex(text: str, *, size: int | None = None) -> bytes:
    """The bytes of a lower-case hex text; exactly ``size`` of them if given."""
    if not _HEX.fullmatch(text):
        raise SpellingError("not lower-case hex")
    data = bytes.fromhex(text)
    _must_have(data, size)
    return data


def from_decimal(text: str) -> int:
    """A whole number from 0 to 2**64 - 1: no sign, no leading zero, no underscore."""
    if not _DECIMAL.fullmatch(text):
        raise SpellingError("not a plain decimal number")
    number = int(text)
    if number > U64_MAX:
        raise SpellingError("a number above 2**64 - 1")
    return number


def _must_have(data: bytes, size: int | None) -> None:
    if size is not None and len(data) != size:
        raise SpellingError(f"{len(data)} bytes where {size} must stand")
