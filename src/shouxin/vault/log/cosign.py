"""The way back of a witness: its line under the published checkpoint becomes a part of the log's note.

From then on the note stands in bundles with it, until the next entry makes the next checkpoint.
"""

from dataclasses import dataclass

from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import NoteError, Signature, WrongSignatureError, cosigned_at, parse_note, sorted_out
from shouxin.vault import on_disk
from shouxin.vault.interior import Interior
from shouxin.vault.log import publish, witnessed

_LINE = "\u2014 "


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The published checkpoint, and which witness signed it when (Unix seconds)."""

    origin: str
    size: int
    witnesses: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class NotCosigned:
    """Why no line was taken: `malformed`, `unknown_signature` (no witness of the policy made one), or `bad_signature`
    (one did, but not over the checkpoint that is published now).
    """

    reason: str


def cosign(vault: Interior, text: str) -> Cosigned | NotCosigned:
    """Take the signature lines that stand in `text`, all or none; its other lines are left alone."""
    with on_disk.alone(vault.note_path.parent / publish.LOCK):
        own = publish.checkpoint(vault)
        if own is None:
            return NotCosigned("bad_signature")
        given = _given(vault, own, text)
        if isinstance(given, NotCosigned):
            return given
        witnessed.keep(vault, own, given)
        publish.put_checkpoint(vault, own)
        return _told(vault, own)


def _given(vault: Interior, own: str, text: str) -> tuple[Signature, ...] | NotCosigned:
    given = "".join(f"{line}\n" for line in text.split("\n") if line.startswith(_LINE))
    body = parse_note(own).text
    try:
        known, _ = sorted_out(parse_note(f"{body}\n{given}"), vault.watch.witnesses)
    except WrongSignatureError:
        return NotCosigned("bad_signature")
    except NoteError:
        return NotCosigned("malformed")
    return known or NotCosigned("unknown_signature")


def _told(vault: Interior, own: str) -> Cosigned:
    said = Checkpoint.parse(parse_note(own).text)
    lines = witnessed.lines(vault, own)
    return Cosigned(said.origin, said.size, tuple({"name": one.name, "time": cosigned_at(one)} for one in lines))
