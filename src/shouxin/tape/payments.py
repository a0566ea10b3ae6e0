"""The payments beside a tape: one a row, found again by the other system's number of the loan.

They are held in memory (some 200 bytes each) while the tape streams past, because neither file
need be in the order of the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from shouxin.tape.fault import CellError, Fault
from shouxin.tape.mapping import FileMap
from shouxin.tape.place import check_columns, heading, placed
from shouxin.tape.reading import CsvFile, Row
from shouxin.tape.strangers import Strangers, Watch, in_heading


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment as an event document of the outside contract, and where it stands."""

    line: int
    event: Mapping[str, Any]


class PaymentsFile:
    """The second file of a tape. Raises `TapeError` when it and its map don't fit."""

    def __init__(self, source: BinaryIO, form: FileMap, *, name: str) -> None:
        self._name = name
        self._form = form
        self._file = CsvFile(source, form, name=name)
        self._watch = Watch(self._file.header, own_phone=())
        self.by_ref: dict[str, list[PaymentRow | Fault]] = {}
        self.nobodys: list[Fault] = []

    def read(self) -> Strangers | None:
        """Read it all. Gives the column that holds other people's contacts, if one does."""
        found = in_heading(self._file.header)
        if found:
            return self._named(found)
        check_columns(self._form, self._file.header, name=self._name)
        for row in self._file.rows():
            self._take(row)
        return self._named(self._watch.found())

    def _named(self, found: Strangers | None) -> Strangers | None:
        return found and replace(found, column=heading(self._form, self._file.header, found.column))

    def left_over(self, refs: set[str]) -> Iterator[Fault]:
        """A fault for each payment whose loan is none of these."""
        column = self._form.column_of("loan.ref")
        for ref, payments in self.by_ref.items():
            if ref not in refs:
                lines = (p.line for p in payments if isinstance(p, PaymentRow))
                for line in lines:
                    yield Fault(line, column, "belongs to no loan of the tape", self._name)

    def _take(self, row: Row | Fault) -> None:
        if isinstance(row, Fault):
            self.nobodys.append(Fault(row.line, row.column, row.message, self._name))
            return
        self._watch.see(row.cells)
        try:
            cells = placed(row, self._file.header, self._form)
        except CellError as error:
            self._bad(row, error)
            return
        event = {"type": "pay", "on": cells["payment.on"], "amount": cells["payment.amount"]}
        self.by_ref.setdefault(cells["loan.ref"], []).append(PaymentRow(row.line, event))

    def _bad(self, row: Row, error: CellError) -> None:
        """A payment that can't be read spoils its loan; if even that can't be read, nobody's."""
        fault = Fault(row.line, error.column, str(error), self._name)
        ref = row.cells[self._file.header.index(self._form.column_of("loan.ref"))].strip()
        if error.column == self._form.column_of("loan.ref") or not ref:
            self.nobodys.append(fault)
        else:
            self.by_ref.setdefault(ref, []).append(fault)
