"""The map: a TOML document that gives each column of a tape its place.

v = 1
encoding = "utf-8"            # or "gbk"
delimiter = ","
[terms]                       # what all loans of the tape share, in the shape of the terms
currency = "CNY"
[column.amount]               # one table a column
to = "terms.principal"        # or terms.rate.annual, borrower.income, loan.ref, payment.on …
optional = true               # an empty cell is no fault
prefix = "¥"                  # cleaning: see `shouxin.tape.cell`
[drop]                        # the columns that are left behind, by reason
"not needed to service a loan" = ["grade"]
[payments]                    # a second file beside the map: one payment a row
file = "payments.csv"         # with encoding, delimiter, column and drop of its own
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shouxin.tape.cell import Cleaning
from shouxin.tape.fault import TapeError

ENCODINGS = {"utf-8": "utf-8-sig", "gbk": "gb18030"}
"""By the name a map uses: the codec. A byte-order mark is allowed; GB 18030 contains GBK."""
HOMES = frozenset({"loan.ref", "payment.on", "payment.amount"})
"""Places of either file that are neither a term nor a field."""
_TERM = re.compile(r"terms(\.[a-z_]+)+")
_CLEANING = {
    "empty": list,
    "values": dict,
    "prefix": str,
    "suffix": str,
    "remove": str,
    "date": str,
    "divide": int,
    "places": int,
    "append": str,
}


@dataclass(frozen=True, slots=True)
class Column:
    """Where the cells of one column go, and what is done to them before."""

    name: str
    home: str
    optional: bool
    cleaning: Cleaning


@dataclass(frozen=True, slots=True)
class FileMap:
    """The map of one file. `drop` gives the reason by column."""

    encoding: str
    delimiter: str
    columns: Mapping[str, Column]
    drop: Mapping[str, str]

    def column_of(self, home: str) -> str:
        """The heading whose cells go there, else an empty text."""
        return next((c.name for c in self.columns.values() if c.home == home), "")

    def own_phone(self) -> tuple[str, ...]:
        """The columns that hold the borrower's own phone."""
        return tuple(c.name for c in self.columns.values() if c.home == "borrower.phone")

    def unplaced(self, header: Collection[str]) -> tuple[str, ...]:
        """The columns of the file that the map says nothing about."""
        return tuple(c for c in header if c not in self.columns and c not in self.drop)

    def missing(self, header: Collection[str]) -> tuple[str, ...]:
        """The columns of the map that the file lacks."""
        return tuple(c for c in (*self.columns, *self.drop) if c not in header)


@dataclass(frozen=True, slots=True)
class TapeMap:
    """The map of a tape: the loans, what they share, and the payments beside them if any."""

    loans: FileMap
    terms: Mapping[str, Any]
    payments_file: str
    payments: FileMap | None


def parse(doc: Mapping[str, Any], *, fields: Collection[str]) -> TapeMap:
    """Read a map. `fields` are the borrower's fields that the catalogue knows.

    Raises `TapeError` naming the key that is wrong.
    """
    _only(doc, {"v", "encoding", "delimiter", "terms", "column", "drop", "payments"}, where="map")
    if doc.get("v") != 1:
        raise TapeError("this version of maps is 1", where="v")
    homes = HOMES | {f"borrower.{name}" for name in fields}
    loans = _file_map(doc, homes, where="", terms_too=True)
    shared = {key: _plain(value, f"terms.{key}") for key, value in _table(doc, "terms").items()}
    payments = doc.get("payments")
    if payments is None:
        return TapeMap(loans, shared, "", None)
    _only(payments, {"file", "encoding", "delimiter", "column", "drop"}, where="payments")
    beside = _file_map(payments, HOMES, where="payments.", terms_too=False)
    _linked(loans, beside)
    return TapeMap(loans, shared, _text(payments, "file", "payments.file"), beside)


def _linked(loans: FileMap, payments: FileMap) -> None:
    for home in ("loan.ref", "payment.on", "payment.amount"):
        if not any(c.home == home and not c.optional for c in payments.columns.values()):
            raise TapeError(f"no column goes to {home} in every row", where="payments.column")
    if not loans.column_of("loan.ref"):
        raise TapeError("payments need a column of the tape that goes to loan.ref", where="column")


def _file_map(doc: Mapping[str, Any], homes: Collection[str], *, where: str, terms_too: bool) -> FileMap:
    encoding = doc.get("encoding", "utf-8")
    if encoding not in ENCODINGS:
        raise TapeError('is "utf-8" or "gbk"', where=f"{where}encoding")
    delimiter = doc.get("delimiter", ",")
    if not isinstance(delimiter, str) or len(delimiter) != 1:
        raise TapeError("is one character", where=f"{where}delimiter")
    columns: dict[str, Column] = {}
    for name, table in _table(doc, "column").items():
        column = _column(name, table, where=f"{where}column.{name}")
        known = column.home in homes or (terms_too and _TERM.fullmatch(column.home))
        if not known:
            raise TapeError("there is no such place", where=f"{where}column.{name}.to")
        if column.home in {c.home for c in columns.values()}:
            raise TapeError("another column goes there already", where=f"{where}column.{name}.to")
        columns[name] = column
    return FileMap(ENCODINGS[encoding], delimiter, columns, _drops(doc, columns, where=where))


def _column(name: str, table: Any, *, where: str) -> Column:
    if not isinstance(table, Mapping):
        raise TapeError("is a table", where=where)
    _only(table, {"to", "optional", *_CLEANING}, where=where)
    steps: dict[str, Any] = {}
    for step, kind in _CLEANING.items():
        if step in table:
            if type(table[step]) is not kind:
                raise TapeError(f"is a {kind.__name__}", where=f"{where}.{step}")
            steps[step] = tuple(table[step]) if kind is list else table[step]
    if steps.get("divide", 1) < 1 or not 0 <= steps.get("places", 2) <= 6:
        raise TapeError("divides by 1 or more, to 0 to 6 places", where=where)
    optional = table.get("optional", False)
    if not isinstance(optional, bool):
        raise TapeError("is true or false", where=f"{where}.optional")
    return Column(name, _text(table, "to", f"{where}.to"), optional, Cleaning(**steps))


def _drops(doc: Mapping[str, Any], columns: Mapping[str, Column], *, where: str) -> dict[str, str]:
    drops: dict[str, str] = {}
    for reason, names in _table(doc, "drop").items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise TapeError("is a list of columns", where=f'{where}drop."{reason}"')
        for name in names:
            if name in columns or name in drops:
                raise TapeError("this column has two places", where=f"{where}drop.{name}")
            drops[name] = reason
    return drops


def _plain(value: Any, where: str) -> Any:
    """A value of the terms as JSON knows it: a TOML date becomes its text, anything inexact is refused."""
    if isinstance(value, Mapping):
        return {key: _plain(inner, f"{where}.{key}") for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, where) for inner in value]
    if type(value) is date:
        return value.isoformat()
    if not isinstance(value, str | int):
        raise TapeError('amounts and rates stand in quotes, like "14.4%"', where=where)
    return value


def _table(doc: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = doc.get(key, {})
    if not isinstance(table, Mapping):
        raise TapeError("is a table", where=key)
    return table


def _text(doc: Mapping[str, Any], key: str, where: str) -> str:
    value = doc.get(key)
    if not isinstance(value, str) or not value:
        raise TapeError("is a text and must stand", where=where)
    return value


def _only(doc: Mapping[str, Any], keys: Collection[str], *, where: str) -> None:
    unknown = sorted(set(doc) - set(keys))
    if unknown:
        raise TapeError(f'unknown key "{unknown[0]}"', where=where)
