"""Build ``shouxin-verify.pyz``: the outsider's verifier as one file, which needs only ``cryptography``.

``python scripts/build_verifier.py [--out dist/shouxin-verify.pyz]``. The same sources give the
same bytes, so anyone can compare hashes with a copy from elsewhere.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src"
START = "shouxin.verify.__main__"
MAIN = f"from {START} import main\n\nraise SystemExit(main())\n"
OUTSIDE = frozenset({"cryptography"})
LONG_AGO = (1980, 1, 1, 0, 0, 0)


class BuildError(Exception):
    """The verifier would need something that an outsider doesn't have."""


def needed() -> dict[str, bytes]:
    """Path inside the archive and bytes of every module that the verifier imports, itself included."""
    found: dict[str, bytes] = {}
    waiting = [START]
    while waiting:
        name = waiting.pop()
        path = _file_of(name)
        if path is None or str(path) in found:
            continue
        found[str(path)] = source = (SOURCES / path).read_bytes()
        waiting += [*_parents(name), *_imported(name, source)]
    return found


def build(out: Path) -> str:
    """Write the archive; its SHA-256 in hex."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w") as archive:
            for path, source in sorted({"__main__.py": MAIN.encode(), **needed()}.items()):
                entry = zipfile.ZipInfo(path, LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, source)
    out.chmod(0o755)
    return hashlib.sha256(out.read_bytes()).hexdigest()


def _imported(name: str, source: bytes) -> Iterator[str]:
    """Names that a module imports; ``from a import b`` may mean the module ``a.b``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        else:
            continue
        for imported in names:
            top = imported.partition(".")[0]
            if top != "shouxin" and top not in OUTSIDE | sys.stdlib_module_names:
                raise BuildError(f"{name} imports {imported}")
            yield imported


def _parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def _file_of(name: str) -> Path | None:
    """Where a module of ours is; None for anything else."""
    if name.partition(".")[0] != "shouxin":
        return None
    base = Path(*name.split("."))
    candidates = (base / "__init__.py", base.with_suffix(".py"))
    return next((path for path in candidates if (SOURCES / path).is_file()), None)


def main() -> int:
    """Build, and say where and what."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "shouxin-verify.pyz")
    out = parser.parse_args().out
    digest = build(out)
    print(f"{digest}  {out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
