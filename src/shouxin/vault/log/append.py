"""The one road into the log: one durable, exclusive transaction, and nothing released before it.

In order: (1) take the exclusive lock and read the stored tip; (2) refuse to sign when the note
beside the database is newer, or the clock runs backwards; (3) write the owners' entries that
earlier batches deferred; (4) decide the acts in call order; (5) append leaves, tiles, map and
epoch leaf, sign, store, commit. A crash before the commit leaves nothing. (6) Write and sync the
note. A crash between (5) and (6) leaves entries without a use, which is allowed; the next start
writes the note. Only then does the caller get what it asked for.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db import connections, transaction

from shouxin.core.merkle import prefix_tree
from shouxin.core.merkle.chain import Epoch
from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import sign_note
from shouxin.core.merkle.tree import HASH_SIZE, Frontier, leaf_hash
from shouxin.core.privacy.entry import Record
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.log import note_file
from shouxin.vault.log.batch import Added, Batch
from shouxin.vault.log.tiles import Tiles
from shouxin.vault.seal import NONCE_BYTES, opening_key, place, seal, unseal
from shouxin.vault.stopped import VaultStoppedError

T = TypeVar("T")
Work = Callable[[Batch], T]

ALIAS = "vault"
CLOCK_SLACK_MS = 300_000
DEFERRED_AT_ONCE = 1000
_POSTGRES_LOCK = 0x5348_4F55  # one lender, one log: one lock
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)


class InsideTransactionError(Exception):
    """The vault was asked inside a transaction of the book, which would hold its write lock
    while this waits for the disk, and could undo what an entry already told.
    """


class ClockBehindError(VaultStoppedError):
    """The clock is more than five minutes behind the log's last epoch: it refuses to sign."""


class LogMissingError(VaultStoppedError):
    """The vault has no log: its database is empty or not this lender's."""


def commit(vault: Interior, works: Sequence[Work[T]], *, chains: Sequence[str] = (), fresh: bool = False) -> list[T]:
    """Run the acts of one batch; their results, in call order, once they are durable.

    `chains` are those that the acts will ask for, read at once.
    With `fresh`, an epoch is closed even when no entry was written, so that the checkpoint is
    of now. Raises `InsideTransactionError`, `ClockBehindError`, `LogBehindError`, `NoteLostError`.
    """
    if connections["default"].in_atomic_block:
        raise InsideTransactionError("ask the vault first, then open the transaction")
    with vault.lock:
        with transaction.atomic(using=ALIAS, durable=True):
            _exclusive()
            last = tip()
            note_file.check(vault.note_path, last.note, vault.signer)
            batch = Batch(vault, ms=_moment(vault, last))
            _write_deferred(batch)
            batch.load(chains)
            results = [work(batch) for work in works]
            if batch.added or fresh:
                last = _close(batch, last)
        note_file.write(vault.note_path, last.note)
    return results


def settle(vault: Interior) -> None:
    """Before reading: write what was deferred, if anything was, and see that no older database was put back."""
    if models.Deferred.objects.exists():
        commit(vault, [])
        return
    note = models.Tip.objects.values_list("note", flat=True).first()
    note_file.check(vault.note_path, note or tip().note, vault.signer)


def start(vault: Interior) -> None:
    """The first checkpoint of a new log: one epoch leaf over an empty map."""
    with transaction.atomic(using=ALIAS, durable=True):
        empty = models.Tip(size=0, entries=0, ms=0, frontier=b"", map_root=bytes(HASH_SIZE))
        first = _close(Batch(vault, ms=now_ms(vault)), empty)
    note_file.write(vault.note_path, first.note)


def recover(vault: Interior) -> None:
    """Compare database and note when the vault opens, and write the note a crash left out."""
    last = tip()
    note_file.check(vault.note_path, last.note, vault.signer)
    note_file.write(vault.note_path, last.note)


def defer(vault: Interior, chain_id: str, ledger_key: bytes, body: Record) -> models.Deferred:
    """An owner's entry for a later batch, sealed under the owner's ledger key."""
    nonce = vault.chance.token_bytes(NONCE_BYTES)
    raw = json.dumps(body).encode()
    sealed = seal(opening_key(ledger_key), raw, place=place(chain_id, "deferred"), nonce=nonce)
    return models.Deferred(chain_id=chain_id, sealed=sealed)


def now_ms(vault: Interior) -> int:
    """The vault's clock in whole milliseconds since 1970 UTC."""
    return (vault.clock.now() - _EPOCH_START) // timedelta(milliseconds=1)


def last_moment() -> datetime:
    """The time of the newest epoch: what comes next can't be earlier."""
    return _EPOCH_START + timedelta(milliseconds=tip().ms)


def age_ms(vault: Interior) -> int:
    """How old the newest checkpoint is."""
    return now_ms(vault) - tip().ms


@contextmanager
def exclusive() -> Iterator[None]:
    """The log stands still inside: what is read belongs to one checkpoint."""
    with transaction.atomic(using=ALIAS):
        _exclusive()
        yield


def _exclusive() -> None:
    """SQLite's IMMEDIATE transaction is exclusive by itself; PostgreSQL needs an advisory lock."""
    connection = connections[ALIAS]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_POSTGRES_LOCK])


def tip() -> models.Tip:
    """Where the log stands. Raises `LogMissingError`."""
    row = models.Tip.objects.first()
    if row is None:
        raise LogMissingError("the vault's database holds no log")
    return row


def _moment(vault: Interior, tip: models.Tip) -> int:
    now = now_ms(vault)
    if now < tip.ms - CLOCK_SLACK_MS:
        newest, told = (_moment_text(ms) for ms in (tip.ms, now))
        raise ClockBehindError(
            f"the log's newest time is {newest}, and the clock says {told}, over five minutes before it; "
            "an earlier command may have been given a later --at"
        )
    return max(now, tip.ms)


def _moment_text(ms: int) -> str:
    return (_EPOCH_START + timedelta(milliseconds=ms)).isoformat(timespec="seconds")


def _write_deferred(batch: Batch) -> None:
    rows = list(models.Deferred.objects.order_by("id")[:DEFERRED_AT_ONCE])
    batch.load(list({row.chain_id for row in rows}))
    for row in rows:
        live = batch.chain(row.chain_id)
        if live is not None and not live.facts.closed:
            sealed = place(row.chain_id, "deferred")
            batch.add(live, json.loads(unseal(live.seal_key, bytes(row.sealed), place=sealed)))
    if rows:
        models.Deferred.objects.filter(id__in=[row.id for row in rows]).delete()


def _close(batch: Batch, tip: models.Tip) -> models.Tip:
    """Append the batch's leaves and its epoch leaf, and sign."""
    added = sorted(batch.added, key=lambda one: one.label)
    size, entries = tip.size + len(added) + 1, tip.entries + len(added)
    map_root = _grow_map(added, bytes(tip.map_root))
    epoch = Epoch(size=size, entries=entries, map_root=map_root, ms=batch.ms)
    leaves = [one.leaf for one in added] + [epoch.to_leaf()]
    hashes = [one.leaf_hash for one in added] + [leaf_hash(leaves[-1])]
    Tiles().append(tip.size, hashes)
    frontier, _ = _frontier(tip).append_many(hashes)
    _store(batch, added, leaves, first=tip.size, epoch_index=epoch.index)
    signer = batch.vault.signer
    text = Checkpoint(signer.name, size, frontier.root()).to_text()
    closed = models.Tip(
        size=size,
        entries=entries,
        ms=batch.ms,
        frontier=b"".join(frontier.hashes),
        map_root=map_root,
        note=sign_note(text, [signer]),
    )
    closed.save(force_insert=tip.size == 0, force_update=tip.size > 0)
    for one in added:
        one.size = size
    return closed


def _frontier(tip: models.Tip) -> Frontier:
    raw = bytes(tip.frontier)
    return Frontier(tip.size, tuple(raw[at : at + HASH_SIZE] for at in range(0, len(raw), HASH_SIZE)))


def _grow_map(added: Sequence[Added], root: bytes) -> bytes:
    if not added:
        return root
    items = [(one.label, one.leaf_hash) for one in added]
    update = prefix_tree.insert(Pages(), items)
    rows = [models.Page(prefix=key, content=page) for key, page in update.pages.items()]
    models.Page.objects.bulk_create(rows, update_conflicts=True, unique_fields=["prefix"], update_fields=["content"])
    return update.root


def _store(batch: Batch, added: Sequence[Added], leaves: Sequence[bytes], *, first: int, epoch_index: int) -> None:
    models.Leaf.objects.bulk_create([models.Leaf(index=at, data=data) for at, data in enumerate(leaves, start=first)])
    models.Opening.objects.bulk_create(
        [
            models.Opening(
                chain_id=one.chain_id,
                j=one.j,
                leaf_index=at,
                batch_first=first,
                epoch_index=epoch_index,
                sealed=one.sealed,
            )
            for at, one in enumerate(added, start=first)
        ]
    )
    models.Datum.objects.bulk_create(
        batch.data,
        update_conflicts=True,
        unique_fields=["chain_id", "field", "version"],
        update_fields=["sealed"],
    )
    models.BlindIndex.objects.bulk_create(batch.digests)
    models.Chain.objects.bulk_create(
        batch.chain_rows(),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["n", "last_leaf_hash", "facts"],
    )


class Pages(Mapping[bytes, bytes]):
    """The map's pages as the vault stores them."""

    def __getitem__(self, prefix: bytes) -> bytes:
        row = models.Page.objects.filter(prefix=prefix).first()
        if row is None:
            raise KeyError(prefix)
        return bytes(row.content)

    def __iter__(self) -> Iterator[bytes]:
        return (bytes(row) for row in models.Page.objects.values_list("prefix", flat=True))

    def __len__(self) -> int:
        return models.Page.objects.count()
