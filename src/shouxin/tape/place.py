"""Puts the cells of a row where the map says, each cleaned on the way."""

from shouxin.core.rules.refusal import named
from shouxin.tape.fault import CellError, TapeError
from shouxin.tape.mapping import FileMap
from shouxin.tape.reading import Row


def check_columns(form: FileMap, header: tuple[str, ...], *, name: str) -> None:
    """Raise `TapeError` unless map and heading name the same columns."""
    unplaced = form.unplaced(header)
    if unplaced:
        raise TapeError("the map neither places nor drops this column", where=heading(form, header, unplaced[0]))
    missing = form.missing(header)
    if missing:
        raise TapeError(f"{name} has no such column", where=missing[0])


def heading(form: FileMap, header: tuple[str, ...], column: str) -> str:
    """A column as messages name it: by its heading, if the map knows it or it is a plain word, else by its number.

    A file without a heading has somebody's data in its first line.
    """
    known = column in form.columns or column in form.drop
    return column if known else named(column, f"column {header.index(column) + 1}")


def placed(row: Row, header: tuple[str, ...], form: FileMap) -> dict[str, str]:
    """The cleaned cells by their place; empty optional ones are left out.

    Raises `CellError` with its column.
    """
    found: dict[str, str] = {}
    for name, cell in zip(header, row.cells, strict=True):
        column = form.columns.get(name)
        if column is None:
            continue
        try:
            text = column.cleaning.apply(cell)
            if not text and not column.optional:
                raise CellError("is empty")
        except CellError as error:
            error.column = name
            raise
        if text:
            found[column.home] = text
    return found
