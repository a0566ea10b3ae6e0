"""No file of the project may tell on what machine or by what arrangement it was written; run by `make lint`.

Looked at is every text file below the project that `.gitignore` doesn't leave out, so a file is judged before it is
committed. `python scripts/check_no_traces.py [FOLDER]` prints `path:line: what` and exits 1 when it found something.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

# Letters in brackets keep this file from finding itself. A path counts when nothing stands before its first slash,
# so `vault/root/file.py` and a URL's path are left alone.
_START = r"(?<![\w.})\]*~/-])"
TRACES = (
    ("a path of somebody's machine", re.compile(_START + r"/(?:[w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+|[m]nt/\w+)/")),
    ("a path of somebody's machine", re.compile(r"\b[A-Z]:\\[U]sers\\")),
    ("a local package index", re.compile(r"(?:/opt/(?:[w]heels|[p]ypi)|PIP_[F]IND_LINKS)")),
    ("a workplace word", re.compile(r"\b(?:[D]EVELOPERS|[S]PEC)\.md\b|\b[b]uilder [A-H]\b|/plan/[S]PEC")),
    ("a workplace word", re.compile(r"(?i)\b(?:[c]laude|[a]nthropic|[o]penai|[c]hatgpt|[c]opilot|[s]ub-?agent)\b")),
    ("a workplace word", re.compile(r"(?i)\b(?:[l]anguage model|[a]s an ai|[s]ystem prompt|[k]nowledge cutoff)\b")),
)
NEVER_LOOKED_AT = (".git",)


def main(arguments: list[str]) -> int:
    """Reads the folder (default: this project) and returns the exit status."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[1]
    found = [line for path in files(root) for line in traces(path, str(path.relative_to(root)))]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


def files(root: Path) -> Iterator[Path]:
    """Every file that could be committed, in a fixed order; a pattern of `.gitignore` is matched by name."""
    ignore = root / ".gitignore"
    patterns = ignore.read_text(encoding="utf-8").split() if ignore.exists() else []
    left_out = [*NEVER_LOOKED_AT, *(pattern.strip("/") for pattern in patterns)]
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not _any(left_out, name))
        yield from (Path(folder, name) for name in sorted(names) if not _any(left_out, name))


def _any(patterns: list[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def traces(path: Path, name: str) -> list[str]:
    """One line for each trace in a file; a file that isn't text holds none that a reader would see."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []
    return [
        f"{name}:{number}: {what}: {trace[0]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in TRACES
        if (trace := pattern.search(line))
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
