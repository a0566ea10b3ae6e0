"""``python -m shouxin.verify.witness TILES --trust T --state F``: an outsider who watches a log and vouches for it.

It reads a published log, goes over every blinded leaf, and cosigns the checkpoint (C2SP tlog-cosignature) when

1. the log signed it, under a key of trust.json that is good for this size;
2. the log holds all that it held when this witness saw it last, in the same places;
3. every epoch says the right number of leaves and entries, the right root of the map, and no earlier time than before;
4. what is new since the last visit doesn't claim to be older than that visit, and nothing is of the future.

It learns nobody's identity. What it saw last and its own key stand in the state file; both stay where they are when it
refuses.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from shouxin.core.merkle.canonical import CanonicalError, decode, encode
from shouxin.core.merkle.chain import Epoch
from shouxin.core.merkle.checkpoint import Checkpoint, CheckpointError
from shouxin.core.merkle.form import Form, FormError
from shouxin.core.merkle.note import (
    KEY_SIZE,
    AmbiguousKeyError,
    Cosigner,
    NoteError,
    WrongSignatureError,
    parse_note,
    sorted_out,
)
from shouxin.core.merkle.replay import Replay, ReplayError
from shouxin.core.merkle.tree import HASH_SIZE
from shouxin.core.merkle.trust import Trust
from shouxin.verify.__main__ import BadInputError, moment, parser_of
from shouxin.verify.tiles import CHECKPOINT, MissingTileError, leaves_in, note_in

YES, NO, BAD = 0, 1, 2
VERSION = 1
SLACK_MS = 300_000
"""How far two honest clocks may be apart."""


class Why(StrEnum):
    """Why a witness doesn't vouch. Closed."""

    MALFORMED = "malformed"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_SIGNATURE = "unknown_signature"
    MISSING = "missing"
    OPEN_BATCH = "open_batch"
    LABEL_TWICE = "label_twice"
    WRONG_COUNT = "wrong_count"
    WRONG_MAP = "wrong_map"
    WRONG_ROOT = "wrong_root"
    ROLLED_BACK = "rolled_back"
    FORKED = "forked"
    TIME_BACKWARDS = "time_backwards"
    TIME_AHEAD = "time_ahead"


class NotWitnessedError(Exception):
    """The answer is no: why, and where."""

    def __init__(self, why: Why, where: str) -> None:
        super().__init__(why.value, where)
        self.why = why
        self.where = where


@dataclass(frozen=True, slots=True)
class Seen:
    """What the witness keeps: its key, and the log as it saw it last (size 0: never)."""

    cosigner: Cosigner
    size: int = 0
    root: bytes = bytes(HASH_SIZE)
    at_ms: int = 0

    def to_bytes(self, origin: str) -> bytes:
        """The state file; it holds the witness's private key."""
        seen = {"size": self.size, "root": self.root.hex(), "at": self.at_ms}
        key = {"name": self.cosigner.name, "seed": self.cosigner.seed.hex()}
        return encode({"v": VERSION, "origin": origin, "key": key, "seen": seen}) + b"\n"


def watch(tiles: Path, trust: Trust, seen: Seen, *, at_ms: int) -> tuple[Seen, dict[str, object]]:
    """What was seen, and the document that tells of it. Raises ``NotWitnessedError``."""
    try:
        raw = note_in(tiles)
    except MissingTileError as error:
        raise NotWitnessedError(Why.MISSING, error.where) from None
    text, checkpoint = _signed(raw, trust)
    if checkpoint.size < seen.size:
        raise NotWitnessedError(Why.ROLLED_BACK, f"{checkpoint.size} leaves, {seen.size} seen before")
    replay = _replayed(tiles, checkpoint, seen, at_ms=at_ms)
    line = seen.cosigner.cosign(text, at_ms // 1000).line()
    told = Seen(seen.cosigner, checkpoint.size, checkpoint.root, at_ms)
    return told, {
        "ok": True,
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "entries": replay.entries,
        "epochs": checkpoint.size - replay.entries,
        "root": checkpoint.root.hex(),
        "seen_before": seen.size,
        "key": seen.cosigner.verifier.text,
        "cosignature": line.rstrip("\n"),
    }


def _replayed(tiles: Path, checkpoint: Checkpoint, seen: Seen, *, at_ms: int) -> Replay:
    replay, then = Replay(), None
    try:
        for epoch in replay.epochs(leaves_in(tiles, checkpoint.size)):
            _in_time(epoch, seen, at_ms=at_ms)
            if epoch.size == seen.size:
                then = replay.frontier.root()
    except ReplayError as error:
        raise NotWitnessedError(Why(error.why), f"leaf {error.index}") from None
    except MissingTileError as error:
        raise NotWitnessedError(Why.MISSING, error.where) from None
    if seen.size and then != seen.root:
        raise NotWitnessedError(Why.FORKED, f"leaf {seen.size - 1} or before it")
    if replay.frontier.root() != checkpoint.root:
        raise NotWitnessedError(Why.WRONG_ROOT, CHECKPOINT)
    return replay


def _signed(raw: str, trust: Trust) -> tuple[str, Checkpoint]:
    try:
        note = parse_note(raw)
        checkpoint = Checkpoint.parse(note.text)
    except (NoteError, CheckpointError):
        raise NotWitnessedError(Why.MALFORMED, CHECKPOINT) from None
    keys = [one.verifier for one in trust.log_keys if one.good_for(checkpoint.size)]
    try:
        known, _ = sorted_out(note, keys)
    except (WrongSignatureError, AmbiguousKeyError):
        raise NotWitnessedError(Why.BAD_SIGNATURE, CHECKPOINT) from None
    if not known or checkpoint.origin != trust.origin:
        raise NotWitnessedError(Why.UNKNOWN_SIGNATURE, CHECKPOINT)
    return note.text, checkpoint


def _in_time(epoch: Epoch, seen: Seen, *, at_ms: int) -> None:
    """What came since the last visit can't be older than that visit: here a log's clock that was put back shows."""
    if epoch.ms > at_ms + SLACK_MS:
        raise NotWitnessedError(Why.TIME_AHEAD, f"leaf {epoch.index}")
    if seen.size and epoch.size > seen.size and epoch.ms < seen.at_ms - SLACK_MS:
        raise NotWitnessedError(Why.TIME_BACKWARDS, f"leaf {epoch.index}")


def read_state(path: Path, origin: str, name: str) -> Seen:
    """The state file, or a new witness where there is none. Raises ``BadInputError``."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Seen(_cosigner(name, secrets.token_bytes(KEY_SIZE)))
    except OSError as error:
        raise BadInputError("--state", error.strerror or "can't be read") from None
    try:
        return _state(Form(decode(raw.removesuffix(b"\n"))), origin)
    except (CanonicalError, FormError, ValueError):
        raise BadInputError("--state", "not the state of a witness of this log") from None


def _state(form: Form, origin: str) -> Seen:
    form.version(VERSION)
    if form.text("origin") != origin:
        raise FormError("origin", "of another log")
    key, seen = form.form("key"), form.form("seen")
    found = Seen(
        _cosigner(key.text("name"), key.hex("seed", size=KEY_SIZE)),
        size=seen.whole("size"),
        root=seen.hex("root", size=HASH_SIZE),
        at_ms=seen.whole("at"),
    )
    for one in (key, seen, form):
        one.end()
    return found


def _cosigner(name: str, seed: bytes) -> Cosigner:
    try:
        cosigner = Cosigner(name, seed)
        assert cosigner.verifier.text
    except NoteError as error:
        raise BadInputError("--name", str(error)) from None
    return cosigner


def write_state(path: Path, data: bytes) -> None:
    """The whole file or the old one; for its owner's eyes."""
    fresh = path.with_name(f".{path.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in arguments
    try:
        document, code = _run(arguments)
    except BadInputError as error:
        doc = {"code": "bad_input", "where": error.where, "message": error.message}
        document, code = {"error": doc}, BAD
    text = json.dumps(document, ensure_ascii=False) if as_json else _text(document)
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()
    return code


def _run(arguments: Sequence[str]) -> tuple[dict[str, object], int]:
    options = _parser().parse_args(arguments)
    trust, state = _trust(options.trust), Path(options.state)
    seen = read_state(state, trust.origin, options.name)
    try:
        told, document = watch(Path(options.tiles), trust, seen, at_ms=moment(options.at))
    except NotWitnessedError as error:
        return {"ok": False, "reason": error.why.value, "where": error.where}, NO
    try:
        write_state(state, told.to_bytes(trust.origin))
    except OSError as error:
        raise BadInputError("--state", error.strerror or "can't be written") from None
    return document, YES


def _trust(path: str) -> Trust:
    try:
        return Trust.parse(Path(path).read_bytes())
    except FormError as error:
        raise BadInputError(f"--trust {error.where}".strip(), "not a trust.json") from None
    except (OSError, ValueError) as error:
        raise BadInputError("--trust", getattr(error, "strerror", None) or "not a file name") from None


def _text(document: dict[str, object]) -> str:
    if "error" in document:
        return "error: " + ": ".join(str(document["error"][key]) for key in ("where", "message"))  # type: ignore[index]
    if not document["ok"]:
        return f"NOT WITNESSED: {document['reason']} ({document['where']})"
    lines = (f"{key}: {document[key]}" for key in ("origin", "size", "entries", "epochs", "root", "seen_before", "key"))
    return "\n".join([*lines, str(document["cosignature"])])


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("shouxin-witness", "Is this log what it was, and did it only grow? Then sign that it was seen.")
    parser.add_argument("tiles", metavar="TILES", help="the folder of a published log (C2SP tlog-tiles)")
    parser.add_argument("--trust", required=True, help="trust.json: whose log this is")
    parser.add_argument("--state", required=True, help="what this witness saw last, and its key; made on first use")
    parser.add_argument("--name", default="witness", help="what this witness is called; counts on first use")
    parser.add_argument("--at", help="the time, ISO 8601 with offset (default: now)")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
