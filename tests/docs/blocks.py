"""Finds the shell blocks of a page that promise to run, and runs them as a reader would."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_MARKED = re.compile(r"^<!-- run -->[ \t]*\n(?:[ \t]*\n)*```sh\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"^<!-- run -->", re.MULTILINE)


class BadPage(Exception):
    """A mark that no shell block follows: its author believes something runs that doesn't."""


@dataclass(frozen=True)
class Block:
    """The text of one block, and the line of the page on which it begins."""

    line: int
    text: str


def blocks(page: str) -> list[Block]:
    """The ```sh blocks that stand right after `<!-- run -->`, in order."""
    found = [Block(page.count("\n", 0, match.start(1)) + 1, match[1]) for match in _MARKED.finditer(page)]
    if len(found) != len(_MARK.findall(page)):
        raise BadPage("a `<!-- run -->` must stand right before a ```sh block")
    return found


def run(page: Path, *, folder: Path, path: str) -> subprocess.CompletedProcess[str]:
    """All blocks of a page in one shell that starts in `folder` and stops at the first command that fails.

    `path` goes before the reader's own PATH. Each block names itself on stderr, so that a failure says where.
    """
    parts = [f"echo '{page.name}:{block.line}' >&2\n{block.text}" for block in blocks(page.read_text(encoding="utf-8"))]
    home, scratch = folder / "home", folder / "scratch"
    home.mkdir()
    scratch.mkdir()
    environment = {
        "PATH": f"{path}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
    }
    shell = ["bash", "-euo", "pipefail", "-c", "\n".join(parts)]
    return subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False)
