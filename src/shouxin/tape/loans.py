"""Rows of a tape as loans: the fields of a borrower, the terms of a loan, and its payments.

What comes out has the shape of the outside contract and is not yet known to make sense: the core
reads terms and events, and `column_at` names the column to blame.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from shouxin.tape.fault import CellError, Fault, TapeError
from shouxin.tape.mapping import TapeMap
from shouxin.tape.payments import PaymentRow, PaymentsFile
from shouxin.tape.place import check_columns, heading, placed
from shouxin.tape.reading import CsvFile, Row
from shouxin.tape.strangers import Strangers, Watch, in_heading

_NUMBERS = frozenset({"terms.instalments"})
"""Places whose value is a number in the terms, not a text."""


@dataclass(frozen=True, slots=True)
class LoanRow:
    """One row of the tape. `ref` is the other system's number of the loan, or empty.

    `fields` are personal values on their way into the vault, by the names of the catalogue.
    """

    line: int
    ref: str
    fields: Mapping[str, str] = field(repr=False)
    terms: Mapping[str, Any]
    payments: tuple[PaymentRow, ...]


class LoanTape:
    """A tape, its map and its payments. Raises `TapeError` when they don't fit together.

    The caller 1. asks `look()`, 2. reads `rows()` to the end, 3. asks `strangers()`, and only
    then 4. reads `rows()` again and keeps what it brings.
    """

    def __init__(self, source: BinaryIO, mapping: TapeMap, *, name: str, payments: BinaryIO | None) -> None:
        self._map = mapping
        self._name = name
        self._file = CsvFile(source, mapping.loans, name=name)
        self._watch = Watch(self._file.header, own_phone=mapping.loans.own_phone())
        self._beside: PaymentsFile | None = None
        if mapping.payments is not None:
            if payments is None:
                raise TapeError("the map names a payments file", where=mapping.payments_file)
            self._beside = PaymentsFile(payments, mapping.payments, name=mapping.payments_file)

    @property
    def dropped_columns(self) -> tuple[str, ...]:
        """The headings that the map leaves behind, in the order of the file."""
        return tuple(name for name in self._file.header if name in self._map.loans.drop)

    def column_at(self, home: str) -> str:
        """The heading whose cells go to this place or to one inside it, else the place itself."""
        columns = self._map.loans.columns.values()
        at = (column.name for column in columns if f"{column.home}.".startswith(f"{home}."))
        return next(at, home)

    def look(self) -> Strangers | None:
        """Headings, columns and payments. Gives the column of other people's contacts, if any.

        A column without a place is looked through before it is complained of: one that holds
        phone numbers is worse than unplaced. Raises `TapeError`.
        """
        found = in_heading(self._file.header)
        if found is None and self._map.loans.unplaced(self._file.header):
            for _ in self._watched():
                pass
            found = self._watch.found()
        if found is None:
            check_columns(self._map.loans, self._file.header, name=self._name)
        return self._named(found) or (self._beside.read() if self._beside else None)

    def strangers(self) -> Strangers | None:
        """Other people's contacts by what the cells hold, over all rows read so far."""
        return self._named(self._watch.found())

    def _named(self, found: Strangers | None) -> Strangers | None:
        return found and replace(found, column=heading(self._map.loans, self._file.header, found.column))

    def rows(self) -> Iterator[LoanRow | Fault]:
        """Every row as a loan or a fault, then what is wrong with the payments."""
        refs: set[str] = set()
        for row in self._watched():
            yield row if isinstance(row, Fault) else self._loan(row, refs)
        if self._beside:
            yield from self._beside.nobodys
            for payments in self._beside.by_ref.values():
                yield from (payment for payment in payments if isinstance(payment, Fault))
            yield from self._beside.left_over(refs)

    def _watched(self) -> Iterator[Row | Fault]:
        for row in self._file.rows():
            if isinstance(row, Row):
                self._watch.see(row.cells)
            yield row

    def _loan(self, row: Row, refs: set[str]) -> LoanRow | Fault:
        try:
            cells = placed(row, self._file.header, self._map.loans)
            terms = self._terms(cells)
            payments = self._payments(row.line, cells)
            ref = self._new_ref(cells, refs)
        except CellError as error:
            return Fault(row.line, error.column, str(error))
        fields = {home.removeprefix("borrower."): text for home, text in cells.items() if home.startswith("borrower.")}
        return LoanRow(row.line, ref, fields, terms, payments)

    def _new_ref(self, cells: Mapping[str, str], refs: set[str]) -> str:
        ref = cells.get("loan.ref", "")
        if ref and ref in refs:
            raise self._at("loan.ref", "this loan stands on the tape already")
        refs.add(ref)
        return ref

    def _terms(self, cells: Mapping[str, str]) -> dict[str, Any]:
        """The shared terms with this row's own, each at its place."""
        terms: dict[str, Any] = deepcopy(dict(self._map.terms))
        for home, text in cells.items():
            kind, *path = home.split(".")
            if kind == "terms":
                self._put(terms, path, text, home)
        return terms

    def _put(self, terms: dict[str, Any], path: list[str], text: str, home: str) -> None:
        for part in path[:-1]:
            terms = terms.setdefault(part, {})
            if not isinstance(terms, dict):
                raise TapeError("the shared terms have a value where a table is", where=home)
        if home in _NUMBERS and not (text.isascii() and text.isdigit()):
            raise self._at(home, "is not a whole number")
        terms[path[-1]] = int(text) if home in _NUMBERS else text

    def _payments(self, line: int, cells: Mapping[str, str]) -> tuple[PaymentRow, ...]:
        """The payment on the row itself, if any, and those of the payments file."""
        beside = self._beside.by_ref.get(cells.get("loan.ref", ""), ()) if self._beside else ()
        if any(isinstance(payment, Fault) for payment in beside):
            raise self._at("loan.ref", "one of its payments can't be read")
        found = [payment for payment in beside if isinstance(payment, PaymentRow)]
        on, amount = cells.get("payment.on"), cells.get("payment.amount")
        if (on is None) != (amount is None):
            raise self._at("payment.on", "a payment has a date and an amount, or neither")
        if on is not None:
            found.append(PaymentRow(line, {"type": "pay", "on": on, "amount": amount}))
        return tuple(found)

    def _at(self, home: str, message: str) -> CellError:
        error = CellError(message)
        error.column = self._map.loans.column_of(home)
        return error
