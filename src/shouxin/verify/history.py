"""Steps 3 to 6: these openings are one unbroken chain, in the log, in time, and all there is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from shouxin.core.merkle import prefix_tree
from shouxin.core.merkle.bundle import Bundle, Opening, entry_hash
from shouxin.core.merkle.chain import BEFORE_THE_FIRST, Epoch, commit
from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.person_key import PersonKey
from shouxin.core.merkle.prefix_tree import PathProof
from shouxin.core.merkle.proof import ProofError, verify_multiproof
from shouxin.core.merkle.tree import leaf_hash
from shouxin.verify.refuse import RefusedError, demand
from shouxin.verify.verdict import Reason

LATE_MS = 300_000
"""How far an entry's own time may be from the time of the epoch that closed its batch."""

_LOOK_AHEAD = 64


def entries_follow(openings: Sequence[Opening]) -> None:
    """Numbers 1, 2, … without a gap."""
    demand(bool(openings), Reason.MISSING_ENTRY, "entry 1")
    for j, one in enumerate(openings, start=1):
        demand(one.j <= j, Reason.MISSING_ENTRY, f"entry {j}")
        demand(one.j == j, Reason.MALFORMED, f"openings[{j - 1}].j")


def ends_in_the_persons_label(key: PersonKey, n: int, membership: PathProof) -> None:
    """The last entry that the bundle speaks of is number ``n`` of the person with this key."""
    end = membership.end
    if end is None:
        raise RefusedError(Reason.MISSING_ENTRY, f"entry {n}")
    if end[0] == key.label(n):
        return
    ahead = [j for j in range(n + 1, n + 1 + _LOOK_AHEAD) if key.label(j) == end[0]]
    demand(not ahead, Reason.MISSING_ENTRY, f"entry {n + 1}")
    raise RefusedError(Reason.WRONG_PERSON, "membership")


def chain(openings: Sequence[Opening], key: PersonKey) -> list[bytes]:
    """The leaf hashes of all entries; each commits to its record and to the one before."""
    hashes, before = [], BEFORE_THE_FIRST
    for one in openings:
        again = commit(salt=one.salt, j=one.j, before=before, record=one.record)
        demand(again == one.commit, Reason.CHAIN_BROKEN, f"entry {one.j}")
        before = entry_hash(key, one.j, one.commit)
        hashes.append(before)
    return hashes


def in_log(bundle: Bundle, hashes: Sequence[bytes], checkpoint: Checkpoint) -> None:
    """Entries and epochs stand in the signed tree, which ends in the last epoch."""
    demand(bundle.epochs[-1].size == checkpoint.size, Reason.NOT_IN_LOG, "epoch")
    entries = [(one.index, leaf) for one, leaf in zip(bundle.openings, hashes, strict=True)]
    epochs = [(one.index, leaf_hash(one.to_leaf())) for one in bundle.epochs]
    try:
        root = verify_multiproof(sorted(entries + epochs), size=checkpoint.size, proof=bundle.proof)
    except ProofError as error:
        raise RefusedError(Reason.NOT_IN_LOG, "proof") from error
    demand(root == checkpoint.root, Reason.NOT_IN_LOG, "proof")


def batches(openings: Sequence[Opening], epochs: Sequence[Epoch]) -> list[Epoch]:
    """Of each entry the epoch that closed its batch.

    The batch of epoch number e holds the leaves between the epoch leaves e - 1 and e, so
    the bundle must hold both; it may hold no others. Epochs never fall as entries rise.
    """
    for before, after in pairwise(epochs):
        demand(before.number < after.number, Reason.MALFORMED, "epochs")
        demand(before.entries <= after.entries, Reason.NOT_IN_LOG, "epochs")
        demand(before.ms <= after.ms, Reason.TIME_BACKWARDS, "epochs")
    ends = [one.index for one in epochs]
    places = [bisect_right(ends, one.index) for one in openings]
    for one, place in zip(openings, places, strict=True):
        inside = place < len(epochs) and (
            epochs[place].number == 1 or (place > 0 and epochs[place].number == epochs[place - 1].number + 1)
        )
        demand(inside, Reason.LATE_ENTRY, f"entry {one.j}")
    needed = {len(epochs) - 1} | set(places) | {place - 1 for place in places if place}
    demand(len(needed) == len(epochs), Reason.MALFORMED, "epochs")
    for one, (before_place, place) in zip(openings[1:], pairwise(places), strict=True):
        demand(before_place <= place, Reason.TIME_BACKWARDS, f"entry {one.j}")
    return [epochs[place] for place in places]


def all_there(bundle: Bundle, hashes: Sequence[bytes], key: PersonKey) -> None:
    """The map holds entry N, and under no key of the person the number after it."""
    n, root = len(hashes), bundle.epochs[-1].map_root
    found = _found(root, key.label(n), bundle.membership, Reason.NOT_IN_LOG, f"entry {n}")
    demand(found == hashes[-1], Reason.NOT_IN_LOG, f"entry {n}")
    absent, after = key.next_labels(n), f"entry {n + 1}"
    demand(len(bundle.non_membership) >= len(absent), Reason.MISSING_ENTRY, after)
    demand(len(bundle.non_membership) == len(absent), Reason.MALFORMED, "non_membership")
    for label, path in zip(absent, bundle.non_membership, strict=True):
        found = _found(root, label, path, Reason.MISSING_ENTRY, after)
        demand(found is None, Reason.MISSING_ENTRY, after)
    demand(bundle.statement.leaf_n == hashes[-1], Reason.MISSING_ENTRY, "statement.leaf_N")


def begins_at_enrolment(hashes: Sequence[bytes], key: PersonKey) -> None:
    """Entry 1 is the one the person was given at enrolment, if they were given one."""
    demand(key.leaf_1 in (None, hashes[0]), Reason.WRONG_PERSON, "entry 1")


def _found(root: bytes, label: bytes, path: PathProof, reason: Reason, where: str) -> bytes | None:
    try:
        return prefix_tree.verify(root, label, path)
    except ProofError as error:
        raise RefusedError(reason, where) from error
