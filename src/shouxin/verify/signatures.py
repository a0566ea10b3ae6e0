"""Steps 1 and 2: the log signed this checkpoint and statement, lately, and enough witnesses saw it."""

from __future__ import annotations

from dataclasses import dataclass

from shouxin.core.merkle.bundle import Bundle
from shouxin.core.merkle.checkpoint import Checkpoint, CheckpointError
from shouxin.core.merkle.note import (
    COSIGNATURE,
    Note,
    NoteError,
    Signature,
    Verifier,
    cosigned_at,
    parse_note,
)
from shouxin.core.merkle.statement import CONTEXT
from shouxin.core.merkle.trust import Trust
from shouxin.verify.refuse import RefusedError, demand
from shouxin.verify.verdict import Cosigned, Reason

FUTURE_SLACK_MS = 300_000
"""How far a signer's clock may be ahead of the verifier's."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint whose signatures hold, and who made them."""

    checkpoint: Checkpoint
    log_key: Verifier
    witnesses: tuple[Cosigned, ...]


def signed_checkpoint(raw: str, trust: Trust, *, at_ms: int) -> Signed:
    """The checkpoint in a note that holds signatures by keys of ``trust`` and no others."""
    note, checkpoint = _parsed(raw)
    demand(checkpoint.origin == trust.origin, Reason.UNKNOWN_SIGNATURE, "note.origin")
    log_keys = [one.verifier for one in trust.log_keys if one.good_for(checkpoint.size)]
    made = [(_maker(note, n, [*log_keys, *trust.witnesses]), one) for n, one in enumerate(note.signatures)]
    demand(len({maker for maker, _ in made}) == len(made), Reason.MALFORMED, "note.signatures")
    by_log = [maker for maker, _ in made if maker.kind != COSIGNATURE]
    demand(bool(by_log), Reason.UNKNOWN_SIGNATURE, "note.signatures")
    seen = _quorum([one for one in made if one[0].kind == COSIGNATURE], trust, at_ms=at_ms)
    return Signed(checkpoint=checkpoint, log_key=by_log[0], witnesses=seen)


def signed_statement(bundle: Bundle, log_key: Verifier) -> None:
    """The log's key signed the lender's statement too."""
    holds = log_key.accepts_under(CONTEXT, bundle.statement.payload(), bundle.signature)
    demand(holds, Reason.BAD_SIGNATURE, "statement")


def fresh(ms: int, *, at_ms: int, max_age: int, where: str) -> None:
    """``ms`` is at most ``max_age`` seconds before ``at_ms``, and hardly after it."""
    demand(_is_fresh(ms, at_ms=at_ms, max_age=max_age), Reason.STALE, where)


def _parsed(raw: str) -> tuple[Note, Checkpoint]:
    try:
        note = parse_note(raw)
        return note, Checkpoint.parse(note.text)
    except (NoteError, CheckpointError) as error:
        raise RefusedError(Reason.MALFORMED, "note") from error


def _maker(note: Note, n: int, known: list[Verifier]) -> Verifier:
    """The known key that made signature ``n``."""
    signature, where = note.signatures[n], f"note.signatures[{n}]"
    makers = [key for key in known if key.made(signature)]
    demand(bool(makers), Reason.UNKNOWN_SIGNATURE, where)
    demand(makers[0].accepts(note.text, signature), Reason.BAD_SIGNATURE, where)
    return makers[0]


def _quorum(made: list[tuple[Verifier, Signature]], trust: Trust, *, at_ms: int) -> tuple[Cosigned, ...]:
    """The witnesses whose cosignature is fresh; as many as the quorum asks, else no."""
    demand(len(made) >= trust.quorum, Reason.UNKNOWN_SIGNATURE, "note.witnesses")
    seen = [Cosigned(maker.name, cosigned_at(signature)) for maker, signature in made]
    counted = tuple(one for one in seen if _is_fresh(1000 * one.seconds, at_ms=at_ms, max_age=trust.max_age))
    demand(len(counted) >= trust.quorum, Reason.STALE, "note.witnesses")
    return counted


def _is_fresh(ms: int, *, at_ms: int, max_age: int) -> bool:
    return at_ms - 1000 * max_age <= ms <= at_ms + FUTURE_SLACK_MS
