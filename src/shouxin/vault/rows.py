"""Many rows at once, in plain SQL: a batch has thousands, and an object for each costs more than what is in it.

Tables are named by their models, columns by their fields. Both databases understand every line.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from django.db import connections
from django.db.models import Model

Value: TypeAlias = str | int | bytes | None

ALIAS = "vault"
AT_ONCE = 500
"""Values that one question names."""


def write(
    table: type[Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Value]],
    *,
    unique: Sequence[str] = (),
    changing: Sequence[str] = (),
) -> None:
    """Insert the rows; where one with the same `unique` columns stands already, it gets the new `changing` ones."""
    sql = f"INSERT INTO {_table(table)} ({_names(columns)}) VALUES ({_signs(columns)})"  # noqa: S608  names of the models
    if unique:
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in changing)
        sql += f" ON CONFLICT ({_names(unique)}) DO UPDATE SET {changes}"
    if rows:
        with connections[ALIAS].cursor() as cursor:
            cursor.executemany(sql, rows)


def read(table: type[Model], columns: Sequence[str], key: str, values: Sequence[Value]) -> Iterator[tuple[Any, ...]]:
    """Of the rows whose `key` is one of the values these columns, in no order."""
    question = f'SELECT {_names(columns)} FROM {_table(table)} WHERE "{key}" IN (%s)'  # noqa: S608  names of the models
    with connections[ALIAS].cursor() as cursor:
        for start in range(0, len(values), AT_ONCE):
            part = values[start : start + AT_ONCE]
            cursor.execute(question % _signs(part), part)
            yield from cursor.fetchall()


def _table(table: type[Model]) -> str:
    return f'"{table._meta.db_table}"'


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _signs(values: Sequence[Value]) -> str:
    return ", ".join(["%s"] * len(values))
