"""One batch: the chains that its acts touch, and the entries that they write.

Acts are decided in call order on facts that include the earlier ones of the same batch. Entries
of one person are chained in that order; the log then holds them sorted by label.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from shouxin.core.merkle import canonical, chain
from shouxin.core.merkle.tree import leaf_hash
from shouxin.core.privacy import facts as folding
from shouxin.core.privacy.entry import VERSION, Record, check_record
from shouxin.core.privacy.facts import Facts
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.seal import NONCE_BYTES, SealError, opening_key, place, seal, unseal
from shouxin.vault.stopped import VaultStoppedError


class ChainDamagedError(VaultStoppedError):
    """What is stored of a chain doesn't open under its own key."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an act leaves in the caller's hand: whose entry, its number and leaf hash, and the
    size of the signed tree that holds it.
    """

    subject: str
    entry: int
    leaf_hash: bytes
    size: int


@dataclass(slots=True)
class Added:
    """An entry of the batch; `receipt` stands once the batch is durable."""

    chain_id: str
    j: int
    label: bytes
    leaf: bytes
    leaf_hash: bytes
    sealed: bytes
    size: int = 0

    @property
    def receipt(self) -> Receipt:
        """What the caller gets of this entry, once it is durable."""
        assert self.size, "nothing is released before the batch is durable"
        return Receipt(self.chain_id, self.j, self.leaf_hash, self.size)


@dataclass(slots=True)
class LiveChain:
    """A chain while a batch writes it. The ledger key lives for the call only."""

    id: str
    kind: str
    epoch: int
    ledger_key: bytes = field(repr=False)
    wrapped_ledger: bytes = field(repr=False)
    wrapped_data: bytes = field(repr=False)
    facts: Facts
    last_leaf_hash: bytes
    seal_key: bytes = field(repr=False)


class Batch:
    """Loads chains, adds entries, and says at the end what must be stored."""

    def __init__(self, vault: Interior, *, ms: int) -> None:
        self.vault = vault
        self.ms = ms
        self.added: list[Added] = []
        self.data: list[models.Datum] = []
        self.digests: list[models.BlindIndex] = []
        self._chains: dict[str, LiveChain | None] = {}
        self._touched: dict[str, LiveChain] = {}

    def load(self, ids: Sequence[str]) -> None:
        """Read many chains at once; asking for one later costs nothing more.

        A contact person's chain is found by each of their namings too: that is what whoever named them knows them by.
        """
        missing = [one for one in ids if one not in self._chains]
        for start in range(0, len(missing), 500):
            part = missing[start : start + 500]
            rows = models.Chain.objects.filter(id__in=part)
            self._chains.update(dict.fromkeys(part))
            self._chains.update({row.id: self._open(row) for row in rows})
            self._load_named([one for one in part if self._chains[one] is None])

    def _load_named(self, names: Sequence[str]) -> None:
        for naming in models.Naming.objects.filter(token__in=names):
            self._chains[naming.token] = self.chain(naming.contact_id)

    def chain(self, chain_id: str) -> LiveChain | None:
        """The chain as of now in this batch, or None."""
        if chain_id not in self._chains:
            self.load([chain_id])
        return self._chains[chain_id]

    def create(self, chain_id: str, kind: str) -> LiveChain:
        """A new chain with two fresh keys, wrapped by the epoch. Its first entry is the caller's."""
        epoch = self.vault.epoch
        ledger_key, data_key = (self.vault.chance.token_bytes(32) for _ in range(2))
        live = LiveChain(
            id=chain_id,
            kind=kind,
            epoch=epoch.number,
            ledger_key=ledger_key,
            wrapped_ledger=epoch.wrap(ledger_key),
            wrapped_data=epoch.wrap(data_key),
            facts=Facts(),
            last_leaf_hash=chain.BEFORE_THE_FIRST,
            seal_key=opening_key(ledger_key),
        )
        self._chains[chain_id] = live
        return live

    def add(self, live: LiveChain, body: Record) -> Added:
        """Chain one more entry. A record that the history can't carry is a bug of the caller."""
        record: Record = {"v": VERSION, "time": self.ms, **body}
        check_record(record)
        lacking = folding.violation(live.facts, record)
        assert lacking is None, f"an entry that its history can't carry: {lacking}"
        j = live.facts.n + 1
        raw, salt = canonical.encode(record), self.vault.chance.token_bytes(chain.SALT_SIZE)
        label = chain.label(live.ledger_key, j)
        commit = chain.commit(salt=salt, j=j, before=live.last_leaf_hash, record=raw)
        leaf = chain.leaf(label, commit)
        sealed = self._seal(live, salt + raw, str(j))
        added = Added(live.id, j, label, leaf, leaf_hash(leaf), sealed)
        live.facts, live.last_leaf_hash = folding.fold(live.facts, record), added.leaf_hash
        self.added.append(added)
        self._touched[live.id] = live
        return added

    def chain_rows(self) -> list[models.Chain]:
        """Rows of the chains that grew."""
        return [self._row(live) for live in self._touched.values()]

    def _row(self, live: LiveChain) -> models.Chain:
        snapshot = json.dumps(folding.to_doc(live.facts), separators=(",", ":")).encode()
        return models.Chain(
            id=live.id,
            kind=live.kind,
            n=live.facts.n,
            last_leaf_hash=live.last_leaf_hash,
            epoch=live.epoch,
            ledger_key=live.wrapped_ledger,
            data_key=live.wrapped_data,
            facts=self._seal(live, snapshot, f"facts{live.facts.n}"),
        )

    def _seal(self, live: LiveChain, value: bytes, name: str) -> bytes:
        nonce = self.vault.chance.token_bytes(NONCE_BYTES)
        return seal(live.seal_key, value, place=place(live.id, name), nonce=nonce)

    def _open(self, row: models.Chain) -> LiveChain:
        ledger_key = self.vault.epoch.unwrap(row.ledger_key)
        seal_key = opening_key(ledger_key)
        return LiveChain(
            id=row.id,
            kind=row.kind,
            epoch=row.epoch,
            ledger_key=ledger_key,
            wrapped_ledger=bytes(row.ledger_key),
            wrapped_data=bytes(row.data_key),
            facts=snapshot(row, seal_key),
            last_leaf_hash=bytes(row.last_leaf_hash),
            seal_key=seal_key,
        )


def snapshot(row: models.Chain, seal_key: bytes) -> Facts:
    """The facts that are stored with a chain. Raises `ChainDamagedError`."""
    try:
        raw = unseal(seal_key, bytes(row.facts), place=place(row.id, f"facts{row.n}"))
    except SealError:
        raise ChainDamagedError("the snapshot of a chain doesn't open", where=f"chain {row.id}") from None
    return folding.from_doc(json.loads(raw))
