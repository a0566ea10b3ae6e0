"""One batch: the chains that its acts touch, and the entries that they write.

Acts are decided in call order on facts that include the earlier ones of the same batch. Entries
of one person are chained in that order; the log then holds them sorted by label.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace

from shouxin.core.merkle import canonical, chain
from shouxin.core.merkle.tree import leaf_hash
from shouxin.core.privacy import facts as folding
from shouxin.core.privacy.entry import VERSION, Record, check_record
from shouxin.core.privacy.facts import Facts
from shouxin.vault import ledger as ledgers
from shouxin.vault import models
from shouxin.vault.epoch import Epoch
from shouxin.vault.interior import Interior
from shouxin.vault.ledger import ChainDamagedError, Ledger
from shouxin.vault.rows import Value, write
from shouxin.vault.seal import NONCE_BYTES, SealError, place, seal, unseal

_SNAPSHOTS = json.JSONEncoder(separators=(",", ":"))


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
    """A chain while a batch writes it. The ledger keys live for the call only.

    `epoch` is the one that wraps this chain's keys, whichever is the newest now.
    """

    id: str
    kind: str
    epoch: Epoch
    ledger: Ledger
    wrapped_ledger: bytes = field(repr=False)
    wrapped_data: bytes = field(repr=False)
    facts: Facts
    last_leaf_hash: bytes

    @property
    def ledger_key(self) -> bytes:
        """The ledger key in force."""
        return self.ledger.in_force

    @property
    def seal_key(self) -> bytes:
        """What seals this chain's openings and facts."""
        return self.ledger.seal_key


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
        self._before: dict[str, tuple[LiveChain, LiveChain | None]] | None = None
        self._epoch: Epoch | None = None
        vault.epochs.let_go()

    @property
    def epoch(self) -> Epoch:
        """The epoch that wraps what is new; asked once a batch, inside its exclusive transaction."""
        self._epoch = self._epoch or self.vault.epochs.newest()
        return self._epoch

    def load(self, ids: Sequence[str]) -> None:
        """Read many chains at once; asking for one later costs nothing more.

        A contact person's chain is found by each of their namings too: that is what whoever named them knows them by.
        """
        missing = [one for one in dict.fromkeys(ids) if one not in self._chains]
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
        live = self._chains[chain_id]
        if self._before is not None and live is not None and live.id not in self._before:
            self._before[live.id] = live, replace(live)
        return live

    def create(self, chain_id: str, kind: str) -> LiveChain:
        """A new chain with two fresh keys, wrapped by the epoch. Its first entry is the caller's."""
        epoch, ledger_key, data_key = self.epoch, *(self.vault.chance.token_bytes(32) for _ in range(2))
        live = LiveChain(
            id=chain_id,
            kind=kind,
            epoch=epoch,
            ledger=ledgers.new(ledger_key),
            wrapped_ledger=epoch.wrap(ledger_key),
            wrapped_data=epoch.wrap(data_key),
            facts=Facts(),
            last_leaf_hash=chain.BEFORE_THE_FIRST,
        )
        self._chains[chain_id] = live
        if self._before is not None:
            self._before[chain_id] = live, None
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

    def store_values(self) -> None:
        """Write the sealed values and indexes that were added since the last time: who comes next finds them."""
        models.Datum.objects.bulk_create(
            self.data,
            update_conflicts=True,
            unique_fields=["chain_id", "field", "version"],
            update_fields=["sealed"],
        )
        models.BlindIndex.objects.bulk_create(self.digests)
        self.data, self.digests = [], []

    def store_chains(self) -> None:
        """Write the chains that grew."""
        columns = ("id", "kind", "n", "last_leaf_hash", "epoch", "ledger_key", "data_key", "facts")
        rows = [self._row(live) for live in self._touched.values()]
        write(models.Chain, columns, rows, unique=["id"], changing=["n", "last_leaf_hash", "facts"])

    @contextmanager
    def taken_back_on_error(self) -> Iterator[None]:
        """What is done inside is undone when it raises: entries, values, and what chains say."""
        self._before, sealed, touched = {}, [one.sealed for one in self.added], dict(self._touched)
        try:
            yield
        except BaseException:
            del self.added[len(sealed) :]
            for one, before in zip(self.added, sealed, strict=True):
                one.sealed = before
            self.data, self.digests, self._touched = [], [], touched
            self._put_back(self._before)
            raise
        finally:
            self._before = None

    def _put_back(self, before: dict[str, tuple[LiveChain, LiveChain | None]]) -> None:
        for live, was in before.values():
            if was is None:
                self._chains = {name: one for name, one in self._chains.items() if one is not live}
            else:
                for one in fields(was):
                    setattr(live, one.name, getattr(was, one.name))

    def _row(self, live: LiveChain) -> tuple[Value, ...]:
        snapshot = _SNAPSHOTS.encode(folding.to_doc(live.facts)).encode()
        sealed = self._seal(live, snapshot, f"facts{live.facts.n}")
        keys = (live.wrapped_ledger, live.wrapped_data)
        return (live.id, live.kind, live.facts.n, live.last_leaf_hash, live.epoch.number, *keys, sealed)

    def _seal(self, live: LiveChain, value: bytes, name: str) -> bytes:
        nonce = self.vault.chance.token_bytes(NONCE_BYTES)
        return seal(live.seal_key, value, place=place(live.id, name), nonce=nonce)

    def _open(self, row: models.Chain) -> LiveChain:
        ledger = ledgers.opened(self.vault, row)
        return LiveChain(
            id=row.id,
            kind=row.kind,
            epoch=self.vault.epochs.of(row.epoch),
            ledger=ledger,
            wrapped_ledger=bytes(row.ledger_key),
            wrapped_data=bytes(row.data_key),
            facts=snapshot(row, ledger.seal_key),
            last_leaf_hash=bytes(row.last_leaf_hash),
        )


def snapshot(row: models.Chain, seal_key: bytes) -> Facts:
    """The facts that are stored with a chain. Raises `ChainDamagedError`."""
    try:
        raw = unseal(seal_key, bytes(row.facts), place=place(row.id, f"facts{row.n}"))
    except SealError:
        raise ChainDamagedError("the snapshot of a chain doesn't open", where=f"chain {row.id}") from None
    return folding.from_doc(json.loads(raw))
