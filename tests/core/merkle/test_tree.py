import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.merkle.tree import (
    EMPTY_ROOT,
    Frontier,
    frontier_of,
    leaf_hash,
    node_hash,
    places,
    range_root,
    root_of,
)
from tests.core.merkle.naive import NodeStore, naive_root


@pytest.fixture(scope="module")
def rfc6962(shared_data):
    return json.loads((shared_data / "tlog" / "rfc6962_roots.json").read_text())


def test_it_has_the_roots_of_rfc_6962(rfc6962):
    leaves = [leaf_hash(bytes.fromhex(one)) for one in rfc6962["leaf_inputs"]]
    for row in rfc6962["roots_by_size"]:
        assert root_of(leaves[: row["size"]]).hex() == row["root"]


def test_it_hashes_leaves_and_nodes_as_rfc_6962_does(rfc6962):
    for row in rfc6962["hasher"]:
        if row["op"] == "empty":
            found = EMPTY_ROOT
        elif row["op"] == "leaf":
            found = leaf_hash(bytes.fromhex(row["data_hex"]))
        else:
            found = node_hash(bytes.fromhex(row["left_hex"]), bytes.fromhex(row["right_hex"]))
        assert found.hex() == row["want"], row["desc"]


def test_it_completes_the_nodes_of_rfc_6962(rfc6962):
    leaves = [leaf_hash(bytes.fromhex(one)) for one in rfc6962["leaf_inputs"]]
    _, nodes = Frontier().append_many(leaves)
    by_level = rfc6962["node_hashes_by_level"]
    assert {(level, n): one.hex() for level, n, one in nodes} == {
        (level, n): one for level, row in enumerate(by_level) for n, one in enumerate(row)
    }


@given(st.lists(st.integers(0, 9), max_size=8))
def test_it_grows_to_the_same_root_in_whatever_steps(steps):
    leaves = [leaf_hash(bytes([n])) for n in range(sum(steps))]
    frontier, store = Frontier(), NodeStore()
    for step in steps:
        frontier, nodes = frontier.append_many(leaves[frontier.size : frontier.size + step])
        store.add(nodes)
    assert frontier.root() == naive_root(leaves) == root_of(leaves)
    assert frontier_of(frontier.size, store) == frontier


def test_it_names_the_subtrees_of_a_range_from_left_to_right():
    assert places(0, 7) == [(2, 0), (1, 2), (0, 6)]
    assert places(8, 13) == [(2, 2), (0, 12)]
    assert places(4, 4) == []


def test_it_computes_the_root_of_a_ragged_right_part():
    leaves = [leaf_hash(bytes([n])) for n in range(13)]
    store = NodeStore.of(leaves)
    assert range_root(8, 13, store) == naive_root(leaves[8:])
