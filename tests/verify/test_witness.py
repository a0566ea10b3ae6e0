"""A witness from outside: it vouches for a log that only grew, and for no other, whoever signed it."""

import json
import shutil
from hashlib import sha256

import pytest

from shouxin.assurance.little_log import LittleLog
from shouxin.core.merkle.note import Signer, open_note
from shouxin.core.merkle.tile_path import ENTRIES, FULL, TilePath, pack
from shouxin.core.merkle.trust import Trust
from shouxin.verify.witness import Why, main

SIGNER = Signer("lender.example/log", bytes(32))
DAY = 86_400_000
NOON = 1_790_000_000_000


class Published(LittleLog):
    """A log that keeps its leaves, so that it can be published like the vault's."""

    def __init__(self, signer=SIGNER):
        super().__init__(signer)
        self.leaves = []
        self.append([], ms=NOON)

    def append(self, entries, *, ms):
        from shouxin.core.merkle.chain import leaf

        found = super().append(entries, ms=ms)
        self.leaves += [*sorted(leaf(label, commit) for label, commit in entries), self.epochs[-1].to_leaf()]
        return found

    def grow(self, first, count, *, ms):
        self.append([(digest("label", n), digest("commit", n)) for n in range(first, first + count)], ms=ms)

    def publish(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        for number in range((len(self.leaves) + FULL - 1) // FULL):
            part = self.leaves[number * FULL : (number + 1) * FULL]
            path = folder / TilePath(ENTRIES, number, len(part)).to_text()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pack(part))
        (folder / "checkpoint").write_text(self.note)


def digest(kind, n):
    return sha256(f"{kind} {n}".encode()).digest()


@pytest.fixture
def seen(tmp_path, capfdbinary):
    """Lets the witness look at a log at a moment; gives the exit code and its document."""
    trust = tmp_path / "trust.json"

    def look(log, *, ms, trusted=None):
        log.publish(tmp_path / "tiles")
        trust.write_bytes(trusted or log.trust())
        words = [str(tmp_path / "tiles"), "--trust", str(trust), "--state", str(tmp_path / "state"), "--json"]
        code = main([*words, "--name", "watch.example", "--at", moment(ms)])
        return code, json.loads(capfdbinary.readouterr().out)

    return look


def moment(ms):
    from datetime import UTC, datetime

    return datetime.fromtimestamp(ms / 1000, UTC).isoformat()


def log_of(*batches, ms=NOON):
    log, first = Published(), 0
    for n, count in enumerate(batches):
        log.grow(first, count, ms=ms + n)
        first += count
    return log


def refused(told, why):
    code, document = told
    assert (code, document["ok"], document["reason"]) == (1, False, why.value), document


def test_it_cosigns_a_log_that_grew(seen):
    log = log_of(3, 300, 7)
    code, told = seen(log, ms=NOON)
    assert code == 0, told
    assert (told["size"], told["entries"], told["epochs"], told["seen_before"]) == (314, 310, 4, 0)
    log.grow(310, 5, ms=NOON + DAY)
    again = seen(log, ms=NOON + DAY)[1]
    assert (again["ok"], again["seen_before"], again["key"]) == (True, 314, told["key"])
    from shouxin.core.merkle.note import Verifier

    witness = Verifier.parse(again["key"])
    assert open_note(log.note + again["cosignature"] + "\n", [witness]).signatures[0].name == "watch.example"


def test_a_verifier_that_asks_for_a_witness_believes_its_line(seen):
    log = log_of(3)
    told = seen(log, ms=NOON)[1]
    from dataclasses import replace

    from shouxin.core.merkle.note import Verifier
    from shouxin.verify.refuse import RefusedError
    from shouxin.verify.signatures import signed_checkpoint

    trust = replace(Trust.parse(log.trust()), witnesses=(Verifier.parse(told["key"]),), quorum=1)
    with pytest.raises(RefusedError):
        signed_checkpoint(log.note, trust, at_ms=NOON)
    signed = signed_checkpoint(log.note + told["cosignature"] + "\n", trust, at_ms=NOON)
    assert [one.witness for one in signed.witnesses] == ["watch.example"]


def test_it_goes_on_where_it_was_after_a_refusal(seen):
    log = log_of(3, 4)
    assert seen(log, ms=NOON)[0] == 0
    refused(seen(log_of(3), ms=NOON), Why.ROLLED_BACK)
    log.grow(7, 1, ms=NOON + 5)
    assert seen(log, ms=NOON + 5)[0] == 0


def test_it_notices_a_rewritten_entry_behind_the_same_size(seen):
    assert seen(log_of(3, 4), ms=NOON)[0] == 0
    other = Published()
    other.append([(digest("label", n), digest("other", n)) for n in range(3)], ms=NOON)
    other.grow(3, 4, ms=NOON + 1)
    refused(seen(other, ms=NOON), Why.FORKED)
    refused(seen(log_of(4, 3), ms=NOON), Why.FORKED)
    refused(seen(log_of(2, 6), ms=NOON), Why.FORKED)


def test_it_notices_an_entry_that_the_map_does_not_hold(seen):
    class Hiding(Published):
        def mapped(self, labels, hashes):
            return super().mapped(labels, hashes)[1:]

    log = Hiding()
    log.grow(0, 3, ms=NOON)
    refused(seen(log, ms=NOON), Why.WRONG_MAP)


def test_it_notices_time_that_was_put_back(seen):
    log = log_of(3, ms=NOON)
    assert seen(log, ms=NOON + DAY)[0] == 0
    log.grow(3, 1, ms=NOON + 1000)  # later than the batch before it, but a day before the witness's visit
    refused(seen(log, ms=NOON + DAY), Why.TIME_BACKWARDS)


def test_it_vouches_for_nothing_of_the_future(seen):
    refused(seen(log_of(3, ms=NOON + DAY), ms=NOON), Why.TIME_AHEAD)


def test_it_believes_the_logs_own_key_alone(seen):
    log, other = log_of(3), Published(Signer("lender.example/log", bytes([1]) * 32))
    refused(seen(other, ms=NOON, trusted=log.trust()), Why.UNKNOWN_SIGNATURE)
    log.note = log.note.replace("\n5\n", "\n6\n")
    refused(seen(log, ms=NOON), Why.BAD_SIGNATURE)
    log.note = "no note"
    refused(seen(log, ms=NOON), Why.MALFORMED)


@pytest.mark.parametrize(
    ("leaf", "why"), [(b"", Why.MALFORMED), (b"\x03" * 65, Why.MALFORMED), (b"\x01" * 64, Why.MALFORMED)]
)
def test_it_takes_no_leaf_of_another_kind(seen, leaf, why):
    log = log_of(3)
    log.leaves[2] = leaf
    refused(seen(log, ms=NOON), why)


def test_it_notices_leaves_out_of_order_or_twice(seen):
    log = log_of(3)
    log.leaves[1], log.leaves[2] = log.leaves[2], log.leaves[1]
    refused(seen(log, ms=NOON), Why.LABEL_TWICE)


def test_it_needs_every_leaf(seen):
    log = log_of(3, 4)
    log.leaves = log.leaves[:5]
    code, told = seen(log, ms=NOON)
    assert (code, told["reason"], told["where"]) == (1, "missing", "tile/entries/000")


def test_it_says_what_is_wrong_with_its_own_files(tmp_path, seen, capfdbinary):
    assert seen(log_of(1), ms=NOON)[0] == 0
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o600
    (tmp_path / "state").write_text("{}")
    code, told = seen(log_of(1), ms=NOON)
    assert (code, told["error"]["where"]) == (2, "--state")
    main([str(tmp_path), "--trust", "nowhere", "--state", "s", "--json"])
    assert json.loads(capfdbinary.readouterr().out)["error"]["where"] == "--trust"
