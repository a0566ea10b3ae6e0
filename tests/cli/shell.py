"""Runs `shouxin` as outsiders do: a child process, bytes in, bytes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.stdout)

    @property
    def lines(self) -> list[Any]:
        """The answers of `--jsonl`, one a line."""
        return [json.loads(line) for line in self.stdout.splitlines()]

    @property
    def error(self) -> dict[str, str]:
        """The error that the one document tells."""
        return dict(self.document["error"])


def shouxin(*words: object, given: object = b"", data_dir: Path | None = None) -> Ran:
    """Run one command; `given` is a document, a list of lines (documents or raw bytes), or bytes."""
    command = [sys.executable, "-m", "shouxin", *map(str, words)]
    command += ["--data-dir", str(data_dir)] if data_dir else []
    env = {key: value for key, value in os.environ.items() if not key.startswith("SHOUXIN")}
    done = subprocess.run(command, input=_bytes(given), capture_output=True, timeout=120, env=env, check=False)
    ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran


def _bytes(given: object) -> bytes:
    if isinstance(given, bytes):
        return given
    if isinstance(given, list):
        return b"".join(_bytes(one) + b"\n" for one in given)
    return json.dumps(given).encode()
