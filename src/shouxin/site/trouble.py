"""What stops a lender from below (vault, database), said as the one kind of bad news that every face understands."""

from __future__ import annotations

from shouxin.usecases.lender import BadInput, CannotNow, Unable
from shouxin.vault.stopped import VaultStoppedError


def as_unable(error: Exception) -> Unable | None:
    """The exception as `BadInput` or `CannotNow`; None when it is neither, that is, a bug.

    A database's own words are left out: they quote parameters.
    """
    from django.db import DatabaseError, OperationalError

    from shouxin.vault.use import RequestError

    if isinstance(error, Unable):
        return error
    if isinstance(error, VaultStoppedError):
        return CannotNow(str(error), where=error.where, code="vault_stopped")
    if isinstance(error, RequestError):
        return BadInput(str(error), where=error.where)
    if isinstance(error, OperationalError):
        return CannotNow("the database can't be used now", where="database", code="database")
    if isinstance(error, DatabaseError) and not isinstance(error, _bugs()):
        return CannotNow("the database is damaged", where="database", code="database")
    return None


def _bugs() -> tuple[type[Exception], ...]:
    """What a database says when our own statement was wrong."""
    from django.db import DataError, IntegrityError, ProgrammingError

    return (DataError, IntegrityError, ProgrammingError)
