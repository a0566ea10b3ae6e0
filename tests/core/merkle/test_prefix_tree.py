from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shouxin.core.merkle.prefix_tree import (
    EMPTY_MAP,
    HEAP_SIZE,
    LIMIT,
    DuplicateLabelError,
    PathProof,
    insert,
    prove,
    root,
    verify,
)
from shouxin.core.merkle.proof import ProofError
from tests.core.merkle.naive import naive_map_root

# Labels that agree in long stretches, so that lone leaves rise far and pages split often.
near = st.builds(
    lambda head, deep, tail: bytes([head]) + bytes([deep]) * 3 + bytes(27) + bytes([tail]),
    st.sampled_from([0x00, 0x01, 0x0F, 0x10, 0x80, 0xFF]),
    st.sampled_from([0, 1]),
    st.integers(0, 255),
)
far = st.binary(min_size=32, max_size=32)
labels = near | far
limits = st.sampled_from([1, 2, 3, 32])


def leaf_of(label):
    return label[::-1]


def items_of(chosen):
    return sorted((label, leaf_of(label)) for label in chosen)


@settings(max_examples=300)
@given(st.lists(st.sets(labels, max_size=12), max_size=5), limits, st.sets(labels, max_size=5))
def test_it_holds_what_was_put_in_and_nothing_else_in_whatever_batches(batches, limit, strangers):
    pages, held = {}, {}
    for batch in batches:
        new = {label for label in batch if label not in held}
        update = insert(pages, items_of(new), limit=limit)
        pages |= update.pages
        held |= {label: leaf_of(label) for label in new}
        assert update.count == len(new)
        assert update.root == root(pages) == naive_map_root(held)
    for label in held.keys() | strangers:
        assert verify(root(pages), label, prove(pages, label)) == held.get(label)


@given(st.sets(labels, max_size=40), st.lists(limits, min_size=2, max_size=2))
def test_the_root_does_not_depend_on_how_large_pages_may_grow(chosen, two):
    found = {insert({}, items_of(chosen), limit=limit).root for limit in two}
    assert found == {naive_map_root(dict(items_of(chosen)))}


@given(st.sets(labels, min_size=1, max_size=30), labels, limits, st.data())
def test_it_is_not_fooled_by_a_path_with_one_thing_changed(chosen, label, limit, data):
    pages = insert({}, items_of(chosen), limit=limit).pages
    path, top = prove(pages, label), root(pages)
    for changed in spoiled(path, data):
        if changed != path:
            with pytest.raises(ProofError):
                verify(top, label, changed)


def spoiled(path, data):
    other = data.draw(far)
    for place, one in enumerate(path.siblings):
        yield PathProof((*path.siblings[:place], other, *path.siblings[place + 1 :]), path.end)
        yield PathProof((*path.siblings[:place], one[:31], *path.siblings[place + 1 :]), path.end)
    yield PathProof(path.siblings[:-1], path.end)
    yield PathProof((*path.siblings, EMPTY_MAP), path.end)
    yield PathProof((*path.siblings, other), path.end)
    if path.end is None:
        yield PathProof(path.siblings, (other, other))
    else:
        yield PathProof(path.siblings, None)
        yield PathProof(path.siblings, (path.end[0], other))
        yield PathProof(path.siblings, (path.end[0][:31] + bytes([path.end[0][31] ^ 1]), path.end[1]))


@given(st.sets(labels, min_size=1, max_size=30), labels)
def test_the_path_of_one_label_says_nothing_about_a_label_that_parts_from_it(chosen, label):
    pages = insert({}, items_of(chosen), limit=2).pages
    path = prove(pages, label)
    elsewhere = bytes([label[0] ^ 0x80]) + label[1:]
    if path.siblings:
        with pytest.raises(ProofError):
            verify(root(pages), elsewhere, path)


def test_a_leaf_of_another_label_must_lie_on_the_path_to_count_as_absence():
    one, two = bytes(32), b"\x80" + bytes(31)
    pages = insert({}, items_of({one, two})).pages
    with pytest.raises(ProofError, match="not on the path"):
        verify(root(pages), one, prove(pages, two))


@given(st.sets(labels, min_size=1, max_size=20), limits)
def test_a_label_that_stands_already_is_an_error(chosen, limit):
    pages = insert({}, items_of(chosen), limit=limit).pages
    for item in items_of(chosen):
        with pytest.raises(DuplicateLabelError):
            insert(pages, [item], limit=limit)


def test_a_label_twice_in_one_batch_or_out_of_order_is_an_error():
    one, two = (bytes(32), bytes(32)), (b"\x01" * 32, bytes(32))
    for items in ([one, one], [two, one], [one, (one[0], b"\x02" * 32)]):
        with pytest.raises(DuplicateLabelError):
            insert({}, items)


def test_an_insert_leaves_the_old_pages_as_they_were():
    pages = insert({}, items_of({bytes([n]) * 32 for n in range(100)}), limit=2).pages
    before = dict(pages)
    update = insert(pages, [(b"\x55" * 31 + b"\x00", bytes(32))], limit=2)
    assert pages == before
    assert update.pages.items() <= (pages | update.pages).items()


def test_an_insert_into_many_touches_a_handful_of_small_pages():
    pages = insert({}, items_of({n.to_bytes(3, "big") * 10 + b"\0\0" for n in range(0, 2**24, 331)})).pages
    update = insert(pages, [(b"\x12\x34\x57" * 10 + b"\1\1", bytes(32))])
    assert len(pages) > 1000
    assert len(update.pages) <= 6
    assert max(map(len, update.pages.values())) <= HEAP_SIZE + 64 * LIMIT


def test_the_empty_map_has_no_pages_and_holds_nothing():
    assert insert({}, []).root == EMPTY_MAP == root({})
    assert verify(EMPTY_MAP, bytes(32), prove({}, bytes(32))) is None


def test_a_path_longer_than_a_label_is_an_error():
    with pytest.raises(ProofError):
        verify(EMPTY_MAP, bytes(32), PathProof((b"\x01" * 32,) * 257, None))


def test_a_map_that_puts_a_leaf_or_nothing_below_its_shallowest_depth_is_not_believed():
    """Even if the root of such a map was signed: a leaf beside nothing, and nothing beside nothing."""
    label, leaf = bytes(32), b"\x07" * 32
    for node, end in ((sha256(b"\x02" + label + leaf).digest(), (label, leaf)), (EMPTY_MAP, None)):
        top = sha256(b"\x03" + node + EMPTY_MAP).digest()
        with pytest.raises(ProofError, match="shallowest"):
            verify(top, label, PathProof((EMPTY_MAP,), end))


def test_a_path_of_hashes_that_are_not_32_bytes_is_an_error():
    with pytest.raises(ProofError, match="32 bytes"):
        verify(EMPTY_MAP, bytes(32), PathProof((bytes(31),), None))


class Life(RuleBasedStateMachine):
    """Any order of inserts and questions, held against the naive tree, with pages of two leaves."""

    def __init__(self):
        super().__init__()
        self.pages, self.held = {}, {}

    @rule(chosen=st.sets(near, min_size=1, max_size=4))
    def put(self, chosen):
        new = {label for label in chosen if label not in self.held}
        self.pages |= insert(self.pages, items_of(new), limit=2).pages
        self.held |= {label: leaf_of(label) for label in new}

    @rule(label=near)
    def ask(self, label):
        assert verify(root(self.pages), label, prove(self.pages, label)) == self.held.get(label)

    @invariant()
    def the_root_is_that_of_the_set(self):
        assert root(self.pages) == naive_map_root(self.held)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=20)
