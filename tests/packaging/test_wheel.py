"""The wheel in a bare environment, far from this folder: it is whole, it runs the demo, and outsiders can check it.

The wheel is built and the demo run once for this file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Bare:
    """An environment of its own, and an empty folder outside the project to stand in."""

    bin: Path
    folder: Path

    def run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Runs one of its programs with nothing of the caller's environment but the language."""
        here = str(self.folder)
        environment = {"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": here, "TMPDIR": here, "LANG": "C.UTF-8"}
        command = [str(self.bin / program), *map(str, arguments)]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=600, check=False
        )


@pytest.fixture(scope="module")
def uv(project):
    """The uv that made this environment, else the one on the path."""
    own = sorted(project.glob(".tools/uv-*/bin/uv"))
    program = str(own[-1]) if own else shutil.which("uv")
    assert program, "make env fetches uv"

    def _uv(*arguments: object) -> str:
        environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "UV_PYTHON": sys.executable}
        command = [program, *map(str, arguments)]
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return _uv


@pytest.fixture(scope="module")
def locked(uv, tmp_path_factory):
    """What the lock says a default install needs."""
    file = tmp_path_factory.mktemp("lock") / "requirements.txt"
    uv("export", "--locked", "--no-dev", "--no-emit-project", "--no-hashes", "-q", "-o", file)
    return file


@pytest.fixture(scope="module")
def wheel(uv, tmp_path_factory):
    """Built by the build tool that the lock names."""
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--wheel", "--no-build-isolation", "-q", "-o", folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(uv, wheel, locked, tmp_path_factory):
    """The wheel and what it needs, without extras."""
    folder = tmp_path_factory.mktemp("installed")
    uv("venv", "-q", folder / "env")
    uv("pip", "install", "-q", "--python", folder / "env", "-r", locked)
    uv("pip", "install", "-q", "--python", folder / "env", "--no-deps", wheel)
    (folder / "elsewhere").mkdir()
    return Bare(folder / "env" / "bin", folder / "elsewhere")


@pytest.fixture(scope="module")
def demo(installed):
    """The demo's answer, whose paths stay until the file is done."""
    done = installed.run("shouxin", "demo", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def outsider(uv, locked, tmp_path_factory):
    """An environment that holds `cryptography` and nothing of the lender's."""
    folder = tmp_path_factory.mktemp("outsider")
    uv("venv", "-q", folder / "env")
    uv("pip", "install", "-q", "--python", folder / "env", "--constraint", locked, "cryptography")
    return Bare(folder / "env" / "bin", folder)


@pytest.fixture(scope="module")
def pyz(project, tmp_path_factory):
    """The verifier in one file."""
    file = tmp_path_factory.mktemp("pyz") / "shouxin-verify.pyz"
    subprocess.run([sys.executable, project / "scripts" / "build_verifier.py", "--out", file], check=True)
    return file


def test_it_carries_the_data_of_the_compliance_officer(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    policy = [name for name in names if name.startswith("shouxin/policy/")]
    assert "shouxin/policy/catalogue.toml" in policy
    for room, suffix in [("packs/cn", "toml"), ("cedar", "cedar"), ("sentences", "toml"), ("notices", "toml")]:
        assert any(name.startswith(f"shouxin/policy/{room}/") and name.endswith(suffix) for name in policy), room
    assert "shouxin/py.typed" in names


def test_it_carries_its_licence_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert [name for name in names if name.startswith(("tests/", "scripts/", "benchmarks/"))] == []


def test_it_answers_help_in_another_folder(installed):
    done = installed.run("shouxin", "--help")
    assert done.returncode == 0, done.stderr
    assert "demo" in done.stdout


def test_it_was_installed_whole_and_brings_no_postgres_driver(installed):
    assert installed.run("python", "-c", "import shouxin, django, cedarpy").returncode == 0
    assert installed.run("python", "-c", "import psycopg").returncode == 1


def test_it_runs_the_demo_to_a_clean_verdict(demo):
    assert demo["verdict"] == "nothing_unlawful_found"
    assert demo["steps"]


def test_it_verifies_the_demo_with_its_own_command(installed, demo):
    done = installed.run("shouxin", "verify", demo["bundle"], "--trust", demo["trust"], "--person", demo["person"])
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_verifies_the_demo_with_the_outsiders_tool(outsider, pyz, demo):
    assert outsider.run("python", "-c", "import django").returncode == 1
    arguments = (pyz, demo["bundle"], "--trust", demo["trust"], "--person", demo["person"])
    done = outsider.run("python", "-I", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(outsider.run("python", "-I", *arguments, "--json").stdout)["ok"] is True


def test_it_refuses_a_touched_bundle_with_the_outsiders_tool(outsider, pyz, demo, tmp_path):
    touched = bytearray(Path(demo["bundle"]).read_bytes())
    middle = len(touched) // 2
    touched[middle] = touched[middle] ^ 1
    (tmp_path / "bundle.json").write_bytes(touched)
    arguments = ("--trust", demo["trust"], "--person", demo["person"], "--json")
    done = outsider.run("python", "-I", pyz, tmp_path / "bundle.json", *arguments)
    assert done.returncode == 1, done.stdout + done.stderr
    assert json.loads(done.stdout)["ok"] is False
