"""`verify.js` under Node, asked by lines: starting a process for each of thousands of cases would take minutes."""

import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Any

import pytest

from shouxin.assurance.little_log import Files
from shouxin.verify import Verified, verify

VERIFY_JS = Path(__file__).resolve().parents[2] / "src" / "shouxin" / "verify" / "verify.js"
DRIVER = Path(__file__).parent / "js" / "driver.js"


@dataclass(frozen=True, slots=True)
class Case:
    """Three files, the time at which they are checked, and what tells this case from others."""

    files: Files
    at_ms: int
    name: str = ""

    def question(self, **more: Any) -> dict[str, Any]:
        files = {name: b64encode(getattr(self.files, name)).decode() for name in ("bundle", "trust", "person")}
        return {"do": "verify", "at": self.at_ms, **files, **more}

    @classmethod
    def of(cls, question: dict[str, Any]) -> "Case":
        """Back from `question`."""
        files = Files(*(b64decode(question[name]) for name in ("bundle", "trust", "person")))
        return cls(files, question["at"], question["name"])

    def answer(self) -> dict[str, Any]:
        """What Python says, with the records that a page is handed besides."""
        verdict = verify(self.files.bundle, self.files.trust, self.files.person, at_ms=self.at_ms)
        doc = verdict.to_doc()
        if isinstance(verdict, Verified):
            records = [{"j": j, "time": one["time"], "record": one} for j, one in enumerate(verdict.records, start=1)]
            doc |= {"records": records}
        return doc


class Node:
    """One process that answers many questions."""

    def __init__(self, to: IO[bytes], back: IO[bytes]) -> None:
        self._to, self._back = to, back

    def ask(self, questions: Iterable[dict[str, Any]]) -> Iterator[Any]:
        """The answers, in order. Questions are written from a thread: both pipes may be full."""
        lines = [json.dumps(one).encode() + b"\n" for one in questions]
        writer = Thread(target=self._write, args=(lines,))
        writer.start()
        for _ in lines:
            yield json.loads(self._back.readline())
        writer.join()

    def differences(self, cases: Sequence[Case]) -> list[tuple[str, Any, Any]]:
        """(name, Python's answer, JavaScript's) of each case about which they disagree."""
        return [one for one in self.both(cases) if one[1] != one[2]]

    def both(self, cases: Sequence[Case]) -> list[tuple[str, Any, Any]]:
        """(name, Python's answer, JavaScript's) of each case."""
        answers = self.ask(case.question() for case in cases)
        return [(case.name, case.answer(), answer) for case, answer in zip(cases, answers, strict=True)]

    def _write(self, lines: Sequence[bytes]) -> None:
        for line in lines:
            self._to.write(line)
        self._to.flush()


def node() -> str:
    """The program; its absence fails the test that needs it, in one line."""
    found = shutil.which("node")
    if found is None:
        pytest.fail("node is not installed: `apt-get install nodejs` (18 or later)", pytrace=False)
    return found


@contextmanager
def running_node() -> Iterator[Node]:
    command = [node(), str(DRIVER), str(VERIFY_JS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            yield Node(process.stdin, process.stdout)
        finally:
            process.stdin.close()
