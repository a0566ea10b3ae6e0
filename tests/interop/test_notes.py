"""Notes, checkpoints and cosignatures cross over between Go and here, both ways, and break at the same places."""

from __future__ import annotations

import pytest

from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import Cosigner, NoteError, Signer, Verifier, open_note, sign_note
from shouxin.verify.proofs import answer

LOG = Signer("lender.example/log", bytes(range(32)))
OTHER = Signer("other.example", bytes(range(1, 33)))
WITNESS = Cosigner("watch.example/w1", bytes(range(2, 34)))
TEXT = Checkpoint(LOG.name, 314, bytes(32)).to_text()
TEXTS = (TEXT, "\n", "one line\n", "an empty line\n\nand 中文\n", "trailing\n\n\n", "del \x7f and nbsp \xa0\n")


@pytest.mark.parametrize("text", TEXTS)
def test_it_signs_what_go_opens(judge, text):
    note = sign_note(text, [OTHER, LOG])
    opened = judge.ask("open", note=note, keys=[LOG.verifier.text])
    assert opened == {"text": text, "verified": [LOG.name], "unverified": [OTHER.name]}


@pytest.mark.parametrize("text", TEXTS)
def test_it_opens_what_go_signs(judge, text):
    made = judge.ask("sign", name="日志.example/log", seed=LOG.seed, text=text)
    opened = answer({"kind": "note", "note": made["note"], "keys": [made["key"]]})
    assert opened == {"ok": True, "text": text, "verified": ["日志.example/log"], "unverified": []}
    assert made == {"key": Verifier.parse(made["key"]).text, "note": made["note"]}


def test_it_writes_the_very_bytes_that_go_writes(judge):
    made = judge.ask("sign", name=LOG.name, seed=LOG.seed, text=TEXT)
    assert made == {"key": LOG.verifier.text, "note": sign_note(TEXT, [LOG])}
    line = judge.ask("cosign", name=WITNESS.name, seed=WITNESS.seed, text=TEXT, seconds=1_790_000_000)
    assert line == {"key": WITNESS.verifier.text, "line": WITNESS.cosign(TEXT, 1_790_000_000).line()}


def test_it_takes_a_witnesss_line_from_go_and_gives_one(judge):
    note = sign_note(TEXT, [LOG])
    theirs = judge.ask("cosign", name=WITNESS.name, seed=WITNESS.seed, text=TEXT, seconds=7)
    found = answer({"kind": "cosignature", "note": note + theirs["line"], "key": theirs["key"]})
    assert found == {"ok": True, "name": WITNESS.name, "time": 7}
    ours = WITNESS.cosign(TEXT, 1_790_000_000)
    keys = [LOG.verifier.text, WITNESS.verifier.text]
    assert judge.ask("open", note=note + ours.line(), keys=keys)["verified"] == [LOG.name, WITNESS.name]
    later = type(ours)(ours.name, ours.key_id, (8).to_bytes(8, "big") + ours.body[8:])
    assert "invalid signature" in judge.ask("open", note=note + later.line(), keys=keys)["error"]


def test_it_refuses_a_spoiled_note_where_go_does(judge):
    note = sign_note(TEXT, [LOG]) + WITNESS.cosign(TEXT, 7).line()
    keys = [LOG.verifier, WITNESS.verifier]
    verdicts = set()
    for at in range(len(note)):
        for spoiled in (note[:at] + note[at + 1 :], note[:at] + "\n" + note[at:], _turned(note, at)):
            theirs = judge.ask("open", note=spoiled, keys=[key.text for key in keys])
            ours = _opened(spoiled, keys)
            assert ours == (None if "error" in theirs else theirs["verified"]), spoiled
            verdicts.add(ours is None)
    assert verdicts == {True, False}


def test_it_has_one_spelling_of_a_signature_where_go_has_four(judge):
    note = sign_note(TEXT, [LOG])
    assert note[-3:] == "I=\n", "the last letter carries four bits and two that stray"
    for letter, ours in (("I", [LOG.name]), ("J", None), ("K", None), ("L", None)):
        spelt = f"{note[:-3]}{letter}=\n"
        assert judge.ask("open", note=spelt, keys=[LOG.verifier.text])["verified"] == [LOG.name]
        assert _opened(spelt, [LOG.verifier]) == ours


def _turned(note, at):
    return note[:at] + chr(ord(note[at]) ^ 1) + note[at + 1 :]


def _opened(note, keys):
    try:
        return [one.name for one in open_note(note, keys).signatures]
    except NoteError:
        return None
