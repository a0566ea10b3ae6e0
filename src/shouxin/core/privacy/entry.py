"""The kinds of entry that a history may hold, and the keys of each record.

A closed list with a version: an unknown kind or key is refused. Records hold ids, classes,
purposes, rule ids, pseudonyms and times, never a value of personal data.
"""

from collections.abc import Mapping
from typing import TypeAlias

VERSION = 1

Value: TypeAlias = str | int | list["Value"] | dict[str, "Value"]
Record: TypeAlias = dict[str, Value]

MAX_INT = 2**53 - 1

_ACT = "purpose actor fields forms basis rules policy"
_ACT_MAY = "party case grant evidence"

# kind: (keys that must stand, keys that may). `v kind time` always stand; an entry brought over
# from an older system has `imported_time` besides: the log's own time counts. `asked` is when a
# refusal was given of which this history was told later, so that the asker can't tell whose it
# is; `broken` are the rules against which somebody was contacted all the same.
_SHAPES: dict[str, tuple[str, str]] = {
    "enrolled": ("as", ""),
    "key_issued": ("key", ""),
    "key_rotated": ("to", ""),
    "notice_shown": ("notice version", "lang naming"),
    "consented": ("purpose notice version", ""),
    "withdrawn": ("purpose consent", ""),
    "agreed": ("contract terms", ""),
    "ended": ("contract", ""),
    "stored": ("fields", "naming source"),
    "corrected": ("fields", ""),
    "deleted": ("fields", "naming rules"),
    "restricted": ("fields rule until", ""),
    "unrestricted": ("fields", ""),
    "case_opened": ("case", "rules"),
    "case_closed": ("case", "why"),
    "granted": ("case to", ""),
    "recalled": ("grant", ""),
    "attempted": ("channel outcome actor rules", "case message broken"),
    "reached": ("attempt", ""),
    "unreachable": ("rules attempts", ""),
    "contact_asked": ("naming evidence", ""),
    "paused": ("why", "until"),
    "resumed": ("pause", ""),
    "protected": ("why", ""),
    "unprotected": ("why", ""),
    "used": (_ACT, _ACT_MAY),
    "disclosed": (f"{_ACT} recipient", _ACT_MAY),
    "exported": (f"{_ACT} recipient", _ACT_MAY),
    "returned": ("recipient fields", "case"),
    "refused": ("reason rules actor", "purpose fields case recipient count where asked"),
    "requested": ("right", ""),
    "answered": ("request", "outcome"),
    "decided": ("what outcome policy", "reasons"),
    "appointed": ("role", "party"),
    "dismissed": ("appointment", ""),
    "engaged": ("party", "until"),
    "suspended": ("engagement", "why"),
    "closed": ("", ""),
}
KINDS = tuple(_SHAPES)
FIRST_KINDS = frozenset({"enrolled", "appointed", "engaged"})
USE_KINDS = frozenset({"used", "disclosed", "exported"})
REFERENCES = ("consent", "contract", "case", "grant", "attempt", "pause", "request")
"""Keys whose whole number points at an earlier entry of the same chain."""

_KEYS = {
    kind: (frozenset(must.split()), frozenset(must.split()) | frozenset(may.split()))
    for kind, (must, may) in _SHAPES.items()
}
_COMMON = frozenset({"v", "kind", "time"})
_INTEGERS = frozenset({"v", "time", "imported_time", "until", "count", "asked"})
_LISTS = frozenset({"fields", "forms", "rules", "basis", "attempts", "reasons", "broken"})


class RecordError(ValueError):
    """A record isn't one of this version: `kind` tells an unknown kind from a wrong shape."""

    def __init__(self, where: str, *, unknown_kind: bool = False) -> None:
        super().__init__(f"not a record of version {VERSION}: {where}")
        self.where = where
        self.unknown_kind = unknown_kind


def check_record(record: Mapping[str, Value]) -> None:
    """Raise `RecordError` unless the record has exactly the keys and types of its kind."""
    kind = record.get("kind")
    if not isinstance(kind, str) or kind not in _KEYS:
        raise RecordError("kind", unknown_kind=True)
    if record.get("v") != VERSION:
        raise RecordError("v")
    must, may = _KEYS[kind]
    present = record.keys() - _COMMON - {"imported_time"}
    for key in sorted((must - present) | (present - may) | (_COMMON - record.keys())):
        raise RecordError(key)
    for key, value in record.items():
        if not _fits(kind, key, value):
            raise RecordError(key)


def _fits(kind: str, key: str, value: Value) -> bool:
    if key in _INTEGERS:
        return _is_whole(value)
    if key in _LISTS:
        return isinstance(value, list) and all(map(_is_atom, value))
    if key == "case" and kind in ("case_opened", "refused", "returned"):
        return isinstance(value, str)
    if key == "contract" and kind == "agreed":
        return isinstance(value, str)
    if key in REFERENCES or key in ("appointment", "engagement"):
        return _is_whole(value) and value != 0
    if key == "evidence":
        return _is_whole(value)
    return isinstance(value, str)


def _is_atom(value: Value) -> bool:
    return isinstance(value, str) or _is_whole(value)


def _is_whole(value: Value) -> bool:
    return type(value) is int and 0 <= value <= MAX_INT
