"""person.key: the ledger keys of one person, which the person holds from enrolment on.

Canonical JSON ``{v, origin, keys: [{from, key}], leaf_1?}``. A key labels the entries from
number ``from`` to the one before the next key's ``from``; the last of them tells of the
change (``key_rotated``). ``leaf_1`` is the leaf hash of entry 1 and pins the history to the
one that was begun at enrolment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise

from shouxin.core.merkle.canonical import CanonicalError, decode, encode
from shouxin.core.merkle.chain import KEY_SIZE, label
from shouxin.core.merkle.form import Form, FormError
from shouxin.core.merkle.tree import HASH_SIZE

VERSION = 1


@dataclass(frozen=True, slots=True)
class PersonKey:
    """Keys as (from, 32 bytes), rising from 1; ``leaf_1`` is None when it is not known."""

    origin: str
    keys: tuple[tuple[int, bytes], ...] = field(repr=False)
    leaf_1: bytes | None = None

    def label(self, j: int) -> bytes:
        """The label of entry ``j`` under the key of its time."""
        return label([key for start, key in self.keys if start <= j][-1], j)

    def next_labels(self, n: int) -> list[bytes]:
        """The labels that may not exist when the history has ``n`` entries.

        One for each key in use by then: the number after the last entry it labelled.
        """
        ends = [*(start for start, _ in self.keys[1:]), n + 1]
        return [
            label(key, min(end, n + 1)) for (start, key), end in zip(self.keys, ends, strict=True) if start <= n + 1
        ]

    def encode(self) -> bytes:
        """The file's bytes. They are a secret: whoever has them can read the history."""
        doc: dict[str, object] = {
            "v": VERSION,
            "origin": self.origin,
            "keys": [{"from": start, "key": key.hex()} for start, key in self.keys],
        }
        return encode(doc | ({"leaf_1": self.leaf_1.hex()} if self.leaf_1 else {}))

    @classmethod
    def parse(cls, raw: bytes) -> PersonKey:
        """Read the file; raises ``FormError``."""
        try:
            form = Form(decode(raw))
        except CanonicalError as error:
            raise FormError("", str(error), at=error.at) from error
        form.version(VERSION)
        found = cls(
            origin=form.text("origin"),
            keys=tuple(_key(one) for one in form.forms("keys")),
            leaf_1=form.hex("leaf_1", size=HASH_SIZE) if form.has("leaf_1") else None,
        )
        form.end()
        starts = [0, *(start for start, _ in found.keys)]
        if starts[1:2] != [1] or any(after <= before for before, after in pairwise(starts)):
            raise FormError("keys", "the first key is from 1, the others from later")
        return found


def fingerprint(key: bytes) -> str:
    """How an entry names a ledger key: hex of SHA-256("shouxin-key/v1" ‖ 0x00 ‖ key).

    The key is 32 random bytes, so its hash tells nothing of it.
    """
    return sha256(b"shouxin-key/v1\0" + key).hexdigest()


def _key(form: Form) -> tuple[int, bytes]:
    found = form.whole("from"), form.hex("key", size=KEY_SIZE)
    form.end()
    return found
