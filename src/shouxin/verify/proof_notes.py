"""Notes, checkpoints and cosignatures as `shouxin proof` is asked about them (C2SP signed-note, tlog-checkpoint,
tlog-cosignature).
"""

from __future__ import annotations

from typing import Any

from shouxin.core.merkle.checkpoint import Checkpoint, CheckpointError
from shouxin.core.merkle.note import (
    COSIGNATURE,
    SIGNATURE_SIZE,
    AmbiguousKeyError,
    Note,
    NoteError,
    Signature,
    Verifier,
    WrongSignatureError,
    cosigned_at,
    parse_note,
    sorted_out,
)
from shouxin.core.merkle.spelling import SpellingError, from_base64
from shouxin.verify.question import Question, Refuse, Why

LATEST = 2**63 - 1
"""Seconds that a cosignature may say at most."""
_ID, _TIME = 4, 8


def key(asked: Question) -> Verifier:
    """The verifier key in field ``key``, type 1 or 4."""
    return _key(asked.text("key"), "key")


def note(asked: Question) -> dict[str, Any]:
    """A known key signed it, and no known key's signature is wrong."""
    asked.form(("note", "keys"), ("note_b64", "keys"))
    found, where = _note(asked)
    known, unknown = _sorted_out(found, where, _keys(asked, "keys"), of="keys")
    if not known:
        raise Refuse(Why.UNKNOWN_SIGNATURE, where)
    return {"text": found.text, "verified": _names(known), "unverified": _names(unknown)}


def checkpoint(asked: Question) -> dict[str, Any]:
    """Well formed, of this origin, and signed by this log; whoever else is listed either signed or says nothing."""
    may = ("origin", "key", "witnesses")
    asked.form(("note",), ("note_b64",), ("text",), ("text_b64",), may=may)
    found, where = _note(asked) if asked.given & {"note", "note_b64"} else _body(asked)
    said = _checkpoint(found, where)
    if "origin" in asked.given and asked.text("origin") != said.origin:
        raise Refuse(Why.WRONG_ORIGIN, "origin")
    log = [key(asked)] if "key" in asked.given else []
    known, _ = _sorted_out(found, where, [*log, *_keys(asked, "witnesses")], of="witnesses")
    if log and not any(log[0].made(one) for one in known):
        raise Refuse(Why.UNKNOWN_SIGNATURE, where)
    return {
        "origin": said.origin,
        "size": str(said.size),
        "root": asked.written(said.root),
        "extensions": list(said.extensions),
        "verified": _names(known),
    }


def cosignature(asked: Question) -> dict[str, Any]:
    """When a witness says to have seen the checkpoint; with ``signature`` alone that is read and not checked."""
    given = asked.form(("note", "key"), ("note_b64", "key"), ("signature",))
    if "signature" in given:
        return _read(asked)
    found, where = _note(asked)
    _checkpoint(found, where)
    witness = key(asked)
    if witness.kind != COSIGNATURE:
        raise Refuse(Why.MALFORMED, "key")
    known, _ = _sorted_out(found, where, [witness], of="key")
    if not known:
        raise Refuse(Why.UNKNOWN_SIGNATURE, where)
    return {"name": witness.name, "time": _time(known[0], where)}


def _read(asked: Question) -> dict[str, Any]:
    try:
        data = from_base64(asked.text("signature"), size=_ID + _TIME + SIGNATURE_SIZE)
    except SpellingError:
        raise Refuse(Why.MALFORMED, "signature") from None
    read = Signature(name="", key_id=data[:_ID], body=data[_ID:])
    return {"id": read.key_id.hex(), "time": _time(read, "signature")}


def _time(signature: Signature, where: str) -> int:
    seconds = cosigned_at(signature)
    if seconds > LATEST:
        raise Refuse(Why.OUT_OF_RANGE, where)
    return seconds


def _note(asked: Question) -> tuple[Note, str]:
    where = "note" if "note" in asked.given else "note_b64"
    try:
        return parse_note(asked.raw_text("note")), where
    except NoteError:
        raise Refuse(Why.MALFORMED, where) from None


def _body(asked: Question) -> tuple[Note, str]:
    """A note's text by itself, which nobody signed."""
    where = "text" if "text" in asked.given else "text_b64"
    return Note(text=asked.raw_text("text"), signatures=()), where


def _checkpoint(found: Note, where: str) -> Checkpoint:
    try:
        return Checkpoint.parse(found.text)
    except CheckpointError:
        raise Refuse(Why.MALFORMED, where) from None


def _key(text: str, where: str) -> Verifier:
    try:
        return Verifier.parse(text)
    except NoteError:
        raise Refuse(Why.MALFORMED, where) from None


def _keys(asked: Question, name: str) -> list[Verifier]:
    return [_key(text, name) for text in asked.texts(name)] if name in asked.given else []


def _sorted_out(
    found: Note, where: str, keys: list[Verifier], *, of: str
) -> tuple[tuple[Signature, ...], tuple[Signature, ...]]:
    """`of`: the field that a key too many came from."""
    try:
        return sorted_out(found, keys)
    except AmbiguousKeyError:
        raise Refuse(Why.AMBIGUOUS_KEY, of) from None
    except WrongSignatureError:
        raise Refuse(Why.BAD_SIGNATURE, where) from None


def _names(signatures: tuple[Signature, ...]) -> list[str]:
    return [one.name for one in signatures]
