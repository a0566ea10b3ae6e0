"""Brings another system's loans over: the whole tape is read and judged before anything is kept.

1. The map must place or drop every column; a column of other people's contacts refuses the tape.
2. Every row is read: fields, terms, schedule, payments. What is wrong is listed by line and column.
3. With anything wrong and no `skip_bad`, nothing is kept; nor if the vault would refuse somebody.
4. Otherwise the rows are kept in chunks: first the vault (the person, and the contract that came
   along), then the loans and their payments in one transaction. Running the same tape again after a
   crash brings what is missing and nothing twice; people whom it left without a loan are then listed
   as enrolled here already, and `skip_bad` brings the others.

No schedule is stored: it is derived from the terms, like everything else about a loan.
"""

import hashlib
import io
import json
import tomllib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.tape import mapping, strangers
from shouxin.tape.fault import Fault, TapeError
from shouxin.tape.loans import LoanTape
from shouxin.tape.mapping import TapeMap
from shouxin.tape.strangers import Strangers
from shouxin.usecases.lender import BadInput, Lender, Request, Text
from shouxin.usecases.loan.imported import Judging, Keeping, Reading

Progress = Callable[[str, int, int | None], None]
"""Told `reading` or `keeping`, how many rows are done, and of how many if that is known."""


class ImportTape(Request):
    """Paths of the tape and of its map (TOML or JSON). A payments file stands beside the map."""

    tape: Text
    map: Text
    skip_bad: bool = False


@dataclass(frozen=True)
class Imported:
    """Rows read and kept; `already` were kept by an earlier run. Each fault by line and column."""

    rows: int
    imported: int
    already: int
    rejected: list[dict[str, object]]
    dropped_columns: list[str]


def import_tape(
    lender: Lender, request: ImportTape, *, source: BinaryIO | None = None, progress: Progress | None = None
) -> Imported | Refusal:
    """Import a tape; `source` are its bytes when it is no file. Raises `BadInput`."""
    told = progress or (lambda _step, _done, _total: None)
    try:
        with ExitStack() as files:
            tape, name = _open(lender, request, source, files)
            return _imported(lender, request, tape, name, told)
    except TapeError as error:
        raise BadInput(error.message, where=error.where, code="bad_tape") from None


def _imported(lender: Lender, request: ImportTape, tape: LoanTape, name: str, told: Progress) -> Imported | Refusal:
    found = tape.look()
    if found:
        return _refused(found)
    reading = Reading(tape, today=lender.today(), currency=lender.policy.house.currency)
    for done in reading.all_rows():
        told("reading", done, None)
    found = tape.strangers()
    if found:
        return _refused(found)
    if not request.skip_bad and not reading.faults:
        reading.faults += Judging(lender, tape, source=name).faults(reading.good_rows())
    if reading.faults and not request.skip_bad:
        return _result(tape, reading, None)
    keeping = Keeping(lender, tape, source=name)
    for done in keeping.rows(reading.good_rows()):
        told("keeping", done, reading.good)
    return _result(tape, reading, keeping)


def _refused(found: Strangers) -> Refusal:
    return Refusal(Reason.ADDRESS_BOOK, strangers.RULES, found.column)


def _result(tape: LoanTape, reading: Reading, keeping: Keeping | None) -> Imported:
    faults = [*reading.faults, *(keeping.faults if keeping else [])]
    return Imported(
        rows=reading.rows,
        imported=keeping.kept if keeping else 0,
        already=keeping.already if keeping else 0,
        rejected=[_fault(fault) for fault in sorted(faults, key=lambda fault: (fault.file, fault.line))],
        dropped_columns=list(tape.dropped_columns),
    )


def _fault(fault: Fault) -> dict[str, object]:
    document: dict[str, object] = {"line": fault.line, "column": fault.column, "message": fault.message}
    return document | ({"file": fault.file} if fault.file else {})


def _open(lender: Lender, request: ImportTape, source: BinaryIO | None, files: ExitStack) -> tuple[LoanTape, str]:
    tape_map = _map(lender, Path(request.map))
    opened = io.BytesIO(source.read()) if source else files.enter_context(_file(Path(request.tape), "tape"))
    payments = None
    if tape_map.payments is not None:
        payments = files.enter_context(_file(Path(request.map).parent / tape_map.payments_file, "payments.file"))
    name = f"tape:{hashlib.file_digest(opened, 'sha256').hexdigest()[:31]}"
    return LoanTape(opened, tape_map, name="tape", payments=payments), name


def _map(lender: Lender, path: Path) -> TapeMap:
    catalogue = lender.policy.catalogue
    fields = [field.name for field in catalogue if field.whose == "borrower" and field.home == "vault"]
    with _file(path, "map") as file:
        return mapping.parse(_document(file.read(), path), fields=fields)


def _document(data: bytes, path: Path) -> Mapping[str, Any]:
    try:
        text = data.decode()
        document = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise TapeError(f"can't be read: {error}", where="map") from None
    if not isinstance(document, dict):
        raise TapeError("is a table of keys", where="map")
    return document


def _file(path: Path, where: str) -> io.BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise TapeError(f"can't be opened: {error.strerror}", where=where) from None
