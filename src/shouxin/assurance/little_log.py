"""A whole log in memory, for those who would make one up: the same formats, no vault behind it.

Nothing here is secret or by chance: salts and keys follow from a seed, so that a forged
history can be forged again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from shouxin.core.merkle import prefix_tree
from shouxin.core.merkle.bundle import assemble, chained, entry_hash
from shouxin.core.merkle.canonical import encode
from shouxin.core.merkle.chain import Epoch, leaf
from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import Signer, sign_note
from shouxin.core.merkle.person_key import PersonKey
from shouxin.core.merkle.statement import CONTEXT, Held, Statement
from shouxin.core.merkle.tree import Frontier, leaf_hash
from shouxin.core.merkle.trust import LogKey, Trust


@dataclass(frozen=True, slots=True)
class Files:
    """The three files that a verifier takes."""

    bundle: bytes
    trust: bytes
    person: bytes


class LittleLog:
    """A log that signs whatever it is told, at whatever time it is told."""

    def __init__(self, signer: Signer) -> None:
        self.signer = signer
        self.epochs: list[Epoch] = []
        self.pages: dict[bytes, bytes] = {}
        self.frontier = Frontier()
        self.note = ""
        self._nodes: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, index: int) -> bytes:
        """A complete node of the tree."""
        return self._nodes[level, index]

    def append(self, entries: Sequence[tuple[bytes, bytes]], *, ms: int) -> dict[bytes, int]:
        """Close a batch of (label, commitment) at ``ms``; the leaf index of each label."""
        batch = sorted((label, leaf(label, commit)) for label, commit in entries)
        hashes = [leaf_hash(data) for _, data in batch]
        labels = [label for label, _ in batch]
        update = prefix_tree.insert(self.pages, self.mapped(labels, hashes))
        self.pages |= update.pages
        first = self.frontier.size
        before = self.epochs[-1].entries if self.epochs else 0
        epoch = Epoch(size=first + len(batch) + 1, entries=before + len(batch), map_root=update.root, ms=ms)
        self.frontier, nodes = self.frontier.append_many([*hashes, leaf_hash(epoch.to_leaf())])
        self._nodes |= {(level, index): top for level, index, top in nodes}
        self.epochs.append(epoch)
        checkpoint = Checkpoint(self.signer.name, self.frontier.size, self.frontier.root())
        self.note = sign_note(checkpoint.to_text(), [self.signer])
        return {label: first + place for place, label in enumerate(labels)}

    def mapped(self, labels: Sequence[bytes], hashes: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
        """What the map is told of a batch; an honest log tells all of it."""
        return list(zip(labels, hashes, strict=True))

    def trust(self, *, max_age: int = 86_400) -> bytes:
        """A trust.json that believes this log."""
        keys = (LogKey(self.signer.verifier),)
        return encode(Trust(origin=self.signer.name, log_keys=keys, max_age=max_age).to_doc())


class Scribe:
    """Writes one person's chain into a log."""

    def __init__(self, log: LittleLog, *, key: bytes) -> None:
        self.log = log
        self.key = PersonKey(origin=log.signer.name, keys=((1, key),))
        self._sealed: list[tuple[int, bytes, bytes]] = []

    def write(self, records: Sequence[bytes], *, ms: int, others: Sequence[tuple[bytes, bytes]] = ()) -> None:
        """One batch: these records, and (label, commitment) of ``others``."""
        n = len(self._sealed)
        fresh = [(0, self._salt(n + place), record) for place, record in enumerate(records, start=1)]
        openings = chained([*self._sealed, *fresh], self.key)[n:]
        mine = [(self.key.label(one.j), one.commit) for one in openings]
        indices = self.log.append([*mine, *others], ms=ms)
        self._sealed += [(indices[self.key.label(one.j)], one.salt, one.record) for one in openings]

    def files(
        self,
        *,
        as_of: int,
        max_age: int = 86_400,
        held: Sequence[Held] = (),
        questions: Sequence[dict[str, str | int]] = (),
    ) -> Files:
        """The bundle under the log's last checkpoint, with what it takes to check it."""
        openings = chained(self._sealed, self.key)
        key = PersonKey(
            origin=self.key.origin,
            keys=self.key.keys,
            leaf_1=entry_hash(self.key, 1, openings[0].commit),
        )
        statement = Statement(
            leaf_n=entry_hash(key, len(openings), openings[-1].commit),
            as_of=as_of,
            held=tuple(held),
            questions=tuple(questions),
        )
        bundle = assemble(
            note=self.log.note,
            key=key,
            openings=openings,
            epochs=self._epochs([one.index for one in openings]),
            source=self.log,
            pages=self.log.pages,
            statement=statement,
            signature=self.log.signer.sign_under(CONTEXT, statement.payload()),
        )
        return Files(bundle.encode(), self.log.trust(max_age=max_age), key.encode())

    def _epochs(self, indices: Sequence[int]) -> list[Epoch]:
        """Of each batch with an entry its epoch and the one before, and the last."""
        all_of_them = self.log.epochs
        wanted = {len(all_of_them) - 1}
        for index in indices:
            place = next(n for n, epoch in enumerate(all_of_them) if index < epoch.index)
            wanted |= {place, max(place - 1, 0)}
        return [all_of_them[place] for place in sorted(wanted)]

    def _salt(self, j: int) -> bytes:
        return sha256(self.key.keys[0][1] + b"salt" + str(j).encode()).digest()
