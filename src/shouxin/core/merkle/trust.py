"""trust.json: whose signatures a verifier believes, and how old a checkpoint may be.

``{v, origin, log_keys: [{key, from_size, until_size?}], witnesses: [key], quorum, max_age}``.
A person or a newspaper holds it; nothing inside a bundle can change it. Unlike a bundle it
may be laid out by hand, with spaces.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from shouxin.core.merkle.form import Form, FormError
from shouxin.core.merkle.note import COSIGNATURE, ED25519, NoteError, Verifier

VERSION = 1


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key of the log, good for checkpoints of these sizes, both ends included."""

    verifier: Verifier
    from_size: int = 0
    until_size: int | None = None

    def good_for(self, size: int) -> bool:
        """Whether the log may sign a checkpoint of this size with this key."""
        return self.from_size <= size and (self.until_size is None or size <= self.until_size)


@dataclass(frozen=True, slots=True)
class Trust:
    """``quorum``: how many witnesses must have cosigned; ``max_age``: seconds."""

    origin: str
    log_keys: tuple[LogKey, ...]
    witnesses: tuple[Verifier, ...] = ()
    quorum: int = 0
    max_age: int = 86_400

    def to_doc(self) -> dict[str, object]:
        """The document that ``parse`` reads."""
        return {
            "v": VERSION,
            "origin": self.origin,
            "log_keys": [_log_key_doc(one) for one in self.log_keys],
            "witnesses": [one.text for one in self.witnesses],
            "quorum": self.quorum,
            "max_age": self.max_age,
        }

    @classmethod
    def parse(cls, raw: bytes) -> Trust:
        """Read the file; raises ``FormError`` (unknown or repeated keys, bad or shared keys)."""
        form = Form(_json(raw))
        form.version(VERSION)
        found = cls(
            origin=form.text("origin"),
            log_keys=tuple(_log_key(one) for one in form.forms("log_keys")),
            witnesses=tuple(_verifier(key, "witnesses", COSIGNATURE) for key in form.texts("witnesses")),
            quorum=form.whole("quorum"),
            max_age=form.whole("max_age"),
        )
        form.end()
        found._must_make_sense()
        return found

    def _must_make_sense(self) -> None:
        if not self.log_keys:
            raise FormError("log_keys", "no key")
        if self.quorum > len(self.witnesses):
            raise FormError("quorum", "more than there are witnesses")
        keys = [one.verifier for one in self.log_keys] + list(self.witnesses)
        if len({(key.name, key.key_id) for key in keys}) < len(keys):
            raise FormError("log_keys", "two keys of one name and id")


def _log_key(form: Form) -> LogKey:
    found = LogKey(
        verifier=_verifier(form.text("key"), form.path("key"), ED25519),
        from_size=form.whole("from_size"),
        until_size=form.whole("until_size") if form.has("until_size") else None,
    )
    form.end()
    return found


def _log_key_doc(key: LogKey) -> dict[str, object]:
    doc: dict[str, object] = {"key": key.verifier.text, "from_size": key.from_size}
    return doc | ({} if key.until_size is None else {"until_size": key.until_size})


def _verifier(text: str, where: str, kind: int) -> Verifier:
    try:
        found = Verifier.parse(text)
    except NoteError as error:
        raise FormError(where, str(error)) from error
    if found.kind != kind:
        raise FormError(where, f"a key of type {found.kind} where type {kind} must stand")
    return found


def _json(raw: bytes) -> object:
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_distinct)
    except FormError:
        raise
    except (ValueError, RecursionError) as error:
        raise FormError("", "not JSON") from error


def _distinct(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FormError("", "a key stands twice")
    return found
