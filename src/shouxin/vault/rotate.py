"""A new epoch: everybody's keys are wrapped anew, and then the old epoch's key is destroyed.

In order: (1) a new root key, and the new epoch's key under it; the vault's own keys move at once; (2) people's keys
move, some hundreds in one transaction, while uses go on: a chain is read under whichever epoch wraps it; (3) when
nothing is left under the old epoch its row goes, and then its root key: from here on a backup of before opens no more;
(4) the tables are rewritten, so that no file holds what was removed. Each step can be killed and done again: what is
stored says where it stands. No entry is written, since nobody's data were used.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections

from shouxin.vault import epoch as epochs
from shouxin.vault import models
from shouxin.vault.closing import sweep
from shouxin.vault.epoch import KEY_BYTES, Epoch
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import ALIAS, exclusive, now_ms
from shouxin.vault.root import RootError

AT_ONCE = 500
"""Chains of one transaction: others wait for the vault's only pen as long as that takes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many chains the new epoch wraps by now, and how many there are."""

    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Rotated:
    """The epoch in force now, how many chains this run moved to it, and whether it ended what an earlier run began.

    `swept` is False when somebody else was at work in the tables: their freed pages are rewritten by the next sweep.
    Without the old epoch's key nothing in them opens.
    """

    epoch: int
    chains: int
    resumed: bool
    swept: bool


@dataclass(frozen=True, slots=True)
class EpochState:
    """The epoch in force, since when (ms), its root's name; how many older ones there still are, and chains of them."""

    epoch: int
    since: int
    root: str
    older: int
    behind: int


Telling = Callable[[Progress], None]


def rotate(vault: Interior, told: Telling) -> Rotated:
    """A new epoch, or the end of one that an earlier run began. Raises `RootError`, and then nothing is lost."""
    newest = vault.epochs.newest()
    resumed = _begun(vault, newest)
    if not resumed:
        newest = _begin(vault)
    chains = _move_all(vault, newest, told)
    _end(newest)
    vault.epochs.let_go()
    _forget(vault, newest)
    return Rotated(newest.number, chains, resumed, sweep(vault))


def moves_to(vault: Interior, text: str) -> bool:
    """Try the root of these words: True when it works and is another one than wraps the newest epoch.

    Raises `RootError` when it can't be reached, or is called like the one in force and doesn't open what that wrapped.
    """
    root, newest = vault.epochs.roots.made(text), vault.epochs.newest()
    row = _row(newest)
    if root.name == row.root:
        root.unwrap(bytes(row.wrapped), epoch=newest.number)
        return False
    trial = vault.chance.token_bytes(KEY_BYTES)
    if root.unwrap(root.wrap(trial, epoch=newest.number + 1), epoch=newest.number + 1) != trial:
        raise RootError("the root gives back another key than it took")
    return True


def state(vault: Interior) -> EpochState:
    """Where the epochs stand, for whoever looks after the vault."""
    row = _row(vault.epochs.newest())
    older = models.Epoch.objects.exclude(number=row.number).count()
    behind = models.Chain.objects.exclude(epoch=row.number).count() if older else 0
    return EpochState(row.number, row.since, row.root, older, behind)


def _begun(vault: Interior, newest: Epoch) -> bool:
    """Did an earlier run begin the newest epoch and not come to its end? It left older epochs, or their root keys.

    Never, when the configuration asks for another root than the newest epoch's: then that is still to be done.
    """
    if _row(newest).root != vault.epochs.roots.in_force().name:
        return False
    return models.Epoch.objects.count() > 1 or _forget(vault, newest)


def _begin(vault: Interior) -> Epoch:
    """The new epoch's key, and the vault's own keys under it: all or nothing, and nobody else begins one meanwhile."""
    with vault.lock, exclusive():
        number = vault.epochs.newest().number + 1
        fresh = vault.chance.token_bytes(KEY_BYTES)
        newest = epochs.create(vault.epochs.roots, number, key=fresh, ms=now_ms(vault))
        for row in models.Secret.objects.all():
            row.wrapped = newest.wrap(vault.epochs.of(row.epoch).unwrap(row.wrapped))
            row.epoch = number
            row.save()
    vault.epochs.add(newest)
    return newest


def _move_all(vault: Interior, newest: Epoch, told: Telling) -> int:
    """Everybody who is under an older epoch; gives how many they were."""
    older = models.Chain.objects.exclude(epoch=newest.number)
    of, left = models.Chain.objects.count(), older.count()
    moved, after = 0, ""
    told(Progress(of - left, of))
    while True:
        with vault.lock, exclusive():
            rows = list(older.filter(id__gt=after).order_by("id")[:AT_ONCE])
            _move(vault, rows, newest)
        if not rows:
            return moved
        moved, after = moved + len(rows), rows[-1].id
        told(Progress(of - left + moved, of))


def _move(vault: Interior, rows: list[models.Chain], newest: Epoch) -> None:
    moved = []
    for row in rows:
        old = vault.epochs.of(row.epoch)
        keys = (newest.wrap(old.unwrap(row.ledger_key)), newest.wrap(old.unwrap(row.data_key)))
        moved.append((*keys, newest.number, row.id))
    with connections[ALIAS].cursor() as cursor:  # half the time of the same in objects
        cursor.executemany("UPDATE vault_chain SET ledger_key = %s, data_key = %s, epoch = %s WHERE id = %s", moved)


def _end(newest: Epoch) -> None:
    """The old epochs' rows go, once nothing is under them."""
    with exclusive():
        assert not models.Chain.objects.exclude(epoch=newest.number).exists(), "whoever is new is under the newest"
        assert not models.Secret.objects.exclude(epoch=newest.number).exists(), "they moved when the epoch began"
        models.Epoch.objects.exclude(number=newest.number).delete()


def _forget(vault: Interior, newest: Epoch) -> bool:
    """Destroy every root key but the newest epoch's; False when there was none."""
    row, found = _row(newest), False
    for root in vault.epochs.roots.all():
        but = (newest.number, bytes(row.wrapped)) if root.name == row.root else None
        found = root.forget(but=but) or found
    return found


def _row(newest: Epoch) -> models.Epoch:
    return models.Epoch.objects.get(number=newest.number)
