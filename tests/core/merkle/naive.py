"""The textbook versions, slow and plain, that the real ones are held against."""

from hashlib import sha256

from shouxin.core.merkle.tree import Frontier


def naive_root(hashes):
    """RFC 6962 section 2.1, word by word, over leaf hashes."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return sha256(b"\x01" + naive_root(hashes[:k]) + naive_root(hashes[k:])).digest()


def naive_subtree_proof(start, end, hashes, *, known=True):
    """The subtree proof of draft-ietf-plants-merkle-tree-certs, by its recursive definition, over all leaf hashes."""
    if (start, end) == (0, len(hashes)):
        return [] if known else [naive_root(hashes)]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    left, right = hashes[:k], hashes[k:]
    if end <= k:
        return [*naive_subtree_proof(start, end, left, known=known), naive_root(right)]
    if k <= start:
        return [*naive_subtree_proof(start - k, end - k, right, known=known), naive_root(left)]
    return [*naive_subtree_proof(0, end - k, right, known=False), naive_root(left)]


def naive_map_root(items):
    """The prefix tree over a dict of label to leaf hash, built anew from the set."""
    return _map_node(sorted(items.items()), 0)


def _map_node(items, depth):
    if not items:
        return bytes(32)
    if len(items) == 1:
        return sha256(b"\x02" + items[0][0] + items[0][1]).digest()
    left = [one for one in items if not bit(one[0], depth)]
    right = [one for one in items if bit(one[0], depth)]
    return sha256(b"\x03" + _map_node(left, depth + 1) + _map_node(right, depth + 1)).digest()


def bit(label, depth):
    return int.from_bytes(label, "big") >> (255 - depth) & 1


class NodeStore:
    """Complete nodes in a dict; a node that was never given is a KeyError."""

    def __init__(self):
        self.nodes = {}

    @classmethod
    def of(cls, hashes):
        store = cls()
        store.add(Frontier().append_many(hashes)[1])
        return store

    def add(self, nodes):
        self.nodes |= {(level, index): one for level, index, one in nodes}

    def node(self, level, index):
        return self.nodes[level, index]
