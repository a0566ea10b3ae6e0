"""The import walls stand, and each planted violation is caught by the wall meant for it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent

# In this room, this import, breaks this wall.
PLANTED = [
    ("core/money", "import random", "The core knows no framework, database, network, clock or chance"),
    ("core/loan", "from django.utils import timezone", "The core knows no framework, database, network, clock"),
    ("core/privacy", "from shouxin.core import loan", "Inside the core the loan and the datum do not know each other"),
    ("core/loan", "from shouxin.core import privacy", "Inside the core the loan and the datum do not know each other"),
    ("core/rules", "from cryptography.hazmat import primitives", "Only merkle may use cryptography inside the core"),
    ("core/money", "from shouxin.vault import models", "Imports point inwards"),
    ("records/loan", "from shouxin.vault import models", "Imports point inwards"),
    ("usecases/loan", "from shouxin.vault import seal", "The vault is entered by its doors only"),
    ("usecases/loan", "from shouxin import cli", "Imports point inwards"),
    ("usecases/loan", "from shouxin.usecases import outreach", "The stories stay apart in the use cases"),
    ("cli", "from cryptography.hazmat import primitives", "Only the vault seals, unwraps and decrypts"),
    ("usecases/credit", "import smtplib", "Only outbound sends a byte"),
    ("verify", "import pydantic", "The verifier stands on the core alone"),
    ("verify", "from shouxin import policy", "The verifier stands on the core alone"),
    ("verify", "import django", "The outsiders' tools need no framework"),
    ("helpers", "import json", "Imports point inwards"),
]


def _judge(folder: Path, source: Path) -> str:
    """What import-linter says of `source` by the walls in `folder`; walls that it broke are named with BROKEN."""
    environment = {"PYTHONPATH": str(source), "PATH": str(BIN), "COLUMNS": "200"}
    command = [BIN / "lint-imports", "--no-cache", "--config", folder / ".importlinter"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    assert "Contracts:" in done.stdout, done.stdout
    return done.stdout


@pytest.fixture
def copy(project, tmp_path):
    shutil.copy(project / ".importlinter", tmp_path)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(project / "src", tmp_path / "src", ignore=ignore)
    return tmp_path


def test_it_keeps_every_wall(project):
    assert "BROKEN" not in _judge(project, project / "src")


@pytest.mark.parametrize(("room", "line", "wall"), PLANTED)
def test_it_catches_a_planted_violation(copy, room, line, wall):
    folder = copy / "src" / "shouxin" / room
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").touch()
    (folder / "planted.py").write_text(f"{line}\n", encoding="utf-8")
    broken = [said for said in _judge(copy, copy / "src").splitlines() if "BROKEN" in said]
    assert any(said.startswith(wall) for said in broken), broken


def test_it_lets_no_room_wait_that_has_a_tenant(project):
    waiting = _waiting((project / ".importlinter").read_text(encoding="utf-8"))
    assert [name for name in waiting if _has_tenant(project / "src", name)] == []


def _waiting(walls: str) -> list[str]:
    """Every room after `waits:`, and every layer in parentheses, by its full name."""
    found = [name for names in re.findall(r"# waits: (.+)", walls) for name in names.split()]
    container = ""
    for line in walls.splitlines():
        container = line.removeprefix("containers = ") if line.startswith("containers = ") else container
        if line.startswith("  "):
            found += [f"{container}.{layer}" for layer in re.findall(r"\((\w+)\)", line)]
    return found


def _has_tenant(source: Path, name: str) -> bool:
    path = source.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or any(path.rglob("*.py"))
