"""Who signed, how many saw it, and how long ago."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shouxin.core.merkle.bundle import Bundle
from shouxin.core.merkle.canonical import encode
from shouxin.core.merkle.note import COSIGNATURE, Note, Signature, Signer, Verifier, parse_note
from shouxin.core.merkle.trust import LogKey, Trust
from shouxin.verify import Verified
from shouxin.verify.check import MAX_BYTES
from tests.verify.story import DAY, HOUR, LOG_KEY, ORIGIN, START, check, honest, refusal

NOW = START + HOUR


class Witness:
    """Cosigns as C2SP says: the time and the note's text."""

    def __init__(self, name):
        self.private = Ed25519PrivateKey.from_private_bytes(name[-1:].encode() * 32)
        self.key = Verifier(name=name, kind=COSIGNATURE, public=self.private.public_key().public_bytes_raw())

    def line(self, text, ms=NOW):
        seconds = ms // 1000
        signed = self.private.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
        return Signature(name=self.key.name, key_id=self.key.key_id, body=seconds.to_bytes(8, "big") + signed)


UNION, PAPER, OTHER = Witness("consumers.example/w1"), Witness("paper.example/w2"), Witness("elsewhere.example/w3")


THIS_LOG = (LogKey(LOG_KEY.verifier),)


def trusting(*witnesses, quorum=0, keys=THIS_LOG, max_age=86_400):
    trust = Trust(
        origin=ORIGIN, log_keys=keys, witnesses=tuple(one.key for one in witnesses), quorum=quorum, max_age=max_age
    )
    return encode(trust.to_doc())


def cosigned(*lines, trust, keep_log=True):
    files = honest().files()
    bundle = Bundle.parse(files.bundle)
    note = parse_note(bundle.note)
    signatures = (note.signatures if keep_log else ()) + tuple(line(note.text) for line in lines)
    changed = replace(bundle, note=Note(note.text, signatures).to_text())
    return replace(files, bundle=changed.encode(), trust=trust)


def test_it_names_the_witnesses_that_saw_the_checkpoint():
    verdict = check(cosigned(UNION.line, PAPER.line, trust=trusting(UNION, PAPER, quorum=2)))
    assert isinstance(verdict, Verified)
    assert verdict.to_doc()["witnesses"] == [
        {"name": "consumers.example/w1", "time": NOW // 1000},
        {"name": "paper.example/w2", "time": NOW // 1000},
    ]


def test_one_witness_of_two_is_enough_for_a_quorum_of_one():
    assert isinstance(check(cosigned(PAPER.line, trust=trusting(UNION, PAPER, quorum=1))), Verified)


TOO_FEW = trusting(UNION, PAPER, quorum=2)


@pytest.mark.parametrize(
    ("lines", "trust", "said"),
    [
        ([UNION.line], TOO_FEW, ("unknown_signature", "note.witnesses")),
        ([], TOO_FEW, ("unknown_signature", "note.witnesses")),
        ([UNION.line, UNION.line], TOO_FEW, ("malformed", "note.signatures")),
        ([UNION.line, OTHER.line], TOO_FEW, ("unknown_signature", "note.signatures[2]")),
        ([UNION.line], trusting(), ("unknown_signature", "note.signatures[1]")),
        ([lambda text: UNION.line(text + "x\n")], trusting(UNION), ("bad_signature", "note.signatures[1]")),
        ([lambda text: UNION.line(text, NOW - 2 * DAY)], trusting(UNION, quorum=1), ("stale", "note.witnesses")),
        ([lambda text: UNION.line(text, NOW + HOUR)], trusting(UNION, quorum=1), ("stale", "note.witnesses")),
        (
            [lambda text: replace(UNION.line(text), body=b"short")],
            trusting(UNION),
            ("bad_signature", "note.signatures[1]"),
        ),
    ],
)
def test_it_counts_only_witnesses_it_was_told_of_once_each_and_lately(lines, trust, said):
    assert refusal(cosigned(*lines, trust=trust)) == said


def test_a_moved_time_inside_a_cosignature_breaks_it():
    def moved(text):
        line = UNION.line(text)
        return replace(line, body=(NOW // 1000 + 1).to_bytes(8, "big") + line.body[8:])

    assert refusal(cosigned(moved, trust=trusting(UNION))) == ("bad_signature", "note.signatures[1]")


def test_witnesses_alone_are_not_the_log():
    files = cosigned(UNION.line, trust=trusting(UNION, quorum=1), keep_log=False)
    assert refusal(files) == ("unknown_signature", "note.signatures")


def test_a_witness_key_is_not_a_log_key():
    with_both = json.loads(trusting(UNION))
    with_both["log_keys"][0]["key"] = with_both["witnesses"][0]
    assert refusal(cosigned(trust=json.dumps(with_both).encode())) == ("malformed", "trust.log_keys[0].key")


SIZE = 10


@pytest.mark.parametrize(
    ("first", "last", "believed"), [(0, None, True), (SIZE, SIZE, True), (SIZE + 1, None, False), (0, SIZE - 1, False)]
)
def test_a_log_key_is_good_for_the_sizes_it_was_in_use(first, last, believed):
    files = replace(honest().files(), trust=trusting(keys=(LogKey(LOG_KEY.verifier, first, last),)))
    if believed:
        assert isinstance(check(files), Verified)
    else:
        assert refusal(files) == ("unknown_signature", "note.signatures[0]")


def test_a_change_of_the_log_key_is_signed_by_both():
    new = Signer(name=ORIGIN, seed=b"N" * 32)
    keys = (LogKey(LOG_KEY.verifier, 0, SIZE), LogKey(new.verifier, SIZE))
    assert isinstance(check(cosigned(new.sign, trust=trusting(keys=keys))), Verified)


@pytest.mark.parametrize(
    ("at", "believed"),
    [
        (START + DAY + 5 * 60_000, True),
        (START + DAY + 5 * 60_000 + 1, False),
        (START, True),
        (START - 1, False),
        (0, False),
    ],
)
def test_a_checkpoint_is_neither_older_than_max_age_nor_of_the_future(at, believed):
    """It was made at START + 5 minutes, and may be a day old."""
    if believed:
        assert isinstance(check(honest().files(), at=at), Verified)
    else:
        assert refusal(honest().files(), at=at) == ("stale", "checkpoint")


def test_a_statement_of_another_day_is_stale():
    story = honest()
    story.scribe.log.append([], ms=story.now + 2 * DAY)
    assert refusal(story.files(), at=story.now + 2 * DAY) == ("stale", "statement.as_of")


GOOD = json.loads(trusting(UNION))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"v": 2}, "trust.v"),
        ({"origin": 1}, "trust.origin"),
        ({"log_keys": []}, "trust.log_keys"),
        ({"log_keys": GOOD["log_keys"] * 2}, "trust.log_keys"),
        ({"log_keys": [GOOD["log_keys"][0] | {"size": 1}]}, "trust.log_keys[0].size"),
        ({"log_keys": [{"key": "a+b+c", "from_size": 0}]}, "trust.log_keys[0].key"),
        ({"log_keys": [GOOD["log_keys"][0] | {"until_size": -1}]}, "trust.log_keys[0].until_size"),
        ({"witnesses": [1]}, "trust.witnesses"),
        ({"witnesses": {}}, "trust.witnesses"),
        ({"witnesses": [LOG_KEY.verifier.text]}, "trust.witnesses"),
        ({"quorum": 2}, "trust.quorum"),
        ({"quorum": True}, "trust.quorum"),
        ({"max_age": 1.5}, "trust.max_age"),
        ({"max_age": "60"}, "trust.max_age"),
        ({"witneses": []}, "trust.witneses"),
    ],
)
def test_a_trust_file_that_does_not_make_sense_is_malformed(changes, where):
    trust = json.dumps(GOOD | changes).encode()
    assert refusal(replace(honest().files(), trust=trust)) == ("malformed", where)


def test_a_trust_file_may_be_laid_out_by_hand():
    trust = json.dumps(GOOD, indent=2).encode()
    assert isinstance(check(replace(honest().files(), trust=trust)), Verified)


def test_a_file_longer_than_any_history_is_not_read():
    trust = json.dumps(GOOD).encode() + b" " * MAX_BYTES
    assert refusal(replace(honest().files(), trust=trust)) == ("malformed", "trust")


def test_a_trust_file_that_says_a_thing_twice_is_malformed():
    trust = json.dumps(GOOD).encode().replace(b"{", b'{"quorum": 1, ', 1)
    assert refusal(replace(honest().files(), trust=trust)) == ("malformed", "trust")


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"v":1}'])
def test_a_trust_file_that_is_none_is_malformed(raw):
    assert refusal(replace(honest().files(), trust=raw))[0] == "malformed"
