"""`shouxin vault backup`: a lender in a folder, taken while it goes on.

The book first and the vault last: what the book names is then in the vault, and at worst the vault knows of an entry
whose business the book has not seen yet. Each copy is of one moment: on SQLite `VACUUM INTO`, which takes no freed
page along (what was erased is not in it), on PostgreSQL `pg_dump` of a snapshot.

No key is in it but wrapped ones, and never the root's: whoever finds a backup has ciphertext. `backup.json` is
written last and names every file by its hash, so that half a backup is none.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connections, transaction

from shouxin.adapters.chance import SystemChance
from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import parse_note
from shouxin.site import config as configuration
from shouxin.site import folders, key_file
from shouxin.site.config import Config, Database
from shouxin.site.wiring import POLICY, copy_policy, open_lender
from shouxin.usecases.lender import BadInput, CannotNow

VERSION = 1
MANIFEST = "backup.json"
NOTE = Path("log") / "checkpoint"
SITE_KEY = "site.key.sealed"
KEPT_AS = "site_key"
COPY = {"default": "book", "vault": "vault"}
SUFFIX = {"sqlite": "sqlite3", "postgresql": "dump"}
_STATE = "SELECT note, (SELECT count(*) FROM vault_epoch), (SELECT max(number) FROM vault_epoch) FROM vault_tip"


@dataclass(frozen=True)
class BackedUp:
    """Where it lies, how far its log goes, and the epoch without whose root key nothing in it opens."""

    folder: str
    leaves: int
    epoch: int


def backup(data_dir: Path, folder: Path, *, at: datetime | None = None) -> BackedUp:
    """Copy the lender into `folder`, which must not exist. Raises `BadInput`, `CannotNow`."""
    if folder.exists():
        raise BadInput("is there already; a backup takes a folder of its own", where=str(folder), code="not_empty")
    config, lender = configuration.read(data_dir), open_lender(data_dir, at=at)
    with folders.sibling(folder, SystemChance()) as new:
        copy_policy(data_dir / POLICY, new / POLICY)
        shutil.copyfile(data_dir / configuration.FILE, new / configuration.FILE)
        sealed = lender.vault.keep(KEPT_AS, "site", key_file.content(data_dir))
        folders.write_synced(new / SITE_KEY, sealed)
        _copy("default", config.databases["default"], new)
        note, epoch = _copy_vault(config, new)
        (new / NOTE).parent.mkdir()
        folders.write_synced(new / NOTE, note)
        leaves = Checkpoint.parse(parse_note(note).text).size
        _finish(new, config, leaves=leaves, epoch=epoch, moment=lender.clock.now())
        _into_place(new, folder)
    return BackedUp(str(folder), leaves, epoch)


def copy_name(alias: str, engine: str) -> str:
    """What the copy of a database is called."""
    return f"{COPY[alias]}.{SUFFIX[engine]}"


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def program(name: str) -> str:
    """Where one of PostgreSQL's own programs is. Raises `CannotNow`."""
    found = shutil.which(name)
    if found is None:
        raise CannotNow("isn't installed; it comes with PostgreSQL's client", where=name, code="extra")
    return found


def reaching(database: Database) -> list[str]:
    """The options by which PostgreSQL's programs find a database; a password comes from libpq's own file."""
    named = {"--host": database.host, "--port": database.port, "--username": database.user}
    return [f"{option}={value}" for option, value in named.items() if value]


def _copy_vault(config: Config, new: Path) -> tuple[str, int]:
    """The copy's own newest note and its epoch. Raises `CannotNow` in the middle of a rotation."""
    note, epochs, newest = _copy("vault", config.databases["vault"], new, _STATE)
    if epochs != 1:
        message = "everybody is being re-wrapped, and this copy would open only until that is done: back up afterwards"
        raise CannotNow(message, where="vault", code="rotating")
    return note, newest


def _copy(alias: str, database: Database, new: Path, question: str = "SELECT 1, 1, 1") -> tuple[str, int, int]:
    """Copy one database, and what it says of itself at that moment."""
    target = new / copy_name(alias, database.engine)
    if database.engine == "sqlite":
        with connections[alias].cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as copy:
            found: tuple[str, int, int] = copy.execute(question).fetchone()
    else:
        with _snapshot(alias) as name:
            with connections[alias].cursor() as cursor:
                cursor.execute(question)
                found = cursor.fetchone()
            _dump(database, target, snapshot=name)
    folders.sync_file(target)
    return found


@contextmanager
def _snapshot(alias: str) -> Iterator[str]:
    """One moment of a PostgreSQL database, by a name under which another session sees it too."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _dump(database: Database, target: Path, *, snapshot: str) -> None:
    words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
    command = [program("pg_dump"), *words, *reaching(database), "--no-password", database.name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  PostgreSQL's own, words of ours
    if done.returncode:
        older = "older than the server: use the server's own" if "server version" in done.stderr else "could not"
        raise CannotNow(older, where="pg_dump", code="database")


def _finish(new: Path, config: Config, *, leaves: int, epoch: int, moment: datetime) -> None:
    files = sorted(path.relative_to(new) for path in new.rglob("*") if path.is_file())
    document = {
        "v": VERSION,
        "origin": config.origin,
        "at": moment.isoformat(timespec="seconds"),
        "leaves": leaves,
        "epoch": epoch,
        "engines": {alias: config.databases[alias].engine for alias in configuration.ALIASES},
        "files": {path.as_posix(): digest(new / path) for path in files},
    }
    folders.write_synced(new / MANIFEST, json.dumps(document, indent=1, sort_keys=True) + "\n")
    for inner in [new, *(path for path in new.rglob("*") if path.is_dir())]:
        folders.sync_folder(inner)


def _into_place(new: Path, folder: Path) -> None:
    try:
        folders.take_place(new, folder)
    except OSError as error:
        raise CannotNow(f"can't be made: {error.strerror}", where=str(folder), code="data_dir") from None
