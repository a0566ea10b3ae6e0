"""What the lender says besides what the history shows, signed by the log's key.

``{v, leaf_N, as_of, held: [{field, party, since, until, basis}], questions: […]}``: which
party holds which field, since when (ms), until when (a date or an event, in words of the
lender's; "" when none is set) and on what basis; and the answers that rest on the lender's
word. ``leaf_N`` ties it to the last entry of the history it goes with. A verifier prints
it as *the lender says*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shouxin.core.merkle.canonical import encode
from shouxin.core.merkle.form import Form, FormError
from shouxin.core.merkle.tree import HASH_SIZE

VERSION = 1
CONTEXT = "shouxin-statement/v1"


@dataclass(frozen=True, slots=True)
class Held:
    """One field that one party holds."""

    field: str
    party: str
    since: int
    until: str
    basis: str


@dataclass(frozen=True, slots=True)
class Statement:
    """``leaf_n``: leaf hash of the last entry; ``as_of``: ms; ``questions``: objects as they are."""

    leaf_n: bytes
    as_of: int
    held: tuple[Held, ...] = ()
    questions: tuple[dict[str, Any], ...] = ()

    def to_doc(self) -> dict[str, object]:
        """The object that stands in a bundle."""
        return {
            "v": VERSION,
            "leaf_N": self.leaf_n.hex(),
            "as_of": self.as_of,
            "held": [
                {
                    "field": one.field,
                    "party": one.party,
                    "since": one.since,
                    "until": one.until,
                    "basis": one.basis,
                }
                for one in self.held
            ],
            "questions": list(self.questions),
        }

    def payload(self) -> bytes:
        """What is signed under ``CONTEXT``: the canonical bytes of the object."""
        return encode(self.to_doc())

    @classmethod
    def read(cls, form: Form) -> Statement:
        """Read it out of a bundle; raises ``FormError``."""
        form.version(VERSION)
        found = cls(
            leaf_n=form.hex("leaf_N", size=HASH_SIZE),
            as_of=form.whole("as_of"),
            held=tuple(_held(one) for one in form.forms("held")),
            questions=tuple(_object(one, form) for one in form.items("questions")),
        )
        form.end()
        return found


def _held(form: Form) -> Held:
    found = Held(
        field=form.text("field"),
        party=form.text("party"),
        since=form.whole("since"),
        until=form.text("until"),
        basis=form.text("basis"),
    )
    form.end()
    return found


def _object(value: object, form: Form) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FormError(form.path("questions"), "not a list of objects")
    return value
