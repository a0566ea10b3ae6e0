"""Making and opening a lender: what is there afterwards, and one clear error for each thing that can be wrong."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.cli.shell import shouxin


def test_it_makes_a_lender_with_a_copy_of_the_policy(tmp_path):
    ran = shouxin("init", "--json", data_dir=tmp_path / "d")
    assert (ran.code, ran.document["ok"]) == (0, True)
    assert (tmp_path / "d" / "policy" / "catalogue.toml").is_file()
    assert not list((tmp_path / "d" / "policy").rglob("*.py"))
    assert (tmp_path / "d" / "keys" / "root-1.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "d").stat().st_mode & 0o777 == 0o700
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_it_makes_a_lender_in_an_empty_directory(tmp_path):
    assert shouxin("init", "--json", data_dir=tmp_path).code == 0


def test_it_refuses_to_make_a_second_one_in_the_same_place(data_dir):
    before = {path: path.read_bytes() for path in data_dir.rglob("*") if path.is_file()}
    ran = shouxin("init", "--json", data_dir=data_dir)
    assert (ran.code, ran.error["code"]) == (2, "already_a_lender")
    assert {path: path.read_bytes() for path in data_dir.rglob("*") if path.is_file()} == before


def test_it_refuses_a_directory_that_holds_something_else(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    ran = shouxin("init", "--json", data_dir=tmp_path)
    assert (ran.code, ran.error["code"]) == (2, "not_empty")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_it_lets_one_of_two_through_that_start_at_once(tmp_path):
    command = [sys.executable, "-m", "shouxin", "init", "--json", "--data-dir", str(tmp_path / "d")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    said = [json.loads(one.communicate(timeout=120)[0]) for one in both]
    assert sorted(one.returncode for one in both) == [0, 2]
    (lost,) = [one for one in said if "error" in one]
    assert lost["error"]["code"] == "already_a_lender"
    assert [path.name for path in tmp_path.iterdir()] == ["d"]
    assert shouxin("doctor", "--json", data_dir=tmp_path / "d").code == 0


def _no_key(folder):
    (folder / "keys" / "root-1.key").unlink()


def _open_key(folder):
    (folder / "keys" / "root-1.key").chmod(0o644)


def _other_key(folder):
    (folder / "keys" / "root-1.key").write_bytes(bytes(32))


def _note_ahead(folder):
    """The database of yesterday's backup under today's note."""
    old = folder.with_name("old")
    shutil.copytree(folder, old)
    assert shouxin("staff", "appoint", "collector:k31", "--json", data_dir=folder).code == 0
    shutil.copyfile(old / "vault.sqlite3", folder / "vault.sqlite3")


def _cut_short(folder):
    path = folder / "vault.sqlite3"
    os.truncate(path, path.stat().st_size // 2)


def _no_database(folder):
    (folder / "book.sqlite3").unlink()


def _not_a_database(folder):
    (folder / "vault.sqlite3").write_bytes(b"x" * 8192)


def _damaged_page(folder):
    """The header is whole, what follows isn't."""
    path = folder / "vault.sqlite3"
    data = path.read_bytes()
    path.write_bytes(data[:100] + bytes(len(data) - 100))


def _bad_config(folder):
    (folder / "config.toml").write_text("v = 1\n")


def _bad_policy(folder):
    (folder / "policy" / "catalogue.toml").write_text("[[field]]\n")


def _no_cedar(folder):
    shutil.rmtree(folder / "policy" / "cedar")


BROKEN = [
    # what happened → code, what the error names, exit code
    (_no_key, "vault_stopped", "root-1.key", 3),
    (_open_key, "vault_stopped", "root-1.key", 3),
    (_other_key, "vault_stopped", "root", 3),
    (_note_ahead, "vault_stopped", "behind", 3),
    (_cut_short, "database", "vault.sqlite3", 3),
    (_no_database, "database", "book.sqlite3", 3),
    (_not_a_database, "database", "vault.sqlite3", 3),
    (_damaged_page, "database", "database", 3),
    (_bad_config, "config", "config.toml", 3),
    (_bad_policy, "policy", "catalogue.toml", 3),
    (_no_cedar, "policy", "cedar", 3),
    (shutil.rmtree, "no_lender", "lender", 2),
]


@pytest.mark.parametrize(("happened", "code", "names", "exit_code"), BROKEN, ids=[row[0].__name__ for row in BROKEN])
def test_it_says_what_is_wrong_and_does_nothing(data_dir, happened, code, names, exit_code):
    happened(data_dir)
    ran = shouxin("staff", "appoint", "collector:k32", "--json", data_dir=data_dir)
    assert ran.code == exit_code, ran.stdout
    assert ran.error["code"] == code
    assert names in f"{ran.error['where']} {ran.error['message']}"
    assert len(ran.stdout.splitlines()) == 1


def test_a_doctor_names_what_is_wrong_and_nothing_else(data_dir):
    (data_dir / "keys" / "root-1.key").chmod(0o644)
    ran = shouxin("doctor", "--json", data_dir=data_dir)
    assert ran.code == 1
    (failed,) = [check for check in ran.document["checks"] if not check["ok"]]
    assert failed["name"] == "lender"
    assert "root-1.key" in failed["detail"]


def test_a_doctor_finds_nothing_in_a_new_lender(data_dir):
    ran = shouxin("doctor", "--json", data_dir=data_dir)
    assert ran.code == 0
    assert {check["name"] for check in ran.document["checks"]} >= {"configuration", "databases", "lender", "log"}


def test_a_doctor_says_when_messages_wait_that_no_worker_sends(embedded_lender, data_dir):
    from shouxin.usecases.privacy import texting

    texting.queue(embedded_lender, "somebody", "sms_new_device", lang="en")
    ran = shouxin("doctor", "--json", data_dir=data_dir)
    said = {check["name"]: check["detail"] for check in ran.document["checks"]}
    assert (ran.code, said["outbox"]) == (0, "1 due; `shouxin worker` sends them")


def test_it_opens_what_a_killed_process_left_half_folded(data_dir):
    """Killed in a checkpoint: the header knows pages that only the journal has."""
    from shouxin.site.databases import check_file
    from shouxin.usecases.lender import CannotNow

    path = data_dir / "vault.sqlite3"
    os.truncate(path, path.stat().st_size - 4096)
    with pytest.raises(CannotNow, match="cut short"):
        check_file(path)
    (data_dir / "vault.sqlite3-wal").write_bytes(b"x")
    check_file(path)


def test_it_says_what_cannot_be_read(data_dir):
    note = data_dir / "log" / "checkpoint"
    note.unlink()
    note.mkdir()
    ran = shouxin("staff", "appoint", "collector:k31", "--json", data_dir=data_dir)
    assert (ran.code, ran.error["code"], ran.error["where"]) == (3, "vault_stopped", "log/checkpoint")


@pytest.mark.postgres
def test_it_makes_a_lender_on_postgresql_and_leaves_a_used_database_alone(tmp_path, postgres_urls):
    words = ["--database", postgres_urls["default"], "--vault-database", postgres_urls["vault"]]
    assert shouxin("init", "--json", *words, data_dir=tmp_path / "one").code == 0
    assert shouxin("doctor", "--json", data_dir=tmp_path / "one").code == 0
    ran = shouxin("init", "--json", *words, data_dir=tmp_path / "two")
    assert (ran.code, ran.error["code"]) == (2, "not_empty")
    assert shouxin("doctor", "--json", data_dir=tmp_path / "one").code == 0


def test_it_takes_no_password_on_the_command_line(tmp_path):
    url = "postgresql://shouxin:open-sesame@localhost/book"
    ran = shouxin("init", "--json", "--database", url, data_dir=tmp_path / "d")
    assert ran.code == 2
    assert "open-sesame" not in ran.stdout + ran.stderr


FAR = "2099-01-01T00:00:00+08:00"


@pytest.mark.parametrize("words", [["staff", "appoint", "collector:k31"], ["log", "checkpoint"]], ids=" ".join)
def test_it_takes_no_time_that_would_lock_the_log(data_dir, words):
    before = shouxin("log", "checkpoint", "--json", data_dir=data_dir).stdout
    ran = shouxin(*words, "--json", "--at", FAR, data_dir=data_dir)
    assert (ran.code, ran.error["where"]) == (2, "--at")
    assert shouxin("log", "checkpoint", "--json", data_dir=data_dir).stdout == before


def test_it_makes_no_lender_whose_log_begins_years_ahead(tmp_path):
    ran = shouxin("init", "--json", "--at", FAR, data_dir=tmp_path / "d")
    assert (ran.code, ran.error["where"]) == (2, "--at")
    assert not (tmp_path / "d").exists()


def test_a_lender_with_a_public_address_lives_in_real_time(data_dir):
    from datetime import timedelta

    from shouxin.adapters.clock import SystemClock

    path = data_dir / "config.toml"
    path.write_text(path.read_text().replace('url = ""', 'url = "https://lender.example"'))
    soon = (SystemClock().now() + timedelta(hours=1)).isoformat()
    ran = shouxin("staff", "appoint", "collector:k31", "--json", "--at", soon, data_dir=data_dir)
    assert (ran.code, ran.error["where"]) == (2, "--at")


def test_a_doctor_finds_a_log_that_is_ahead_of_the_clock_and_the_vault_says_until_when(data_dir):
    from datetime import timedelta

    from shouxin.adapters.clock import SystemClock

    ahead = (SystemClock().now() + timedelta(days=30)).replace(microsecond=0)
    assert (
        shouxin("staff", "appoint", "collector:k31", "--json", "--at", ahead.isoformat(), data_dir=data_dir).code == 0
    )
    ran = shouxin("doctor", "--json", data_dir=data_dir)
    (failed,) = [check for check in ran.document["checks"] if not check["ok"]]
    assert (failed["name"], f"{ahead:%Y-%m-%dT%H:%M}" in failed["detail"]) == ("clock", True)
    ran = shouxin("staff", "appoint", "collector:k32", "--json", data_dir=data_dir)
    assert (ran.code, ran.error["code"]) == (3, "vault_stopped")
    assert f"{ahead:%Y-%m-%dT%H:%M}" in ran.error["message"] and "--at" in ran.error["message"]


def test_what_is_typed_before_the_command_counts_more_than_the_environment(data_dir, tmp_path):
    env = os.environ | {"SHOUXIN_DATA_DIR": str(tmp_path / "nobody's")}
    command = [sys.executable, "-m", "shouxin", "--data-dir", str(data_dir), "log", "checkpoint", "--json"]
    assert subprocess.run(command, env=env, capture_output=True, timeout=60, check=False).returncode == 0
    assert (
        subprocess.run(command[:3] + command[5:], env=env, capture_output=True, timeout=60, check=False).returncode == 2
    )
