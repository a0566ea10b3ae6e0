"""Attacks on a history, as an insider or a thief would try them. Each must be refused.

They need the formats and nothing of the vault; what a verifier has to say to each stands in
``EXPECTED``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from shouxin.assurance.little_log import Files, LittleLog, Scribe
from shouxin.core.merkle.bundle import Bundle
from shouxin.core.merkle.note import Signer, parse_note, sign_note
from shouxin.core.merkle.statement import CONTEXT
from shouxin.verify import Reason

EXPECTED = {
    "change_record": Reason.CHAIN_BROKEN,
    "drop_last": Reason.MISSING_ENTRY,
    "drop_first": Reason.MISSING_ENTRY,
    "sign_afresh": Reason.UNKNOWN_SIGNATURE,
    "history_made_up": Reason.LATE_ENTRY,
}


def forgeries(bundle: bytes, *, seed: bytes) -> dict[str, bytes]:
    """Every attack on a bundle that needs no key of the log, by its name in ``EXPECTED``."""
    return {
        "change_record": change_record(bundle, len(Bundle.parse(bundle).openings)),
        "drop_last": drop_last(bundle),
        "drop_first": drop_first(bundle),
        "sign_afresh": sign_afresh(bundle, seed=seed),
    }


def flip_bit(raw: bytes, bit: int) -> bytes:
    """The bytes with one bit turned; bit 0 is the lowest of the first byte."""
    place, mask = bit // 8, 1 << bit % 8
    return raw[:place] + bytes([raw[place] ^ mask]) + raw[place + 1 :]


def change_record(bundle: bytes, j: int) -> bytes:
    """Entry ``j`` says something else: one bit of its record is turned."""
    found = Bundle.parse(bundle)
    openings = list(found.openings)
    record = openings[j - 1].record
    openings[j - 1] = replace(openings[j - 1], record=flip_bit(record, 8 * (len(record) // 2)))
    return replace(found, openings=tuple(openings)).encode()


def drop_last(bundle: bytes) -> bytes:
    """The last entry is left out: the use that nobody should know of."""
    found = Bundle.parse(bundle)
    return replace(found, openings=found.openings[:-1]).encode()


def drop_first(bundle: bytes) -> bytes:
    """The first entry is left out."""
    found = Bundle.parse(bundle)
    return replace(found, openings=found.openings[1:]).encode()


def sign_afresh(bundle: bytes, *, seed: bytes) -> bytes:
    """Note and statement are signed by a new key that bears the log's name."""
    found = Bundle.parse(bundle)
    note = parse_note(found.note)
    signer = Signer(name=note.signatures[0].name, seed=seed)
    signature = signer.sign_under(CONTEXT, found.statement.payload())
    return replace(found, note=sign_note(note.text, [signer]), signature=signature).encode()


def history_made_up(records: Sequence[bytes], *, origin: str, seed: bytes, now_ms: int) -> Files:
    """A tidy history that claims old times, all of it logged today in one batch.

    The forger has the log's own key and makes everything consistent: tree, map, chain,
    signatures. What can't be made consistent is the time at which the log took it in.
    """
    scribe = Scribe(LittleLog(Signer(name=origin, seed=seed)), key=sha256(seed + b"person").digest())
    scribe.write(records, ms=now_ms)
    return scribe.files(as_of=now_ms)
