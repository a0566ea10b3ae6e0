"""The one road into the log: one durable, exclusive transaction, and nothing released before it.

In order: (1) take the exclusive lock and read the stored tip; (2) refuse to sign when the note
beside the database is newer, or the clock runs backwards; (3) write the owners' entries that
earlier batches deferred; (4) decide the acts of all who wait, in call order; (5) append leaves,
tiles, map and epoch leaf, sign, store, commit. A crash before the commit leaves nothing. (6) Write
and sync the note. A crash between (5) and (6) leaves entries without a use, which is allowed; the
next start writes the note. Only then do the callers get what they asked for.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import connections, transaction

from shouxin.core.merkle.prefix_tree import Update
from shouxin.core.merkle.tree import HASH_SIZE
from shouxin.core.privacy.entry import Record
from shouxin.vault import models
from shouxin.vault.interior import Clock, Interior
from shouxin.vault.log import note_file
from shouxin.vault.log.batch import Batch
from shouxin.vault.log.extend import extend
from shouxin.vault.log.together import Call, LeftAloneError, Work, next_calls
from shouxin.vault.rows import ALIAS, read
from shouxin.vault.seal import NONCE_BYTES, opening_key, place, seal, unseal
from shouxin.vault.stopped import VaultStoppedError

__all__ = ["ALIAS", "Work", "commit", "exclusive"]

T = TypeVar("T")

CLOCK_SLACK_MS = 300_000
DEFERRED_AT_ONCE = 1000
NO_LOG = "the vault's database holds no log"
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
    """Run these acts, all or none of them; their results, in call order, once they are durable.

    `chains` are those that the acts will ask for, read at once. Who calls while another commit is under way shares the
    next one with whoever else does.
    With `fresh`, an epoch is closed even when no entry was written, so that the checkpoint is
    of now. Raises `InsideTransactionError`, `ClockBehindError`, `LogBehindError`, `NoteLostError`.
    """
    if connections["default"].in_atomic_block:
        raise InsideTransactionError("ask the vault first, then open the transaction")
    call = Call(vault, works, chains, fresh)
    with vault.line.joined(call) as writes:
        if writes:
            _write_until_over(vault, call)
    return call.outcome()


def settle(vault: Interior) -> None:
    """Before reading: write what was deferred, if anything was, and see that no older database was put back."""
    with connections[ALIAS].cursor() as cursor:  # one plain question, because each reading of a history asks it
        cursor.execute("SELECT note, EXISTS (SELECT 1 FROM vault_deferred) FROM vault_tip")
        found = cursor.fetchone()
    if found is None:
        raise LogMissingError(NO_LOG)
    note, waiting = found
    if waiting:
        commit(vault, [])
        return
    note_file.check(vault.note_path, note, vault.signer)


def start(vault: Interior) -> None:
    """The first checkpoint of a new log: one epoch leaf over an empty map."""
    empty = models.Tip(size=0, entries=0, ms=0, frontier=b"", map_root=bytes(HASH_SIZE))
    with note_file.alone(vault.note_path):
        with transaction.atomic(using=ALIAS, durable=True):
            first, _ = extend(Batch(vault, ms=now_ms(vault)), empty)
        note_file.write(vault.note_path, first.note)


def recover(vault: Interior) -> None:
    """Compare database and note when the vault opens, and write the note a crash left out."""
    last = tip()
    note_file.check(vault.note_path, last.note, vault.signer)
    with note_file.alone(vault.note_path):
        note_file.write(vault.note_path, last.note)


def defer(vault: Interior, chain_id: str, ledger_key: bytes, body: Record) -> models.Deferred:
    """An owner's entry for a later batch, sealed under the owner's ledger key."""
    nonce = vault.chance.token_bytes(NONCE_BYTES)
    raw = json.dumps(body).encode()
    sealed = seal(opening_key(ledger_key), raw, place=place(chain_id, "deferred"), nonce=nonce)
    return models.Deferred(chain_id=chain_id, sealed=sealed)


def now_ms(vault: Interior) -> int:
    """The vault's clock in whole milliseconds since 1970 UTC."""
    return ms_of(vault.clock)


def ms_of(clock: Clock) -> int:
    """A clock's moment in whole milliseconds since 1970 UTC."""
    return (clock.now() - _EPOCH_START) // timedelta(milliseconds=1)


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


@contextmanager
def still(vault: Interior) -> Iterator[models.Tip]:
    """As `exclusive`, for whoever needs the map too: it is the one of the tip that is given."""
    with vault.lock, exclusive(), note_file.alone(vault.note_path):
        last = tip()
        vault.map.at(last)
        yield last


def _exclusive() -> None:
    """SQLite's IMMEDIATE transaction is exclusive by itself; PostgreSQL needs an advisory lock."""
    connection = connections[ALIAS]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_POSTGRES_LOCK])


def tip() -> models.Tip:
    """Where the log stands. Raises `LogMissingError`."""
    columns = ("size", "entries", "ms", "frontier", "map_root", "note")
    found = list(read(models.Tip, columns, "id", [1]))
    if not found:
        raise LogMissingError(NO_LOG)
    return models.Tip(**dict(zip(columns, found[0], strict=True)))


def _write_until_over(vault: Interior, call: Call[Any]) -> None:
    with vault.lock:
        while not call.is_over:
            _run(next_calls(vault.line.calls))


def _run(calls: Sequence[Call[Any]]) -> None:
    """One batch of these calls; each is over afterwards."""
    try:
        _write_batch(calls)
    except Exception as error:  # noqa: BLE001  it is raised to each of the callers
        for call in calls:
            call.end(error)
    except BaseException:
        for call in calls:
            call.end(LeftAloneError("whoever wrote this batch was stopped; ask again"))
        raise
    else:
        for call in calls:
            call.end()


def _write_batch(calls: Sequence[Call[Any]]) -> None:
    vault, grown = calls[0].vault, None
    with ExitStack() as until_synced:
        with transaction.atomic(using=ALIAS, durable=True):
            _exclusive()
            until_synced.enter_context(note_file.alone(vault.note_path))
            last = tip()
            note_file.check(vault.note_path, last.note, vault.signer)
            batch = Batch(vault, ms=_moment(vault, last))
            _decide(batch, calls)
            if batch.added or any(call.fresh for call in calls):
                last, grown = extend(batch, last)
        note_file.write(vault.note_path, last.note)
        _keep(vault, grown, last)


def _decide(batch: Batch, calls: Sequence[Call[Any]]) -> None:
    _write_deferred(batch)
    batch.load([chain for call in calls for chain in call.chains])
    if len(calls) == 1:
        calls[0].decide(batch)
    else:
        for call in calls:
            call.decide_beside(batch)


def _keep(vault: Interior, grown: Update | None, tip: models.Tip) -> None:
    if grown is not None and grown.pages:
        vault.map.keep(grown, size=tip.size)


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
    if not rows:
        return
    batch.load(list({row.chain_id for row in rows}))
    for row in rows:
        live = batch.chain(row.chain_id)
        if live is not None and not live.facts.closed:
            sealed = place(row.chain_id, "deferred")
            batch.add(live, json.loads(unseal(live.seal_key, bytes(row.sealed), place=sealed)))
    models.Deferred.objects.filter(id__in=[row.id for row in rows]).delete()
