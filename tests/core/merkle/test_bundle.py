"""What a bundle holds, and that it has one spelling. What makes it true is tested in tests/verify."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.merkle.bundle import Bundle, Opening, assemble, chained, entry_hash
from shouxin.core.merkle.canonical import decode, encode
from shouxin.core.merkle.chain import BEFORE_THE_FIRST, Epoch, commit, leaf
from shouxin.core.merkle.form import FormError
from shouxin.core.merkle.person_key import PersonKey
from shouxin.core.merkle.prefix_tree import PathProof, insert, verify
from shouxin.core.merkle.proof import verify_multiproof
from shouxin.core.merkle.statement import Held, Statement
from shouxin.core.merkle.tree import leaf_hash
from tests.core.merkle.naive import NodeStore, naive_root

KEY = PersonKey(origin="log.example", keys=((1, b"k" * 32),))
hashes = st.binary(min_size=32, max_size=32)
numbers = st.integers(0, 2**53 - 1)
paths = st.builds(PathProof, st.lists(hashes, max_size=3).map(tuple), st.none() | st.tuples(hashes, hashes))
epochs = st.builds(
    lambda entries, more, root, ms: Epoch(size=entries + more, entries=entries, map_root=root, ms=ms),
    st.integers(0, 2**62),
    st.integers(1, 2**62),
    hashes,
    st.integers(0, 2**64 - 1),
)
texts = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=5)
statements = st.builds(
    Statement,
    leaf_n=hashes,
    as_of=numbers,
    held=st.lists(st.builds(Held, texts, texts, numbers, texts, texts), max_size=2).map(tuple),
    questions=st.lists(st.dictionaries(texts, numbers | texts, max_size=2), max_size=2).map(tuple),
)
bundles = st.builds(
    Bundle,
    note=texts,
    epochs=st.lists(epochs, min_size=1, max_size=3).map(tuple),
    openings=st.lists(st.builds(Opening, numbers, numbers, hashes, hashes, st.binary()), max_size=2).map(tuple),
    proof=st.lists(hashes, max_size=3).map(tuple),
    membership=paths,
    non_membership=st.lists(paths, max_size=2).map(tuple),
    statement=statements,
    signature=st.binary(min_size=64, max_size=64),
)


@given(bundles)
def test_it_reads_back_what_it_writes(bundle):
    assert Bundle.parse(bundle.encode()) == bundle


@given(bundles, st.data())
def test_two_bundles_that_differ_are_spelt_differently(bundle, data):
    other = data.draw(bundles)
    assert (other == bundle) == (other.encode() == bundle.encode())


def test_each_opening_commits_to_its_record_and_to_the_leaf_before():
    first, second = chained([(7, b"s" * 32, b"one"), (3, b"t" * 32, b"two")], KEY)
    before = leaf_hash(leaf(KEY.label(1), first.commit))
    assert first.commit == commit(salt=b"s" * 32, j=1, before=BEFORE_THE_FIRST, record=b"one")
    assert second == Opening(2, 3, b"t" * 32, commit(salt=b"t" * 32, j=2, before=before, record=b"two"), b"two")
    assert entry_hash(KEY, 1, first.commit) == before


def test_it_proves_the_openings_and_their_epochs_at_once():
    (opening,) = chained([(0, b"s" * 32, b"one")], KEY)
    entry = entry_hash(KEY, 1, opening.commit)
    update = insert({}, [(KEY.label(1), entry)])
    epoch = Epoch(size=2, entries=1, map_root=update.root, ms=1)
    leaves = [entry, leaf_hash(epoch.to_leaf())]
    statement = Statement(leaf_n=entry, as_of=1)
    bundle = assemble(
        note="",
        key=KEY,
        openings=[opening],
        epochs=[epoch],
        source=NodeStore.of(leaves),
        pages=update.pages,
        statement=statement,
        signature=bytes(64),
    )
    assert verify_multiproof(list(enumerate(leaves)), size=2, proof=bundle.proof) == naive_root(leaves)
    assert verify(update.root, KEY.label(1), bundle.membership) == entry
    assert [verify(update.root, KEY.label(2), path) for path in bundle.non_membership] == [None]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"questions": [1]}, "statement.questions"),
        (
            {"held": [{"field": "f", "party": "p", "since": 1, "until": "", "basis": "b", "x": 1}]},
            "statement.held[0].x",
        ),
        ({"held": [{"field": "f", "party": "p", "since": "1", "until": "", "basis": "b"}]}, "statement.held[0].since"),
        ({"more": 1}, "statement.more"),
    ],
)
def test_it_names_what_is_wrong_in_a_statement(changes, where):
    bundle = Bundle(
        "", (Epoch(1, 0, bytes(32), 1),), (), (), PathProof((), None), (), Statement(bytes(32), 1), bytes(64)
    )
    doc = decode(bundle.encode())
    with pytest.raises(FormError) as caught:
        Bundle.parse(encode(doc | {"statement": doc["statement"] | changes}))
    assert caught.value.where == where


def test_it_names_the_place_that_is_wrong():
    bundle = Bundle(
        "", (Epoch(1, 0, bytes(32), 1),), (), (), PathProof((), None), (), Statement(bytes(32), 1), bytes(64)
    )
    for changed, where in (
        (replace(bundle, signature=bytes(63)), "signature"),
        (replace(bundle, proof=(bytes(31),)), "proof[0]"),
        (replace(bundle, membership=PathProof((bytes(33),), None)), "membership.siblings[0]"),
        (replace(bundle, non_membership=(PathProof((), (b"", b"")),)), "non_membership[0].end.label"),
        (replace(bundle, statement=Statement(b"", 1)), "statement.leaf_N"),
        (replace(bundle, openings=(Opening(1, 1, b"", bytes(32), b""),)), "openings[0].salt"),
    ):
        with pytest.raises(FormError) as caught:
            Bundle.parse(changed.encode())
        assert caught.value.where == where
