"""Entries made beforehand, for figures of the log alone: what making one costs is measured by `use.py`."""

from __future__ import annotations

import os

from benchmarks.limits import Took, took
from shouxin.core.merkle import chain
from shouxin.core.merkle.tree import leaf_hash
from shouxin.usecases.lender import Lender
from shouxin.vault.log.append import commit
from shouxin.vault.log.batch import Added, Batch

PEOPLE = 64
OPENING_BYTES = 430
"""A sealed opening of a use."""


def made(count: int, *, first: int) -> list[Added]:
    """`count` entries from number `first` of a log on, of people whose histories grow evenly."""
    entries = []
    for number in range(first, first + count):
        leaf = chain.leaf(os.urandom(32), os.urandom(32))
        who, j = f"made-{number % PEOPLE:032d}", number // PEOPLE + 1
        entries.append(Added(who, j, leaf[1:33], leaf, leaf_hash(leaf), os.urandom(OPENING_BYTES)))
    return entries


def appended(lender: Lender, count: int, *, first: int) -> Took:
    """Append so many in one durable commit; how long that took, the making left out."""
    vault = lender.vault._inside  # noqa: SLF001  below the door: whole batches of made-up leaves
    entries = made(count, first=first)

    def work(batch: Batch) -> None:
        batch.added += entries

    return took(lambda: commit(vault, [work]))
