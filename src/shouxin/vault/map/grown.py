"""The map of the newest checkpoint, in a page file that follows the log: the log decides, the file only remembers.

The file is believed as far as it leads to the map root that the database has, page by page. When it is of another log,
ahead of this one, cut short or damaged in any way, or simply missing, it is made again from the leaves; leaves that it
lacks are read and added. So it needs no sync and no place in a backup.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from django.db import connections

from shouxin.core.merkle import prefix_tree
from shouxin.core.merkle.prefix_tree import DuplicateLabelError, Item, Update
from shouxin.core.merkle.tree import leaf_hash
from shouxin.vault import models
from shouxin.vault.map.page_file import PageFile, PagesDamagedError, anew
from shouxin.vault.rows import ALIAS, Value
from shouxin.vault.stopped import VaultStoppedError

AT_ONCE = 50_000
"""Entries that are read and added together."""
_ENTRY = b"\x01"
_SINCE = 'SELECT data FROM vault_leaf WHERE "index" >= %s AND "index" < %s AND substr(data, 1, 1) = %s'
_BETWEEN = _SINCE + " AND substr(data, 2, 1) BETWEEN %s AND %s"


class MapUnlikeLogError(VaultStoppedError):
    """The leaves in the database give another map root than its newest checkpoint says."""

    where = "vault_leaf"


class GrownMap:
    """The map's pages. Used inside the log's exclusive transaction and lock only; the file opens when first asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: PageFile | None = None
        self._tip = models.Tip()

    def at(self, tip: models.Tip) -> "GrownMap":
        """The same, brought to this tip. Raises `MapUnlikeLogError`."""
        self._tip = tip
        file = self._opened()
        try:
            file = self._caught_up(file)
        except (PagesDamagedError, DuplicateLabelError):
            file = self._made_again()
        self._file = file
        return self

    def get(self, path: bytes, /) -> bytes | None:
        """A page of the map; one that is damaged is made again with all the others."""
        assert self._file is not None, "a page of which checkpoint?"
        try:
            return self._file.get(path)
        except PagesDamagedError:
            self._file = self._made_again()
            return self._file.get(path)

    def keep(self, update: Update, *, size: int) -> None:
        """The batch is durable: what it changed is the map of a log of `size` leaves.

        Whatever goes wrong here is no reason to fail: the next time, the file lacks these leaves.
        """
        assert self._file is not None, "what was inserted was inserted into a file"
        try:
            self._file.keep(update.pages, size=size, root=update.root)
            if self._file.is_mostly_garbage():
                self._file = self._file.copy_living()
        except (OSError, PagesDamagedError):
            self._file = None

    def _opened(self) -> PageFile:
        if self._file is None or not self._file.is_current():
            self._file = PageFile(self._path)
        return self._file

    def _caught_up(self, file: PageFile) -> PageFile:
        """The file with the leaves it lacks, or another one."""
        head, tip = file.head, self._tip
        lacks = tip.size - head.size
        if lacks < 0 or lacks > max(head.size, AT_ONCE):
            return self._made_again()
        for first in range(head.size, tip.size, AT_ONCE):
            last = min(first + AT_ONCE, tip.size)
            _add(file, _items(_SINCE, [first, last, _ENTRY]), size=last)
        return file if file.head.root == bytes(tip.map_root) else self._made_again()

    def _made_again(self) -> PageFile:
        """A new file from all leaves, some labels at a time, so that little is in memory."""
        tip, fresh = self._tip, anew(self._path)
        parts = min(256, 1 + tip.entries // AT_ONCE)
        borders = [256 * part // parts for part in range(parts + 1)]
        for low, above in pairwise(borders):
            _add(fresh, _items(_BETWEEN, [0, tip.size, _ENTRY, bytes([low]), bytes([above - 1])]), size=0)
        if fresh.head.root != bytes(tip.map_root):
            raise MapUnlikeLogError("the leaves give another map than the newest checkpoint says")
        fresh.keep({}, size=tip.size, root=fresh.head.root)
        fresh.take_name(self._path)
        return fresh


def _add(file: PageFile, items: list[Item], *, size: int) -> None:
    update = prefix_tree.insert(file, items)
    file.keep(update.pages, size=size, root=update.root)


def _items(sql: str, parameters: list[Value]) -> list[Item]:
    """What the map holds of these leaves, in the order of labels."""
    return sorted((data[1:33], leaf_hash(data)) for data in _leaves(sql, parameters))


def _leaves(sql: str, parameters: list[Value]) -> Iterator[bytes]:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from (bytes(data) for (data,) in rows)
