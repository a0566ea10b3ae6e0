"""Streams the rows of a CSV file; each knows the line on which it begins."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from shouxin.tape.fault import Fault, TapeError
from shouxin.tape.mapping import FileMap


class _Reader(Protocol):
    line_num: int

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the file."""

    line: int
    cells: tuple[str, ...]


class CsvFile:
    """One CSV file open for reading, from its heading on. `name` is only for messages.

    Bytes that don't belong to the encoding are a fault of their row and column, not of the file.
    Raises `TapeError` when there is no heading, or a column has no name or the name of another.
    """

    def __init__(self, source: BinaryIO, form: FileMap, *, name: str) -> None:
        self._source = source
        self._form = form
        self._name = name
        self.header = self._read_header()

    def rows(self) -> Iterator[Row | Fault]:
        """All rows from the top; may be called again. Blank lines are skipped."""
        reader, text = self._open()
        try:
            next(reader)
            while True:
                line = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    yield Fault(line, "", "is not a row of CSV: a quotation mark is missing")
                    continue
                if cells:
                    yield self._row(line, cells)
        finally:
            text.detach()

    def _row(self, line: int, cells: list[str]) -> Row | Fault:
        if len(cells) != len(self.header):
            return Fault(line, "", f"has {len(cells)} cells, not {len(self.header)}")
        for column, cell in zip(self.header, cells, strict=True):
            if not cell.isascii() and any("\ud800" <= char <= "\udfff" for char in cell):
                return Fault(line, column, "holds bytes that are not of the map's encoding")
        return Row(line, tuple(cells))

    def _open(self) -> tuple[_Reader, io.TextIOWrapper]:
        self._source.seek(0)
        text = io.TextIOWrapper(self._source, encoding=self._form.encoding, errors="surrogateescape", newline="")
        return csv.reader(text, delimiter=self._form.delimiter, strict=True), text

    def _read_header(self) -> tuple[str, ...]:
        reader, text = self._open()
        try:
            header = tuple(name.strip() for name in next(reader))
        except StopIteration:
            header = ()
        except csv.Error:
            raise TapeError("the first line is not a heading", where=self._name) from None
        finally:
            text.detach()
        if not any(header):
            raise TapeError("the file is empty", where=self._name)
        if not all(header) or len(set(header)) < len(header):
            raise TapeError("each column needs a heading of its own", where=self._name)
        return header
