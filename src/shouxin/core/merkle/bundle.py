"""A person's whole history with everything that proves it: one canonical JSON document.

It holds the signed checkpoint; the epoch leaf that the checkpoint ends in; the openings of
entries 1 to N; for each the epoch leaf that closed its batch and the one before that, so
that the batch has two ends; one multiproof over all these leaves; the map's path of entry
N's label; the paths that show that the next number has no label, one for each key; and the
lender's signed statement. Exact keys: ``docs/reference/formats.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shouxin.core.merkle import prefix_tree
from shouxin.core.merkle.canonical import CanonicalError, decode, encode
from shouxin.core.merkle.chain import BEFORE_THE_FIRST, SALT_SIZE, Epoch, LeafError, commit, leaf
from shouxin.core.merkle.form import Form, FormError
from shouxin.core.merkle.note import SIGNATURE_SIZE
from shouxin.core.merkle.person_key import PersonKey
from shouxin.core.merkle.prefix_tree import Pages, PathProof
from shouxin.core.merkle.proof import multiproof
from shouxin.core.merkle.spelling import to_base64
from shouxin.core.merkle.statement import Statement
from shouxin.core.merkle.tree import HASH_SIZE, HashSource, leaf_hash

VERSION = 1


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens entry ``j`` at leaf ``index`` of the log: its salt and record.

    ``commit`` is what the leaf holds; it follows from the rest, and stands here so that a
    reader can say at which entry a chain breaks.
    """

    j: int
    index: int
    salt: bytes
    commit: bytes
    record: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """``epochs`` rise and end in the one the checkpoint ends in; hashes are 32 bytes."""

    note: str
    epochs: tuple[Epoch, ...]
    openings: tuple[Opening, ...]
    proof: tuple[bytes, ...]
    membership: PathProof
    non_membership: tuple[PathProof, ...]
    statement: Statement
    signature: bytes

    def encode(self) -> bytes:
        """The canonical bytes."""
        return encode(
            {
                "v": VERSION,
                "note": self.note,
                "epoch": to_base64(self.epochs[-1].to_leaf()),
                "epochs": [to_base64(one.to_leaf()) for one in self.epochs[:-1]],
                "openings": [_opening_doc(one) for one in self.openings],
                "proof": [to_base64(one) for one in self.proof],
                "membership": _path_doc(self.membership),
                "non_membership": [_path_doc(one) for one in self.non_membership],
                "statement": self.statement.to_doc(),
                "signature": to_base64(self.signature),
            }
        )

    @classmethod
    def parse(cls, raw: bytes) -> Bundle:
        """Read a bundle; raises ``FormError`` for anything but the one spelling of one."""
        try:
            form = Form(decode(raw))
        except CanonicalError as error:
            raise FormError("", str(error), at=error.at) from error
        form.version(VERSION)
        last = form.base64("epoch")
        found = cls(
            note=form.text("note"),
            epochs=tuple(_epoch(one) for one in (*form.base64s("epochs"), last)),
            openings=tuple(_opening(one) for one in form.forms("openings")),
            proof=form.base64s("proof", size=HASH_SIZE),
            membership=_path(form.form("membership")),
            non_membership=tuple(_path(one) for one in form.forms("non_membership")),
            statement=Statement.read(form.form("statement")),
            signature=form.base64("signature", size=SIGNATURE_SIZE),
        )
        form.end()
        return found


def chained(sealed: Iterable[tuple[int, bytes, bytes]], key: PersonKey) -> list[Opening]:
    """Openings 1 to N from (leaf index, salt, record) in order, each committed to the one before."""
    before, openings = BEFORE_THE_FIRST, []
    for j, (index, salt, record) in enumerate(sealed, start=1):
        committed = commit(salt=salt, j=j, before=before, record=record)
        openings.append(Opening(j=j, index=index, salt=salt, commit=committed, record=record))
        before = entry_hash(key, j, committed)
    return openings


def entry_hash(key: PersonKey, j: int, committed: bytes) -> bytes:
    """The leaf hash of entry ``j``."""
    return leaf_hash(leaf(key.label(j), committed))


def assemble(
    *,
    note: str,
    key: PersonKey,
    openings: Sequence[Opening],
    epochs: Sequence[Epoch],
    source: HashSource,
    pages: Pages,
    statement: Statement,
    signature: bytes,
) -> Bundle:
    """Prove ``openings`` (all of them, from ``chained``) under the checkpoint in ``note``.

    ``epochs``, rising by number: of each opening's batch the epoch that closed it and the
    one before, and the last epoch, in which the checkpoint ends. ``source`` and ``pages``
    are those of that moment: read everything in one transaction.
    """
    n = len(openings)
    indices = sorted([*(one.index for one in openings), *(one.index for one in epochs)])
    return Bundle(
        note=note,
        epochs=tuple(epochs),
        openings=tuple(openings),
        proof=tuple(multiproof(indices, epochs[-1].size, source)),
        membership=prefix_tree.prove(pages, key.label(n)),
        non_membership=tuple(prefix_tree.prove(pages, one) for one in key.next_labels(n)),
        statement=statement,
        signature=signature,
    )


def _opening_doc(one: Opening) -> dict[str, object]:
    return {
        "j": one.j,
        "index": one.index,
        "salt": to_base64(one.salt),
        "commit": to_base64(one.commit),
        "record": to_base64(one.record),
    }


def _opening(form: Form) -> Opening:
    found = Opening(
        j=form.whole("j"),
        index=form.whole("index"),
        salt=form.base64("salt", size=SALT_SIZE),
        commit=form.base64("commit", size=HASH_SIZE),
        record=form.base64("record"),
    )
    form.end()
    return found


def _path_doc(path: PathProof) -> dict[str, object]:
    doc: dict[str, object] = {"siblings": [to_base64(one) for one in path.siblings]}
    if path.end is not None:
        doc["end"] = {"label": to_base64(path.end[0]), "leaf_hash": to_base64(path.end[1])}
    return doc


def _path(form: Form) -> PathProof:
    end = None
    if form.has("end"):
        inner = form.form("end")
        end = (inner.base64("label", size=HASH_SIZE), inner.base64("leaf_hash", size=HASH_SIZE))
        inner.end()
    found = PathProof(siblings=form.base64s("siblings", size=HASH_SIZE), end=end)
    form.end()
    return found


def _epoch(data: bytes) -> Epoch:
    try:
        return Epoch.parse(data)
    except LeafError as error:
        raise FormError("epochs", str(error)) from error
