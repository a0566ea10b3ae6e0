"""One proof by what stands in the question: no log, no vault, no files (`shouxin proof`).

``answer`` takes one object with a ``kind`` and gives ``{"ok": true, …}`` or ``{"ok": false, "reason", "where"}``.
Indices and sizes are decimal strings of 64 bits; bytes are in ``enc`` (``base64`` or ``hex``), and an answer uses the
same. What comes from outside and is malformed is refused; a question whose fields aren't those of its kind raises
``QuestionError``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from shouxin.core.merkle.proof import ProofError, verify_consistency, verify_inclusion
from shouxin.core.merkle.subtree import stands_alone, verify_in_subtree, verify_subtree
from shouxin.core.merkle.tile_path import ENTRIES, FULL, LAST_LEVEL, TileError, TilePath, bundle_of, unpack
from shouxin.core.merkle.tree import leaf_hash, root_of
from shouxin.verify import proof_notes
from shouxin.verify.question import Question, QuestionError, Refuse, Why

__all__ = ["KINDS", "QuestionError", "Why", "answer"]

Found: TypeAlias = dict[str, Any]


def answer(document: Mapping[str, Any]) -> Found:
    """The answer to one question. Raises ``QuestionError`` for one that isn't one."""
    kind = document.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise QuestionError("kind", "one of " + ", ".join(KINDS))
    asked = Question(document)
    try:
        return {"ok": True, **KINDS[kind](asked)}
    except Refuse as refusal:
        return {"ok": False, "reason": refusal.why.value, "where": refusal.where}


def _root(asked: Question) -> Found:
    given = asked.form(("leaves",), ("leaf_hashes",), ())
    if "leaves" in given:
        hashes = [leaf_hash(one) for one in asked.many("leaves")]
    else:
        hashes = asked.hashes("leaf_hashes") if given else []
    return {"size": str(len(hashes)), "root": asked.written(root_of(hashes))}


def _inclusion(asked: Question) -> Found:
    asked.form(("leaf", "index", "size", "proof", "root"), ("leaf_hash", "index", "size", "proof", "root"))
    index, size = asked.number("index"), asked.number("size")
    leaf, proof, root = _leaf(asked), asked.hashes("proof"), asked.hash("root")
    if index >= size:
        raise Refuse(Why.OUT_OF_RANGE, "index")
    _led(lambda: verify_inclusion(leaf, index=index, size=size, proof=proof), root)
    return {}


def _consistency(asked: Question) -> Found:
    asked.form(("size1", "size2", "root1", "root2", "proof"))
    size1, size2 = asked.number("size1"), asked.number("size2")
    root1, root2, proof = asked.hash("root1"), asked.hash("root2"), asked.hashes("proof")
    if not 0 < size1 <= size2:
        raise Refuse(Why.OUT_OF_RANGE, "size1")
    _both(lambda: verify_consistency(size1=size1, size2=size2, root1=root1, proof=proof), root1, root2)
    return {}


def _subtree(asked: Question) -> Found:
    inside = ("start", "end", "index", "proof", "root")
    given = asked.form((*inside, "leaf"), (*inside, "leaf_hash"), ("start", "end", "size", "root1", "root2", "proof"))
    start, end = asked.number("start"), asked.number("end")
    if not stands_alone(start, end):
        raise Refuse(Why.OUT_OF_RANGE, "end" if end < start else "start")
    return _leaf_in_subtree(asked, start, end) if "index" in given else _subtree_in_tree(asked, start, end)


def _leaf_in_subtree(asked: Question, start: int, end: int) -> Found:
    index = asked.number("index")
    leaf, proof, root = _leaf(asked), asked.hashes("proof"), asked.hash("root")
    if not start <= index < end:
        raise Refuse(Why.OUT_OF_RANGE, "index")
    _led(lambda: verify_in_subtree(leaf, index=index, start=start, end=end, proof=proof), root)
    return {}


def _subtree_in_tree(asked: Question, start: int, end: int) -> Found:
    size = asked.number("size")
    root1, root2, proof = asked.hash("root1"), asked.hash("root2"), asked.hashes("proof")
    if end > size:
        raise Refuse(Why.OUT_OF_RANGE, "end")
    _both(lambda: verify_subtree(start=start, end=end, size=size, root=root1, proof=proof), root1, root2)
    return {}


def _leaf(asked: Question) -> bytes:
    return leaf_hash(asked.bytes("leaf")) if "leaf" in asked.given else asked.hash("leaf_hash")


def _led(walk: Callable[[], bytes], root: bytes) -> None:
    if _walked(walk) != root:
        raise Refuse(Why.WRONG_ROOT, "root")


def _both(walk: Callable[[], tuple[bytes, bytes | None]], root1: bytes, root2: bytes) -> None:
    first, second = _walked(walk)
    if first != root1:
        raise Refuse(Why.WRONG_ROOT, "root1")
    if second is not None and second != root2:
        raise Refuse(Why.WRONG_ROOT, "root2")


def _walked(walk: Callable[[], Any]) -> Any:
    """Too few hashes, or too many, for such a place: it can't be a proof of it."""
    try:
        return walk()
    except ProofError:
        raise Refuse(Why.MALFORMED, "proof") from None


def _key(asked: Question) -> Found:
    asked.form(("key",))
    key = proof_notes.key(asked)
    return {"name": key.name, "id": key.key_id.hex(), "type": key.kind}


def _tile(asked: Question) -> Found:
    given = asked.form(("path",), ("level", "index"), ("level", "index", "width"), ("entry", "size"), ("level", "data"))
    if "path" in given:
        return _read_path(asked.text("path"))
    if "entry" in given:
        entry, size = asked.number("entry"), asked.number("size")
        if entry >= size:
            raise Refuse(Why.OUT_OF_RANGE, "entry")
        return {"path": bundle_of(entry, size=size).to_text()}
    return _read_bundle(asked) if "data" in given else _write_path(asked)


def _read_path(text: str) -> Found:
    try:
        path = TilePath.parse(text)
    except TileError:
        raise Refuse(Why.MALFORMED, "path") from None
    return {"level": str(path.level), "index": str(path.index), "width": str(path.width)}


def _write_path(asked: Question) -> Found:
    level: int | str = asked.text("level")
    if level != ENTRIES:
        level = asked.number("level")
        if level > LAST_LEVEL:
            raise Refuse(Why.OUT_OF_RANGE, "level")
    width = asked.number("width") if "width" in asked.given else FULL
    if not 0 < width <= FULL:
        raise Refuse(Why.OUT_OF_RANGE, "width")
    return {"path": TilePath(level, asked.number("index"), width).to_text()}


def _read_bundle(asked: Question) -> Found:
    if asked.text("level") != ENTRIES:
        raise Refuse(Why.MALFORMED, "level")
    try:
        return {"entries": [asked.written(one) for one in unpack(asked.bytes("data"))]}
    except TileError:
        raise Refuse(Why.MALFORMED, "data") from None


KINDS: Mapping[str, Callable[[Question], Found]] = {
    "root": _root,
    "inclusion": _inclusion,
    "consistency": _consistency,
    "subtree": _subtree,
    "key": _key,
    "note": proof_notes.note,
    "checkpoint": proof_notes.checkpoint,
    "cosignature": proof_notes.cosignature,
    "tile": _tile,
}
