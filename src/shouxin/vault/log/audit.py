"""Going over the whole log again: every leaf, tile, map root, opening and snapshot.

What a witness does from outside on blinded leaves, and more that only the vault can see: that
each stored opening belongs to its leaf and each snapshot is the fold of its chain.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from shouxin.core.merkle import chain
from shouxin.core.merkle.chain import SALT_SIZE
from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import NoteError, open_note
from shouxin.core.merkle.replay import Replay, ReplayError
from shouxin.core.merkle.tree import Frontier, leaf_hash
from shouxin.core.privacy import facts as folding
from shouxin.core.privacy.facts import Facts
from shouxin.vault import ledger as ledgers
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.ledger import ChainDamagedError
from shouxin.vault.log import append
from shouxin.vault.log.batch import snapshot
from shouxin.vault.log.tiles import Tiles
from shouxin.vault.seal import SealError, place, unseal


@dataclass(frozen=True, slots=True)
class Audit:
    """What was gone over, and every place where something doesn't fit."""

    size: int
    entries: int
    epochs: int
    chains: int
    faults: tuple[str, ...]


def audit(vault: Interior) -> Audit:
    """Recompute everything from the leaves and the openings; faults name leaves and chains."""
    with append.exclusive():
        tip = append.tip()
        faults = list(_log_faults(vault, tip))
        chains = list(models.Chain.objects.order_by("id"))
        for row in chains:
            faults += _chain_faults(vault, row)
    return Audit(tip.size, tip.entries, tip.size - tip.entries, len(chains), tuple(faults))


def _log_faults(vault: Interior, tip: models.Tip) -> list[str]:
    replay = Replay()
    try:
        for _ in replay.epochs(_leaves()):
            pass
    except ReplayError as error:
        return [f"leaf {error.index}: {error.why}"]
    faults = _tip_faults(vault, tip, replay.frontier)
    return faults if replay.map_root == bytes(tip.map_root) else [*faults, "the newest checkpoint has another map"]


def _leaves() -> Iterator[bytes]:
    for index, row in enumerate(models.Leaf.objects.order_by("index").iterator()):
        if row.index != index:
            raise ReplayError("missing", index)
        yield bytes(row.data)


def _tip_faults(vault: Interior, tip: models.Tip, frontier: Frontier) -> list[str]:
    faults: list[str] = []
    try:
        note = open_note(tip.note, [vault.signer.verifier])
    except NoteError:
        return ["the signed note doesn't open under the log's key"]
    signed = Checkpoint.parse(note.text)
    if (signed.size, signed.root) != (frontier.size, frontier.root()):
        faults.append("the signed note speaks of another tree")
    return faults + _tile_faults(frontier)


def _tile_faults(frontier: Frontier) -> list[str]:
    """The frontier's nodes as the tiles have them."""
    tiles, start, faults = Tiles(), 0, []
    for digest in frontier.hashes:
        level = ((frontier.size - start).bit_length()) - 1
        if tiles.node(level, start >> level) != digest:
            faults.append(f"tiles: the subtree of {1 << level} leaves from leaf {start}")
        start += 1 << level
    return faults


def _chain_faults(vault: Interior, row: models.Chain) -> list[str]:
    ledger = ledgers.opened(vault, row)
    key, seal_key = ledger.person_key(vault.signer.name), ledger.seal_key
    facts, before, name = Facts(), chain.BEFORE_THE_FIRST, f"chain {row.id}"
    openings = models.Opening.objects.filter(chain_id=row.id).order_by("j")
    for j, opening in enumerate(openings, start=1):
        try:
            raw = unseal(seal_key, bytes(opening.sealed), place=place(row.id, str(j)))
        except SealError:
            return [f"{name}: entry {j} doesn't open"]
        salt, record = raw[:SALT_SIZE], raw[SALT_SIZE:]
        committed = chain.commit(salt=salt, j=j, before=before, record=record)
        leaf = chain.leaf(key.label(j), committed)
        stored = models.Leaf.objects.filter(index=opening.leaf_index).first()
        if stored is None or bytes(stored.data) != leaf:
            return [f"{name}: entry {j} is not what the log holds"]
        facts, before = folding.fold(facts, json.loads(record)), leaf_hash(leaf)
    try:
        stored_facts = snapshot(row, seal_key)
    except ChainDamagedError:
        return [f"{name}: the snapshot doesn't open"]
    if facts.n != row.n or stored_facts != facts:
        return [f"{name}: the snapshot is not the fold of its {row.n} entries"]
    return [] if before == bytes(row.last_leaf_hash) else [f"{name}: the last leaf hash"]
