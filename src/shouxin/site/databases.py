"""Points Django's two aliases at one lender's databases, and tells a damaged file from a good one before opening it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from shouxin.site.config import ALIASES, Database
from shouxin.usecases.lender import BadInput, CannotNow

_SQLITE_OPTIONS = {
    # IMMEDIATE: a transaction that will write takes the write lock at its start instead of failing in the middle.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FAST: a row that moves or goes leaves no copy of itself in its page; what costs a write more is left to a sweep.
    # FULL on both: under WAL, NORMAL loses the last commits when the power fails, and a receipt would lie.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=FAST;"
    ),
}
_INIT_LOCK = 0x696E6974
_HEADER = b"SQLite format 3\x00"


def point(databases: Mapping[str, Database], data_dir: Path) -> None:
    """Close what was open and let both aliases mean these databases from now on, in every thread."""
    from django.conf import settings
    from django.db import connections

    close()
    named = {alias: _django(databases[alias], data_dir) for alias in ALIASES}
    settings.DATABASES = named
    vars(connections)["settings"] = connections.configure_settings(named)
    for connection in connections.all(initialized_only=True):
        del connections[connection.alias]


def close() -> None:
    """Close this thread's connections; the last one of a SQLite file folds its journal in."""
    from django.db import connections

    connections.close_all()


@contextmanager
def fresh() -> Iterator[None]:
    """Make the tables in two empty databases, for the length of one `init` alone; undone if that fails.

    A SQLite file needs no more than to be new.  On PostgreSQL an advisory lock keeps a second `init` out, and tables
    that were made are dropped when a later step fails.
    """
    from django.core.management import call_command

    with emptied_on_failure():
        for alias in ALIASES:
            call_command("migrate", database=alias, verbosity=0, interactive=False)
        yield


@contextmanager
def emptied_on_failure() -> Iterator[None]:
    """Two empty databases, for whoever fills them alone; on PostgreSQL they are emptied again if that fails."""
    from django.db import connections

    _lock_empty()
    try:
        yield
    except BaseException:
        for alias in ALIASES:
            if connections[alias].vendor == "postgresql":
                _drop_tables(alias)
        raise


def _lock_empty() -> None:
    from django.db import connections

    for alias in ALIASES:
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_INIT_LOCK])
            (alone,) = cursor.fetchone()
            if not alone or connection.introspection.table_names(cursor):
                name = connection.settings_dict["NAME"]
                raise BadInput("the database is not empty, or another one is at work", where=name, code="not_empty")


def _drop_tables(alias: str) -> None:
    from django.db import connections

    with connections[alias].cursor() as cursor:
        for table in connections[alias].introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connections[alias].ops.quote_name(table)} CASCADE")


def _django(database: Database, data_dir: Path) -> dict[str, Any]:
    """Django's own words for a database.  Raises `CannotNow` when PostgreSQL's driver isn't installed."""
    common: dict[str, Any] = {"ATOMIC_REQUESTS": False, "CONN_MAX_AGE": None}
    if database.engine == "sqlite":
        return common | {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str((data_dir / database.name).resolve()),
            "OPTIONS": dict(_SQLITE_OPTIONS),
        }
    if find_spec("psycopg") is None:
        raise CannotNow('PostgreSQL needs the extra: pip install "shouxin[pg]"', where="psycopg", code="extra")
    return common | {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "HOST": database.host,
        "PORT": database.port,
        "USER": database.user,
    }


def check_file(path: Path) -> None:
    """Raise `CannotNow` when a SQLite file is missing, is none, or is shorter than its own header says.

    With a journal beside it the length says nothing yet: a process that was killed while it folded the journal in has
    written the header first and the last pages not at all, and SQLite mends that when it opens the file.
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        raise CannotNow("the database is missing", where=path.name, code="database") from None
    except OSError as error:
        raise CannotNow(f"can't be read: {error.strerror}", where=path.name, code="database") from None
    if len(header) < 100 or not header.startswith(_HEADER):
        raise CannotNow("not a database, or cut short", where=path.name, code="database")
    page = int.from_bytes(header[16:18], "big")
    page = 65536 if page == 1 else page
    if size < page * int.from_bytes(header[28:32], "big") and not _has_journal(path):
        raise CannotNow("the database is cut short; restore it from a backup", where=path.name, code="database")


def _has_journal(path: Path) -> bool:
    journal = path.with_name(f"{path.name}-wal")
    return journal.exists() and journal.stat().st_size > 0
