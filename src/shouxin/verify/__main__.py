"""``python -I -m shouxin.verify BUNDLE --trust TRUST --person KEY [--at TIME] [--json]``.

Also the program inside ``shouxin-verify.pyz``. Exit codes: 0 verified, 1 not verified,
2 a file can't be read or an option is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

from shouxin.verify.check import MAX_BYTES, verify
from shouxin.verify.receipt import SignedReceipt, is_receipt, verify_receipt
from shouxin.verify.verdict import NotVerified, Verified

YES, NO, BAD = 0, 1, 2

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadInputError(Exception):
    """A file can't be read or an option is wrong."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where
        self.message = message


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are errors of ours, not a usage text on stderr."""

    def error(self, message: str) -> NoReturn:
        raise BadInputError("options", message)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in arguments
    try:
        options = _parser().parse_args(arguments)
        verdict = _verdict(options)
    except BadInputError as error:
        doc = {"code": "bad_input", "where": error.where, "message": error.message}
        _say(json.dumps({"error": doc}) if as_json else f"error: {error.where}: {error.message}")
        return BAD
    _say(json.dumps(verdict.to_doc(), ensure_ascii=False) if as_json else _text(verdict))
    return NO if isinstance(verdict, NotVerified) else YES


def _verdict(options: argparse.Namespace) -> Verified | NotVerified | SignedReceipt:
    """A history with its person's key; or a receipt of consents, which needs none."""
    raw, trust = _bytes("bundle", options.bundle), _bytes("trust", options.trust)
    if options.person is None:
        if not is_receipt(raw):
            raise BadInputError("person", "a history is checked with its person's key")
        return verify_receipt(raw, trust)
    return verify(raw, trust, _bytes("person", options.person), at_ms=moment(options.at))


def parser_of(program: str, description: str) -> argparse.ArgumentParser:
    """A parser of one of the outsider's programs."""
    return _Parser(prog=program, description=description, allow_abbrev=False)


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("shouxin-verify", "Is this history whole, and did every use of my data have what it needed?")
    parser.add_argument("bundle", help="bundle.json or a receipt of consents, or - for standard input")
    parser.add_argument("--trust", required=True, help="trust.json: whose signatures to believe")
    parser.add_argument("--person", help="person.key: the key from enrolment; a receipt needs none")
    parser.add_argument("--at", help="check as of this time, ISO 8601 with offset (default: now)")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    return parser


def _bytes(name: str, path: str) -> bytes:
    """At most one byte more than a verifier reads, so that it can say "too long" itself."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise BadInputError(name, reason or "not a file name") from error


def moment(text: str | None) -> int:
    """Milliseconds since 1970 UTC."""
    # An outsider's program is handed no clock: this is the one place outside adapters that reads it.
    moment = datetime.now(UTC) if text is None else _parsed(text)  # noqa: TID251
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _parsed(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInputError("--at", "not a time like 2026-11-24T10:32:00+08:00") from error
    if moment.tzinfo is None:
        raise BadInputError("--at", "a time without an offset, like +08:00")
    return moment


def _text(verdict: Verified | NotVerified | SignedReceipt) -> str:
    """A few lines for people; the last one states the verdict."""
    if isinstance(verdict, SignedReceipt):
        return f"{json.dumps(verdict.receipt, ensure_ascii=False, indent=1)}\nSIGNED BY THE LENDER of trust.json"
    if isinstance(verdict, NotVerified):
        return f"NOT VERIFIED: {verdict.reason.value} ({verdict.where})"
    made = (_EPOCH + timedelta(milliseconds=verdict.at_ms)).isoformat(timespec="seconds")
    n = len(verdict.records)
    witnesses = ", ".join(one.witness for one in verdict.witnesses) or "none"
    return "\n".join(
        (
            f"log: {verdict.checkpoint.origin}, {verdict.checkpoint.size} leaves, of {made}",
            f"witnesses: {witnesses}",
            f"cannot prove: {', '.join(verdict.cannot_prove)}",
            f"VERIFIED: entries 1 to {n}, complete; {verdict.verdict}",
        )
    )


def _say(text: str) -> None:
    # Bytes, because under an empty environment the terminal's encoding may be ASCII.
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    raise SystemExit(main())
