"""Pages of the map in one file, by their path: only ever added to, so that a crash finds the old map or the new one.

A batch's pages go to the end in one write, children before the page that points at them; then one of two headers,
taken in turn, says where the root page is. What stood there before is left behind as garbage, until three quarters of
the file are garbage; then what lives is copied into a new file, which takes the old one's name. Nothing is synced: the
file can be made again from the log (`grown.py`), and after a power cut its checksums tell when it must be.

A record is the page, of a fork followed by 16 pointers, and a CRC-32. A pointer is u48 offset ‖ u16 length, 0 for no
page. A header is magic ‖ u64 turn ‖ u64 size ‖ u64 end ‖ u64 living bytes ‖ pointer ‖ map root ‖ CRC-32.
"""

import os
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from weakref import finalize
from zlib import crc32

from shouxin.core.merkle.prefix_tree import EMPTY_MAP, is_fork, speaks_for

_MAGIC = b"map/v1\0\0"
_HEADER = struct.Struct(">8sQQQQQ32s")
_HEADER_ROOM, _FIRST_PAGE = 128, 256
_CRC_BYTES = 4
_POINTERS = struct.Struct(">16Q")
_POINTER_BYTES = 8
_NO_CHILDREN = bytes(_POINTERS.size)
_GARBAGE_PARTS = 4
_SMALL = 1 << 20
_LENGTH = 0xFFFF
_FORKS_KEPT = 16_384
_ALWAYS_KEPT_NIBBLES = 3
_COPIED_AT_ONCE = 1 << 20


class PagesDamagedError(Exception):
    """The file isn't what was written: it must be made again from the log."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the newest header says: leaves of the log that are in the map, its root, and where things are."""

    turn: int = 0
    size: int = 0
    end: int = _FIRST_PAGE
    living: int = 0
    top: int = 0
    root: bytes = EMPTY_MAP

    def to_bytes(self) -> bytes:
        """The header as it is stored."""
        raw = _HEADER.pack(_MAGIC, self.turn, self.size, self.end, self.living, self.top, self.root)
        return _sealed(raw)


class PageFile:
    """One open file. Whoever uses it holds the log's lock; another process may have written since the last time."""

    def __init__(self, path: Path) -> None:
        """Opens or creates it, readable to its owner alone."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        finalize(self, os.close, self._file)
        self._number = os.fstat(self._file).st_ino
        self._forks: dict[bytes, tuple[bytes, bytes]] = {}
        self.head = _newest(self._file)

    def is_current(self) -> bool:
        """Look again: False when another file has got the name. What others added is seen from now on."""
        try:
            if self.path.stat().st_ino != self._number:
                return False
        except FileNotFoundError:
            return False
        head = _newest(self._file)
        if head != self.head:
            self.head = head
            self._forks.clear()
        return True

    def get(self, path: bytes, /) -> bytes | None:
        """The page, or None. Raises `PagesDamagedError` unless it is the one that the page above speaks of."""
        known = self._forks.get(path)
        if known is not None:
            return known[0]
        pointer = self._pointer(path)
        if not pointer:
            return None
        page = self._read(path, pointer)
        told = speaks_for(self._forks[path[:-1]][0], path[-1], page) if path else page[32:64] == self.head.root
        if not told:
            self._forks.pop(path, None)
            raise PagesDamagedError("a page that the one above it doesn't speak of")
        return page

    def keep(self, pages: Mapping[bytes, bytes], *, size: int, root: bytes) -> None:
        """Add the pages that a batch changed; from now on the map is the one of `size` leaves."""
        parts: list[bytes] = []
        at, replaced = self.head.end, self.head.top & _LENGTH if pages else 0
        placed: dict[bytes, list[tuple[int, int]]] = {}
        forks: dict[bytes, tuple[bytes, bytes]] = {}
        for path in sorted(pages, key=len, reverse=True):
            page, pointers = pages[path], b""
            if is_fork(page):
                pointers, gone = self._pointers(path, placed.pop(path, ()))
                forks[path] = page, pointers
                replaced += gone
            checksum = crc32(pointers, crc32(page)).to_bytes(_CRC_BYTES, "big")
            length = len(page) + len(pointers) + _CRC_BYTES
            parts += (page, pointers, checksum)
            placed.setdefault(path[:-1], []).append((path[-1] if path else 0, at << 16 | length))
            at += length
        top = placed[b""][-1][1] if pages else self.head.top
        self.put(b"".join(parts), at=self.head.end)
        living = self.head.living + at - self.head.end - replaced
        self.begin(Head(self.head.turn + 1, size, at, living, top, root))
        self._remember(forks)

    def is_mostly_garbage(self) -> bool:
        """Whether it is time to `copy_living`."""
        return self.head.end > _SMALL + _GARBAGE_PARTS * self.head.living

    def copy_living(self) -> "PageFile":
        """A new file with the same map and no garbage, which takes over the name. Raises `PagesDamagedError`."""
        fresh = anew(self.path)
        copy = _Copy(self._file, fresh)
        top = copy.page(self.head.top) if self.head.top else 0
        end = copy.flush()
        fresh.begin(Head(self.head.turn + 1, self.head.size, end, end - _FIRST_PAGE, top, self.head.root))
        fresh.take_name(self.path)
        return fresh

    def take_name(self, path: Path) -> None:
        """Stand in the place of `path` from now on."""
        self.path.replace(path)
        self.path = path

    def put(self, data: bytes, *, at: int) -> None:
        """Write records where nothing is pointed at yet."""
        written = 0
        while written < len(data):
            written += os.pwrite(self._file, data[written:] if written else data, at + written)

    def begin(self, head: Head) -> None:
        """From now on this is the map."""
        self.put(head.to_bytes(), at=_HEADER_ROOM * (head.turn % 2))
        self.head = head

    def _read(self, path: bytes, pointer: int) -> bytes:
        page, pointers = _record(self._file, pointer)
        if pointers:
            self._forks[path] = page, pointers
        return page

    def _pointer(self, path: bytes) -> int:
        if not path:
            return self.head.top
        above = path[:-1]
        if above not in self._forks:
            self.get(above)
        found = self._forks.get(above)
        at = _POINTER_BYTES * path[-1]
        return int.from_bytes(found[1][at : at + _POINTER_BYTES], "big") if found else 0

    def _pointers(self, path: bytes, placed: Iterable[tuple[int, int]]) -> tuple[bytes, int]:
        """Where the pages below a fork are, now that some have a new place; and the bytes that these leave behind."""
        if path not in self._forks:
            self.get(path)
        known = self._forks.get(path)
        pointers, gone = list(_POINTERS.unpack(known[1] if known else _NO_CHILDREN)), 0
        for nibble, pointer in placed:
            gone += pointers[nibble] & _LENGTH
            pointers[nibble] = pointer
        return _POINTERS.pack(*pointers), gone

    def _remember(self, forks: Mapping[bytes, tuple[bytes, bytes]]) -> None:
        self._forks.update(forks)
        if len(self._forks) > _FORKS_KEPT:
            self._forks = {path: one for path, one in self._forks.items() if len(path) <= _ALWAYS_KEPT_NIBBLES}


def anew(path: Path) -> PageFile:
    """An empty file beside `path`, which it is to replace."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    return PageFile(fresh)


class _Copy:
    """What lives of one file on its way into another."""

    def __init__(self, source: int, target: PageFile) -> None:
        self._source, self._target = source, target
        self._parts: list[bytes] = []
        self._waiting, self._written = 0, _FIRST_PAGE

    def page(self, pointer: int) -> int:
        """Copy a page and all below it; its new pointer."""
        page, pointers = _record(self._source, pointer)
        if pointers:
            children = _POINTERS.unpack(pointers)
            pointers = _POINTERS.pack(*(self.page(child) if child else 0 for child in children))
        record, at = _sealed(page + pointers), self._written + self._waiting
        self._parts.append(record)
        self._waiting += len(record)
        if self._waiting > _COPIED_AT_ONCE:
            self.flush()
        return at << 16 | len(record)

    def flush(self) -> int:
        """Write what waits; where the file ends now."""
        self._target.put(b"".join(self._parts), at=self._written)
        self._written += self._waiting
        self._parts, self._waiting = [], 0
        return self._written


def _newest(file: int) -> Head:
    """The newer of the two headers that are whole; an empty map when neither is."""
    raw = os.pread(file, 2 * _HEADER_ROOM, 0)
    heads = [Head()]
    for start in (0, _HEADER_ROOM):
        stored = raw[start : start + _HEADER.size + _CRC_BYTES]
        body = stored[:-_CRC_BYTES]
        if len(body) == _HEADER.size and body.startswith(_MAGIC) and _sealed(body) == stored:
            heads.append(Head(*_HEADER.unpack(body)[1:]))
    return max(heads, key=lambda head: head.turn)


def _record(file: int, pointer: int) -> tuple[bytes, bytes]:
    """A page and, of a fork, its pointers."""
    length, offset = pointer & _LENGTH, pointer >> 16
    raw = os.pread(file, length, offset)
    record = raw[:-_CRC_BYTES]
    if len(raw) != length or crc32(record).to_bytes(_CRC_BYTES, "big") != raw[-_CRC_BYTES:]:
        raise PagesDamagedError("a page whose checksum is wrong")
    if not is_fork(record):
        return record, b""
    return record[: -len(_NO_CHILDREN)], record[-len(_NO_CHILDREN) :]


def _sealed(record: bytes) -> bytes:
    return record + crc32(record).to_bytes(_CRC_BYTES, "big")
