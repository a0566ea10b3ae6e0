"""The map in memory has the root of the map in pages, batch by batch, and of the textbook's."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.merkle import prefix_tree
from shouxin.core.merkle.grown_map import GrownMap
from shouxin.core.merkle.prefix_tree import DuplicateLabelError
from tests.core.merkle.naive import naive_map_root

# Labels that agree in long prefixes as well as labels that don't.
LABELS = st.one_of(
    st.binary(min_size=32, max_size=32),
    st.integers(0, 40).map(lambda n: n.to_bytes(32, "big")),
    st.integers(0, 40).map(lambda n: bytes([n]) + bytes(31)),
)


@given(st.lists(st.sets(LABELS, max_size=12), max_size=8))
def test_it_has_the_root_of_the_pages_and_of_the_textbook(batches):
    grown, pages, known = GrownMap(), {}, {}
    for batch in batches:
        items = [(label, sha256(label).digest()) for label in sorted(batch - known.keys())]
        update = prefix_tree.insert(pages, items)
        pages |= update.pages
        known |= dict(items)
        assert grown.add(items) == update.root == naive_map_root(known)


def test_it_takes_no_label_twice_and_none_out_of_order():
    one, two = (bytes(32), bytes(32)), (bytes([1]) * 32, bytes(32))
    for items in ([two, one], [one, one]):
        with pytest.raises(DuplicateLabelError):
            GrownMap().add(items)
    grown = GrownMap()
    grown.add([one, two])
    with pytest.raises(DuplicateLabelError):
        grown.add([two])
