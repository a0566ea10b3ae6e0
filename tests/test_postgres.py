"""The private server that the tests run on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests import postgres as module
from tests.postgres import Server, running_server


def _answer(server: Server, database: str, query: str) -> str:
    with psycopg.connect(host=str(server.socket_dir), user=server.user, dbname=database) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])


def test_it_answers_on_a_socket_and_nowhere_else(postgres):
    postgres.create_database("answers")
    assert _answer(postgres, "answers", "show listen_addresses") == ""
    assert _answer(postgres, "answers", "show server_encoding") == "UTF8"
    postgres.drop_database("answers")


def test_it_waits_for_the_disk_as_the_vault_demands(postgres):
    assert _answer(postgres, "postgres", "show fsync") == "on"
    assert _answer(postgres, "postgres", "show synchronous_commit") == "on"


def test_it_leaves_nothing_behind():
    with running_server() as server:
        folder = server.socket_dir
        assert folder.exists()
    assert not folder.exists()


def test_it_leaves_nothing_behind_when_the_tests_are_killed(project):
    program = (
        "import os, signal\n"
        "from tests.postgres import running_server\n"
        "with running_server() as server:\n"
        "    print(server.socket_dir, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # Without TMPDIR: other tests may have pointed it at a folder that only this user may enter.
    env = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False)
    assert said.returncode == -signal.SIGKILL, said.stderr
    folder = Path(said.stdout.strip())
    deadline = time.monotonic() + 30
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not folder.exists()


def test_it_runs_from_the_wheel_where_the_system_has_none(monkeypatch):
    monkeypatch.setattr(module, "DEBIAN", Path("/nonexistent"))
    with running_server() as server:
        assert _answer(server, "postgres", "select 1") == "1"


def test_it_copies_programs_that_the_other_user_may_not_enter(monkeypatch, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir()
    original = module._from_wheel()
    package = original.parents[1]
    for folder in package.parent.glob(f"{package.name}*"):
        (closed / folder.name).symlink_to(folder)
    closed.chmod(0o700)
    monkeypatch.setattr(module, "_binaries", lambda: closed / original.relative_to(package.parent))
    with running_server() as server:
        assert _answer(server, "postgres", "select 1") == "1"
        copied = server.bin.is_relative_to(server.socket_dir)
    assert copied == (os.getuid() == 0)
