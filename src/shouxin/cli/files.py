"""Documents in files: JSON or TOML, JSON lines, `-` for standard input. Errors name the file and the line."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from shouxin.cli.lines import parse
from shouxin.usecases.lender import BadInput

STDIN = Path("-")


def read_bytes(path: Path) -> bytes:
    """All of a file, or of standard input for `-`; raises `BadInput`."""
    if path == STDIN:
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"can't be read: {error.strerror}", where=str(path)) from None


def read_document(path: Path) -> dict[str, Any]:
    """One JSON object, or a TOML document (whose dates become text, as in JSON)."""
    data = read_bytes(path)
    if data.lstrip().startswith(b"{"):
        return _named(path, data)
    try:
        found: dict[str, Any] = _without_dates(tomllib.loads(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise BadInput("not UTF-8", where=f"{path}, byte {error.start + 1}", code="malformed") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"neither JSON nor TOML: {error}", where=str(path), code="malformed") from None
    return found


def read_lines(path: Path) -> list[dict[str, Any]]:
    """JSON lines; an empty line at the end doesn't count."""
    lines = read_bytes(path).splitlines()
    return [_named(path, line, number) for number, line in enumerate(lines, start=1) if line.strip()]


def _named(path: Path, data: bytes, number: int = 0) -> dict[str, Any]:
    try:
        return parse(data)
    except BadInput as error:
        # A line of a file is named by its number in the file, not by the 1 that it has by itself.
        place = f"line {number}" if number else error.where
        raise BadInput(error.message, where=f"{path}, {place}".rstrip(", "), code=error.code) from None


def _without_dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_dates(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_dates(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
