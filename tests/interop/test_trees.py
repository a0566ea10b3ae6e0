"""Go finds in our tiles the tree that our checkpoint names, and takes our proofs as we take its."""

from __future__ import annotations

import json
from base64 import b64decode
from hashlib import sha256

import pytest

from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.proof import consistency, inclusion
from shouxin.core.merkle.tile_path import ENTRIES, FULL, TilePath, pack
from shouxin.core.merkle.tree import Frontier, leaf_hash
from shouxin.vault.opening import EnrolRequest
from shouxin.verify.proofs import answer

SIZE = 70_000  # C2SP's example: 273 full tiles and one of 112 below, one full and one of 17 above them, one of 1 on top
PLACES = (0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, SIZE - 1)
SIZES = (1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 69_888, SIZE - 1, SIZE)


class Tree:
    """A plain log of `SIZE` leaves and its files."""

    def __init__(self, folder):
        self.leaves = [sha256(b"%d" % n).digest()[: n % 33] for n in range(SIZE)]
        self.hashes = [leaf_hash(leaf) for leaf in self.leaves]
        frontier, nodes = Frontier().append_many(self.hashes)
        self.root, self.folder = frontier.root(), folder
        self._nodes = {(level, index): digest for level, index, digest in nodes}
        for number in range(0, SIZE, FULL):
            part = self.leaves[number : number + FULL]
            self._write(TilePath(ENTRIES, number // FULL, len(part)), pack(part))
        for level in range(3):
            digests = [self._nodes[8 * level, n] for n in range(SIZE >> 8 * level)]
            for number in range(0, len(digests), FULL):
                part = digests[number : number + FULL]
                self._write(TilePath(level, number // FULL, len(part)), b"".join(part))

    def node(self, level, index):
        return self._nodes[level, index]

    def _write(self, path, data):
        file = self.folder / path.to_text()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return Tree(tmp_path_factory.mktemp("tiles"))


@pytest.mark.parametrize("index", PLACES)
def test_it_proves_an_entry_as_go_does(judge, tree, index):
    ours = inclusion(index, SIZE, tree)
    theirs = judge.ask("prove_entry", folder=str(tree.folder), size=SIZE, root=tree.root, index=index)
    assert [b64decode(one) for one in theirs["proof"]] == ours
    assert b64decode(theirs["entry"]) == tree.leaves[index]
    said = {"size": SIZE, "root": tree.root, "index": index, "leaf": tree.hashes[index]}
    assert judge.ask("check_entry", proof=ours, **said) == {}
    assert "error" in judge.ask("check_entry", proof=ours[:-1], **said)
    assert "error" in judge.ask("check_entry", proof=[bytes(32), *ours[1:]], **said)


@pytest.mark.parametrize("size1", SIZES)
def test_it_proves_growth_as_go_does(judge, tree, size1):
    ours = consistency(size1, SIZE, tree)
    theirs = judge.ask("prove_growth", folder=str(tree.folder), size=SIZE, root=tree.root, size1=size1)
    assert [b64decode(one) for one in theirs["proof"]] == ours
    root1 = Frontier().append_many(tree.hashes[:size1])[0].root()
    assert b64decode(theirs["root1"]) == root1
    said = {"size": SIZE, "root": tree.root, "size1": size1, "root1": root1}
    assert judge.ask("check_growth", proof=ours, **said) == {}
    assert "error" in judge.ask("check_growth", proof=[*ours, bytes(32)], **said)


@pytest.fixture(scope="module")
def people():
    return [EnrolRequest({"name": f"Person {n}", "phone": f"139{n:08d}"}) for n in range(300)]


def test_it_publishes_a_log_that_go_reads(judge, embedded_lender, people):
    vault = embedded_lender.vault
    vault.enrol_many(people[:100])
    before = Checkpoint.parse(vault.checkpoint().partition("\n\n")[0] + "\n")
    vault.enrol_many(people[100:])
    vault.publish()
    folder = embedded_lender.settings.data_dir / "tiles"
    (key,) = json.loads(vault.trust())["log_keys"]
    opened = judge.ask("open", note=(folder / "checkpoint").read_text(), keys=[key["key"]])
    signed = Checkpoint.parse(opened["text"])
    assert opened["verified"] == [signed.origin] and signed.size > 256
    log = {"folder": str(folder), "size": signed.size, "root": signed.root}
    for index in (0, 1, 255, 256, signed.size - 1):
        proved = judge.ask("prove_entry", index=index, **log)
        asked = {"kind": "inclusion", "leaf": proved["entry"], "proof": proved["proof"], "index": str(index)}
        assert answer({**asked, **_named(signed, "")}) == {"ok": True}
    proved = judge.ask("prove_growth", size1=before.size, **log)
    asked = {"kind": "consistency", "proof": proved["proof"]}
    assert answer({**asked, **_named(before, "1"), **_named(signed, "2")}) == {"ok": True}


def _named(tree, number):
    from shouxin.core.merkle.spelling import to_base64

    return {f"size{number}": str(tree.size), f"root{number}": to_base64(tree.root)}
