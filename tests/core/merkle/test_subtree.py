"""Every subtree of every tree of up to forty leaves, against the textbook's roots."""

import pytest

from shouxin.core.merkle.proof import ProofError, inclusion
from shouxin.core.merkle.subtree import stands_alone, verify_in_subtree, verify_subtree
from shouxin.core.merkle.tree import EMPTY_ROOT, leaf_hash
from tests.core.merkle.naive import NodeStore, naive_root, naive_subtree_proof

SIZE = 40
LEAVES = [leaf_hash(bytes([n])) for n in range(SIZE)]
SUBTREES = [(start, end) for start in range(SIZE) for end in range(start + 1, SIZE + 1) if stands_alone(start, end)]
STRANGER = leaf_hash(b"a stranger")


@pytest.mark.parametrize(
    ("start", "end", "stands"),
    [(0, 7, True), (4, 8, True), (4, 7, True), (4, 9, False), (2, 5, False), (3, 3, True), (5, 4, False), (6, 7, True)],
)
def test_it_knows_which_ranges_are_subtrees(start, end, stands):
    assert stands_alone(start, end) is stands


def test_it_finds_every_subtree_in_every_tree_that_holds_it():
    for start, end in SUBTREES:
        root = naive_root(LEAVES[start:end])
        for size in range(end, SIZE + 1):
            proof = naive_subtree_proof(start, end, LEAVES[:size])
            found = verify_subtree(start=start, end=end, size=size, root=root, proof=proof)
            assert found == (root, naive_root(LEAVES[:size])), (start, end, size)


def test_it_notices_any_hash_of_a_proof_that_was_changed():
    for start, end in SUBTREES:
        root, whole = naive_root(LEAVES[start:end]), naive_root(LEAVES)
        proof = naive_subtree_proof(start, end, LEAVES)
        for n in range(len(proof)):
            bent = [*proof[:n], STRANGER, *proof[n + 1 :]]
            assert verify_subtree(start=start, end=end, size=SIZE, root=root, proof=bent) != (root, whole)


def test_it_takes_exactly_the_hashes_that_there_are():
    for start, end in SUBTREES:
        root = naive_root(LEAVES[start:end])
        proof = naive_subtree_proof(start, end, LEAVES)
        for wrong in ([*proof, STRANGER], proof[1:] if proof else [STRANGER], [*proof[:-1], b"short"]):
            with pytest.raises(ProofError):
                verify_subtree(start=start, end=end, size=SIZE, root=root, proof=wrong)


def test_it_finds_each_leaf_in_its_subtree_and_nowhere_else():
    for start, end in SUBTREES:
        inner = NodeStore.of(LEAVES[start:end])
        for index in range(start, end):
            path = inclusion(index - start, end - start, inner)
            found = verify_in_subtree(LEAVES[index], index=index, start=start, end=end, proof=path)
            assert found == naive_root(LEAVES[start:end])
        with pytest.raises(ProofError):
            verify_in_subtree(LEAVES[0], index=end, start=start, end=end, proof=[])


def test_it_lets_the_empty_subtree_belong_to_every_tree():
    assert verify_subtree(start=7, end=7, size=9, root=EMPTY_ROOT, proof=[]) == (EMPTY_ROOT, None)
