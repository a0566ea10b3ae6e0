"""What stops a lender from below (vault, database), said as the one kind of bad news that every face understands."""

from __future__ import annotations

import hashlib
import traceback
from pathlib import Path

from shouxin.usecases.lender import BadInput, CannotNow, Unable
from shouxin.vault.stopped import VaultStoppedError

SOURCES = Path(__file__).resolve().parents[1]


def incident(error: BaseException) -> tuple[str, str]:
    """An id for the reader, and for the engineer the type and our own lines, without any value.

    The id is a digest of type and lines, so the same bug has the same id wherever it strikes.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(SOURCES)]
    trail = " > ".join(f"{Path(f.filename).relative_to(SOURCES)}:{f.lineno}" for f in ours)
    digest = hashlib.sha256(f"{type(error).__name__} {trail}".encode()).hexdigest()[:8]
    return digest, f"{type(error).__name__} at {trail or '?'}"


def as_unable(error: Exception) -> Unable | None:
    """The exception as `BadInput` or `CannotNow`; None when it is neither, that is, a bug.

    A database's own words are left out: they quote parameters.
    """
    from django.apps import apps

    if isinstance(error, Unable):
        return error
    if isinstance(error, VaultStoppedError):
        return CannotNow(str(error), where=error.where, code="vault_stopped")
    if isinstance(error, OSError):
        return CannotNow(error.strerror or "can't be read or written", where=_name(error), code="file")
    return _from_tables(error) if apps.ready else None


def _name(error: OSError) -> str:
    """The file that could not be had; its folder may be named after somebody, so only the last part."""
    return Path(str(error.filename)).name if error.filename is not None else ""


def _from_tables(error: Exception) -> Unable | None:
    """What can only be raised once the tables have a home."""
    from django.db import DatabaseError, DataError, IntegrityError, OperationalError, ProgrammingError

    from shouxin.vault.use import RequestError

    if isinstance(error, RequestError):
        return BadInput(str(error), where=error.where)
    if isinstance(error, OperationalError):
        return CannotNow("the database can't be used now", where="database", code="database")
    our_own_fault = (DataError, IntegrityError, ProgrammingError)
    if isinstance(error, DatabaseError) and not isinstance(error, our_own_fault):
        return CannotNow("the database is damaged", where="database", code="database")
    return None
