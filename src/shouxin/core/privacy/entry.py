"""The kinds of entry that a history may hold, and the keys of each record.

A closed list with a version: an unknown kind or key is refused. Records hold ids, classes,
purposes, rule ids, pseudonyms and times, never a value of personal data.
"""

from collections.abc import Callable, Mapping
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
# is; `broken` are the rules against which somebody was contacted all the same. `until` of what was disclosed is the
# end of the receiver's contract as it stood then; an engagement without `purposes` and `fields` is from before they
# were kept.
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
    "disclosed": (f"{_ACT} recipient", f"{_ACT_MAY} until"),
    "exported": (f"{_ACT} recipient", _ACT_MAY),
    "returned": ("recipient fields", "case"),
    "refused": ("reason rules actor", "purpose fields case recipient count where asked"),
    "requested": ("right", ""),
    "answered": ("request", "outcome"),
    "decided": ("what outcome policy", "reasons"),
    "appointed": ("role", "party"),
    "dismissed": ("appointment", ""),
    "engaged": ("party", "until agreement purposes fields"),
    "suspended": ("engagement", "why"),
    "closed": ("", ""),
}
KINDS = tuple(_SHAPES)
FIRST_KINDS = frozenset({"enrolled", "appointed", "engaged"})
USE_KINDS = frozenset({"used", "disclosed", "exported"})
REFERENCES = ("consent", "contract", "case", "grant", "attempt", "pause", "request")
"""Keys whose whole number points at an earlier entry of the same chain."""

_COMMON = frozenset({"v", "kind", "time"})
_KEYS = {
    kind: (_COMMON | frozenset(must.split()), _COMMON | {"imported_time"} | frozenset(f"{must} {may}".split()))
    for kind, (must, may) in _SHAPES.items()
}
_INTEGERS = frozenset({"v", "time", "imported_time", "until", "count", "asked"})
_LISTS = frozenset({"fields", "forms", "rules", "basis", "attempts", "reasons", "broken", "purposes"})


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
    (must, may), present = _KEYS[kind], record.keys()
    if not must <= present <= may:
        raise RecordError(min((must - present) | (present - may)))
    fits = _FITS[kind]
    for key, value in record.items():
        if not fits[key](value):
            raise RecordError(key)


def _fitting(kind: str, key: str) -> Callable[[Value], bool]:
    """What a value under this key must be."""
    if key in _INTEGERS or key == "evidence":
        return _is_whole
    if key in _LISTS:
        return _is_list
    if (key == "case" and kind in ("case_opened", "refused", "returned")) or (key == "contract" and kind == "agreed"):
        return _is_text
    if key in REFERENCES or key in ("appointment", "engagement"):
        return _is_number_of_an_entry
    return _is_text


def _is_text(value: Value) -> bool:
    return isinstance(value, str)


def _is_list(value: Value) -> bool:
    return isinstance(value, list) and all(map(_is_atom, value))


def _is_number_of_an_entry(value: Value) -> bool:
    return _is_whole(value) and value != 0


def _is_atom(value: Value) -> bool:
    return isinstance(value, str) or _is_whole(value)


def _is_whole(value: Value) -> bool:
    return type(value) is int and 0 <= value <= MAX_INT


_FITS = {kind: {key: _fitting(kind, key) for key in may} for kind, (_, may) in _KEYS.items()}
"""Looked up, because every entry of every history is checked by it."""
