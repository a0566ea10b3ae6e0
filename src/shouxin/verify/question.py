"""Reads one question of `shouxin proof`: which fields stand in it, and each in its one spelling."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from shouxin.core.merkle.spelling import SpellingError, from_base64, from_decimal, from_hex, to_base64
from shouxin.core.merkle.tree import HASH_SIZE
from shouxin.core.rules.refusal import named

_OF_EVERY_KIND = frozenset({"kind", "enc"})
_ENCODINGS = ("base64", "hex")


class Why(StrEnum):
    """Why a proof isn't one; a closed list."""

    MALFORMED = "malformed"
    OUT_OF_RANGE = "out_of_range"
    WRONG_ROOT = "wrong_root"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_SIGNATURE = "unknown_signature"
    AMBIGUOUS_KEY = "ambiguous_key"
    WRONG_ORIGIN = "wrong_origin"


class Refuse(Exception):
    """The answer is no: why, and in which field."""

    def __init__(self, why: Why, where: str) -> None:
        super().__init__(why.value, where)
        self.why = why
        self.where = where


class QuestionError(ValueError):
    """The fields aren't those of the kind: one is missing or unknown (``where``)."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where
        self.message = message


class Question:
    """The fields of one question; ``given`` are their names without ``kind`` and ``enc``."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.given = frozenset(document) - _OF_EVERY_KIND
        self._enc = document.get("enc", _ENCODINGS[0])

    def form(self, *forms: tuple[str, ...], may: tuple[str, ...] = ()) -> frozenset[str]:
        """The fields that stand, which must be those of one form, and any of `may`."""
        must = self.given - set(may)
        nearest = max(forms, key=lambda form: (len(must & set(form)), -len(form)))
        for name in sorted(set(nearest) - must):
            raise QuestionError(name, "this field is missing")
        for name in sorted(must - set(nearest)):
            raise QuestionError(named(name, "a key"), "unknown field, or not with the others")
        if self._enc not in _ENCODINGS:
            raise Refuse(Why.MALFORMED, "enc")
        return self.given

    def text(self, name: str) -> str:
        """A string that UTF-8 can write."""
        return self._string(self._document[name], name)

    def raw_text(self, name: str) -> str:
        """Field ``name``, or its bytes in ``name_b64``, which must be UTF-8."""
        if name in self.given:
            return self.text(name)
        field = f"{name}_b64"
        try:
            return from_base64(self.text(field)).decode("utf-8")
        except (SpellingError, UnicodeDecodeError):
            raise Refuse(Why.MALFORMED, field) from None

    def texts(self, name: str) -> list[str]:
        """A list of strings."""
        return [self._string(one, name) for one in self._list(name)]

    def number(self, name: str) -> int:
        """A decimal string of 64 bits."""
        try:
            return from_decimal(self.text(name))
        except SpellingError:
            raise Refuse(Why.MALFORMED, name) from None

    def bytes(self, name: str) -> builtins.bytes:
        """Bytes of any length."""
        return self._decoded(self._document[name], name, None)

    def hash(self, name: str) -> builtins.bytes:
        """Exactly 32 bytes."""
        return self._decoded(self._document[name], name, HASH_SIZE)

    def many(self, name: str) -> list[builtins.bytes]:
        """A list of bytes of any length."""
        return [self._decoded(one, name, None) for one in self._list(name)]

    def hashes(self, name: str) -> list[builtins.bytes]:
        """A list of hashes."""
        return [self._decoded(one, name, HASH_SIZE) for one in self._list(name)]

    def written(self, data: builtins.bytes) -> str:
        """Bytes as this question writes them."""
        return data.hex() if self._enc == "hex" else to_base64(data)

    def _list(self, name: str) -> list[Any]:
        value = self._document[name]
        if not isinstance(value, list):
            raise Refuse(Why.MALFORMED, name)
        return value

    def _string(self, value: object, name: str) -> str:
        if not isinstance(value, str) or not _is_utf8(value):
            raise Refuse(Why.MALFORMED, name)
        return value

    def _decoded(self, value: object, name: str, size: int | None) -> builtins.bytes:
        text = self._string(value, name)
        try:
            return from_hex(text, size=size) if self._enc == "hex" else from_base64(text, size=size)
        except SpellingError:
            raise Refuse(Why.MALFORMED, name) from None


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
