"""Go's own readers of notes and tiles (Debian's golang-go and golang-golang-x-mod-dev), asked by lines: `judge.go`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

SOURCE = Path(__file__).with_name("judge.go")
PACKAGES = Path("/usr/share/gocode")


class Judge:
    """One process that answers many questions."""

    def __init__(self, to: IO[bytes], back: IO[bytes]) -> None:
        self._to, self._back = to, back

    def ask(self, do: str, **fields: Any) -> dict[str, Any]:
        """The answer; `{"error": …}` where the Go package gives one. Bytes go over as base64."""
        self._to.write(json.dumps({"do": do, **_written(fields)}).encode() + b"\n")
        self._to.flush()
        found: dict[str, Any] = json.loads(self._back.readline())
        return found


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, dict):
        return {key: _written(one) for key, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_written(one) for one in value]
    return value


@contextmanager
def running_judge(folder: Path) -> Iterator[Judge]:
    """Builds the program in `folder`, without modules and without a network, and runs it."""
    go = shutil.which("go")
    if go is None or not (PACKAGES / "src" / "golang.org" / "x" / "mod" / "sumdb" / "tlog").is_dir():
        pytest.skip("Debian's golang-go and golang-golang-x-mod-dev are not here")
    places = {"GOPATH": str(PACKAGES), "GOCACHE": str(folder / "cache")}
    settings = {"GO111MODULE": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "", "CGO_ENABLED": "0"}
    program = folder / "judge"
    subprocess.run([go, "build", "-o", program, SOURCE], check=True, env={**os.environ, **settings, **places})
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            yield Judge(process.stdin, process.stdout)
        finally:
            process.stdin.close()
