"""What this machine can do at most of the parts that a figure is made of, each a second, measured in the same run."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Took(NamedTuple):
    """Seconds by the clock, and of this process's processor time: what it took, and what of that the code costs."""

    clock: float
    cpu: float


def took(work: Callable[[], object]) -> Took:
    """How long the work takes."""
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - clock, time.process_time() - cpu)


def rate(count: int, work: Callable[[], object]) -> float:
    """Things a second, for work that does `count` of them."""
    return count / took(work).clock


def all_of_them(folder: Path) -> dict[str, int]:
    """By name: syncs of a file in `folder`, AES-256-GCM openings, SHA-256 of a leaf, signatures, rows into SQLite."""
    return {
        "syncs": round(syncs(folder)),
        "aes_gcm": round(openings()),
        "sha256": round(hashes()),
        "ed25519": round(signatures()),
        "sqlite_rows": round(rows(folder)),
    }


def syncs(folder: Path, count: int = 300) -> float:
    """Appends of a 4 kB page to a file, each synced."""
    with (folder / "syncs").open("wb", buffering=0) as file:

        def work() -> None:
            for _ in range(count):
                file.write(bytes(4096))
                os.fdatasync(file.fileno())

        return rate(count, work)


def openings(count: int = 100_000) -> float:
    """AES-256-GCM openings of 40 bytes, each under a key of its own."""
    keys = [os.urandom(32) for _ in range(100)]
    sealed = [AESGCM(key).encrypt(bytes(12), bytes(40), b"place") for key in keys]

    def work() -> None:
        for at in range(count):
            AESGCM(keys[at % 100]).decrypt(bytes(12), sealed[at % 100], b"place")

    return rate(count, work)


def hashes(count: int = 500_000) -> float:
    """SHA-256 of 65 bytes."""
    leaf = bytes(65)

    def work() -> None:
        for _ in range(count):
            hashlib.sha256(leaf).digest()

    return rate(count, work)


def signatures(count: int = 2_000) -> float:
    """Ed25519 signatures of a checkpoint's length."""
    key = Ed25519PrivateKey.generate()

    def work() -> None:
        for _ in range(count):
            key.sign(bytes(100))

    return rate(count, work)


def rows(folder: Path, count: int = 200_000) -> float:
    """Rows of 65 bytes into a table of SQLite, by rising key, in one transaction."""
    base = sqlite3.connect(folder / "rows.sqlite3", isolation_level=None)
    base.execute("CREATE TABLE leaf (number INTEGER PRIMARY KEY, data BLOB NOT NULL)")

    def work() -> None:
        base.execute("BEGIN")
        base.executemany("INSERT INTO leaf VALUES (?, ?)", ((number, bytes(65)) for number in range(count)))
        base.execute("COMMIT")

    found = rate(count, work)
    base.close()
    return found
