"""What can be wrong with a tape: with one cell of it, or with the tape or its map as a whole."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that can't be read. `line` counts from 1 in the file; `column` is its heading.

    `file` is empty for the tape itself and names the payments file otherwise. The message never
    repeats the cell, since it may be a personal value.
    """

    line: int
    column: str
    message: str
    file: str = ""


class CellError(ValueError):
    """A cell doesn't hold what its column should; the message doesn't repeat the cell."""

    column = ""


class TapeError(ValueError):
    """The tape or the map can't be used at all. `where` names the file, key or column."""

    def __init__(self, message: str, *, where: str) -> None:
        super().__init__(f"{where}: {message}")
        self.message = message
        self.where = where
