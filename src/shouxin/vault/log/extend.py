"""The end of a batch: its leaves, its openings and one epoch leaf go into the log, and the log is signed.

All of it inside the transaction of `append`, and none of it released before that is durable.
"""

from collections.abc import Sequence

from shouxin.core.merkle import prefix_tree
from shouxin.core.merkle.chain import Epoch
from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import sign_note
from shouxin.core.merkle.prefix_tree import Update
from shouxin.core.merkle.tree import HASH_SIZE, Frontier, leaf_hash
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.log.batch import Added, Batch
from shouxin.vault.log.tiles import Tiles
from shouxin.vault.rows import write


def extend(batch: Batch, tip: models.Tip) -> tuple[models.Tip, Update]:
    """Append the batch to the log that stands at `tip`, close its epoch and sign.

    The new tip, and what the map's file is to keep once this is durable.
    """
    added = sorted(batch.added, key=lambda one: one.label)
    size, entries = tip.size + len(added) + 1, tip.entries + len(added)
    grown = _grown(batch.vault, tip, added)
    epoch = Epoch(size=size, entries=entries, map_root=grown.root, ms=batch.ms)
    leaves = [one.leaf for one in added] + [epoch.to_leaf()]
    hashes = [one.leaf_hash for one in added] + [leaf_hash(leaves[-1])]
    frontier, nodes = frontier_of(tip).append_many(hashes)
    Tiles().append(nodes)
    _store(added, leaves, first=tip.size, epoch_index=epoch.index)
    batch.store_chains()
    closed = _signed(batch.vault, epoch, frontier)
    for one in added:
        one.size = size
    return closed, grown


def frontier_of(tip: models.Tip) -> Frontier:
    """The right edge of the tree at this tip."""
    raw = bytes(tip.frontier)
    return Frontier(tip.size, tuple(raw[at : at + HASH_SIZE] for at in range(0, len(raw), HASH_SIZE)))


def _grown(vault: Interior, tip: models.Tip, added: Sequence[Added]) -> Update:
    items = [(one.label, one.leaf_hash) for one in added]
    if not items:
        return Update(root=bytes(tip.map_root), pages={}, count=0)
    return prefix_tree.insert(vault.map.at(tip), items)


def _store(added: Sequence[Added], leaves: Sequence[bytes], *, first: int, epoch_index: int) -> None:
    write(models.Leaf, ("index", "data"), list(enumerate(leaves, start=first)))
    write(
        models.Opening,
        ("chain_id", "j", "leaf_index", "batch_first", "epoch_index", "sealed"),
        [(one.chain_id, one.j, at, first, epoch_index, one.sealed) for at, one in enumerate(added, start=first)],
    )


def _signed(vault: Interior, epoch: Epoch, frontier: Frontier) -> models.Tip:
    text = Checkpoint(vault.signer.name, epoch.size, frontier.root()).to_text()
    columns = ("size", "entries", "ms", "frontier", "map_root", "note")
    values = (
        epoch.size,
        epoch.entries,
        epoch.ms,
        b"".join(frontier.hashes),
        epoch.map_root,
        sign_note(text, [vault.signer]),
    )
    write(models.Tip, ("id", *columns), [(1, *values)], unique=["id"], changing=columns)
    return models.Tip(**dict(zip(columns, values, strict=True)))
