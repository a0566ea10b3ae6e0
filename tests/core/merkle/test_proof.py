import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.merkle.proof import (
    ProofError,
    consistency,
    inclusion,
    multiproof,
    verify_consistency,
    verify_inclusion,
    verify_multiproof,
)
from shouxin.core.merkle.tree import leaf_hash
from tests.core.merkle.naive import NodeStore, naive_root

SIZE = 40
LEAVES = [leaf_hash(bytes([n])) for n in range(SIZE)]
STORE = NodeStore.of(LEAVES)
ROOTS = [naive_root(LEAVES[:size]) for size in range(SIZE + 1)]
EVERY_PLACE = [(index, size) for size in range(1, SIZE + 1) for index in range(size)]
EVERY_PAIR = [(size1, size2) for size2 in range(1, SIZE + 1) for size1 in range(1, size2 + 1)]
sizes = st.integers(1, SIZE)


def test_it_includes_every_leaf_of_every_tree():
    for index, size in EVERY_PLACE:
        path = inclusion(index, size, STORE)
        assert verify_inclusion(LEAVES[index], index=index, size=size, proof=path) == ROOTS[size]


def test_it_includes_no_leaf_at_another_place():
    for index, size in EVERY_PLACE:
        path = inclusion(index, size, STORE)
        for other in range(size):
            if other != index:
                try:
                    root = verify_inclusion(LEAVES[index], index=other, size=size, proof=path)
                except ProofError:
                    continue
                assert root != ROOTS[size]


def test_it_shows_every_tree_to_be_the_beginning_of_every_later_one():
    for size1, size2 in EVERY_PAIR:
        path = consistency(size1, size2, STORE)
        roots = verify_consistency(size1=size1, size2=size2, root1=ROOTS[size1], proof=path)
        assert roots == (ROOTS[size1], ROOTS[size2])


def test_it_notices_a_tree_that_was_rewritten():
    forked = [*LEAVES]
    forked[3] = leaf_hash(b"another")
    store = NodeStore.of(forked)
    for size1, size2 in EVERY_PAIR:
        if 3 < size1 < size2:
            path = consistency(size1, size2, store)
            found = verify_consistency(size1=size1, size2=size2, root1=ROOTS[size1], proof=path)
            assert found != (ROOTS[size1], naive_root(forked[:size2]))


@given(sizes.flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1), min_size=1))))
def test_it_proves_any_set_of_leaves_at_once(case):
    size, chosen = case
    indices = sorted(chosen)
    proof = multiproof(indices, size, STORE)
    items = [(index, LEAVES[index]) for index in indices]
    assert verify_multiproof(items, size=size, proof=proof) == ROOTS[size]


@given(
    sizes.flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1), min_size=1))),
    st.data(),
)
def test_it_is_led_elsewhere_by_any_changed_hash_or_place(case, data):
    size, chosen = case
    indices = sorted(chosen)
    proof = multiproof(indices, size, STORE)
    items = [(index, LEAVES[index]) for index in indices]
    victim = data.draw(st.integers(0, len(items) - 1))
    changed = [*items]
    changed[victim] = (items[victim][0], leaf_hash(b"another"))
    assert verify_multiproof(changed, size=size, proof=proof) != ROOTS[size]
    for place in range(len(proof)):
        other = [*proof[:place], leaf_hash(b"another"), *proof[place + 1 :]]
        assert verify_multiproof(items, size=size, proof=other) != ROOTS[size]


def test_a_multiproof_of_one_leaf_holds_the_hashes_of_its_inclusion_proof():
    for index, size in EVERY_PLACE:
        assert sorted(multiproof([index], size, STORE)) == sorted(inclusion(index, size, STORE))


@pytest.mark.parametrize(
    ("indices", "size"),
    [([], 5), ([5], 5), ([-1], 5), ([1, 1], 5), ([2, 1], 5), ([0], 0), ([0], 2**64), ([0, 7, 9], 9)],
)
def test_it_refuses_places_that_are_not_in_the_tree(indices, size):
    for length in range(9):
        with pytest.raises(ProofError):
            verify_multiproof([(index, LEAVES[0]) for index in indices], size=size, proof=[bytes(32)] * length)
    with pytest.raises(ProofError):
        multiproof(indices, size, STORE)


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 0), (0, 2**64)])
def test_it_includes_no_leaf_that_is_not_in_the_tree(index, size):
    for length in range(9):
        with pytest.raises(ProofError):
            verify_inclusion(LEAVES[0], index=index, size=size, proof=[bytes(32)] * length)
    with pytest.raises(ProofError):
        inclusion(index, size, STORE)


def test_it_refuses_a_proof_with_a_hash_too_few_or_too_many_or_too_short():
    spoiled = (lambda p: p[:-1], lambda p: [*p, bytes(32)], lambda p: [*p[:-1], p[-1][:31]], lambda p: [*p, b""])
    inclusions = inclusion(3, 13, STORE)
    consistencies = consistency(6, 13, STORE)
    multi = multiproof([3, 8], 13, STORE)
    for spoil in spoiled:
        with pytest.raises(ProofError):
            verify_inclusion(LEAVES[3], index=3, size=13, proof=spoil(inclusions))
        with pytest.raises(ProofError):
            verify_consistency(size1=6, size2=13, root1=ROOTS[6], proof=spoil(consistencies))
        with pytest.raises(ProofError):
            verify_multiproof([(3, LEAVES[3]), (8, LEAVES[8])], size=13, proof=spoil(multi))


@pytest.mark.parametrize("junk", [[b"x"], [bytes(32)]])
def test_it_refuses_a_proof_where_none_is_needed(junk):
    with pytest.raises(ProofError):
        verify_inclusion(LEAVES[0], index=0, size=1, proof=junk)
    with pytest.raises(ProofError):
        verify_multiproof([(0, LEAVES[0])], size=1, proof=junk)
    with pytest.raises(ProofError):
        verify_consistency(size1=4, size2=4, root1=ROOTS[4], proof=junk)


@pytest.mark.parametrize(("size1", "size2"), [(0, 0), (0, 5), (6, 5), (1, 2**64)])
def test_it_proves_nothing_about_a_tree_of_no_leaves_or_a_shrunken_one(size1, size2):
    with pytest.raises(ProofError):
        verify_consistency(size1=size1, size2=size2, root1=bytes(32), proof=[])
    if size2 < 2**64:
        with pytest.raises(ProofError):
            consistency(size1, size2, STORE)
