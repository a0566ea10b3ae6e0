"""`shouxin demo`: told to the end from nothing, in both languages, without a network, about anybody."""

import json
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.assurance.telling import AI_LI, WEN, demo, people_file

REFUSED = [
    ("address_book", "address_book"),
    ("sign_unseen", "no_cost_sheet"),
    ("case_too_early", "not_overdue"),
    ("ask_contact", "not_out_of_reach"),
    ("contact_number", "not_out_of_reach"),
    ("agency_phone", "role_may_not"),
    ("curious", "not_yours"),
    ("marketing_again", "consent_withdrawn"),
    ("collect_while_paused", "paused"),
    ("look_afterwards", "not_yours"),
    ("change_record", "chain_broken"),
    ("drop_last", "missing_entry"),
    ("sign_afresh", "unknown_signature"),
    ("history_made_up", "late_entry"),
]


def test_it_leaves_the_document_of_the_contract(told):
    contract = {"steps", "seconds", "verdict", "subject", "bundle", "trust", "person", "data_dir"}
    assert contract <= told.keys()
    assert all({"on", "did", "outcome"} <= step.keys() for step in told["steps"])
    assert 0 < told["seconds"] < 60
    assert told["verdict"] == "nothing_unlawful_found"


def test_it_tells_months_that_rise_and_end_now(told):
    moments = [datetime.fromisoformat(step["on"]) for step in told["steps"]]
    assert moments == sorted(moments)
    assert (moments[-1] - moments[0]).days > 150


def test_it_refuses_what_it_should_and_says_why(told):
    refused = [(step["step"], step["refused"]["reason"]) for step in told["steps"] if "refused" in step]
    assert refused == REFUSED
    stories = [step["refused"] for step in told["steps"] if "refused" in step and step["verb"] != "verify"]
    assert all(one["rules"] for one in stories)
    forgeries = [step["refused"] for step in told["steps"] if "refused" in step and step["verb"] == "verify"]
    assert all(one["where"] for one in forgeries)


def test_it_names_the_next_moment_at_which_a_call_is_permitted(told):
    (night,) = [step for step in told["steps"] if step["step"] == "call_at_night"]
    (morning,) = [step for step in told["steps"] if step["step"] == "call_by_day"]
    assert datetime.fromisoformat(night["on"]).strftime("%H:%M") == "22:30"
    assert datetime.fromisoformat(morning["on"]).strftime("%H:%M") == "08:00"
    assert "CN.GBT45251.HOURS" in night["outcome"]


def test_it_prints_the_verdict_of_the_outsiders_program(told):
    command = [sys.executable, "-I", "-m", "shouxin.verify", told["bundle"], "--json"]
    command += ["--trust", told["trust"], "--person", told["person"]]
    done = subprocess.run(command, env={}, cwd="/", capture_output=True, timeout=60, check=False)
    said = json.loads(done.stdout)
    assert done.returncode == 0
    assert said == told["verified"]


def test_it_keeps_the_persons_files_for_one_pair_of_eyes(told):
    paths = [Path(told[name]) for name in ("bundle", "trust", "person")]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    assert not any(path.is_relative_to(told["data_dir"]) for path in paths)


def test_it_leaves_a_lender_that_goes_on(told, tmp_path):
    from tests.cli.shell import shouxin

    home = Path(told["data_dir"])
    assert shouxin("doctor", "--json", data_dir=home).code == 0
    answered = shouxin("answer", told["subject"], "--out", tmp_path / "out", "--json", data_dir=home)
    assert (answered.code, answered.document["verdict"]) == (0, "nothing_unlawful_found")
    audit = shouxin("log", "audit", "--json", data_dir=home)
    assert audit.code == 0, audit.stdout


def test_it_works_twice_in_a_row(told):
    again = demo("--json")
    assert again.code == 0, again.stdout
    assert again.document["data_dir"] != told["data_dir"]
    assert [step["step"] for step in again.document["steps"]] == [step["step"] for step in told["steps"]]


def test_it_takes_an_empty_directory_and_no_other(tmp_path):
    home = tmp_path / "mine"
    home.mkdir()
    first = demo("--json", data_dir=home)
    assert (first.code, first.document["data_dir"]) == (0, str(home))
    second = demo("--json", data_dir=home)
    assert (second.code, second.error["code"]) == (2, "already_a_lender")


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2027-03-01", "00:00:05"),
        ("2027-03-12", "23:59:55"),
        ("2028-02-29", "23:59:55"),
        ("2027-01-01", "00:00:05"),
        ("2027-12-31", "23:59:55"),
    ],
)
def test_it_ends_on_any_day(day, clock):
    ran = demo("--json", "--at", f"{day}T{clock}+08:00")
    assert ran.code == 0, ran.document.get("failed")
    assert ran.document["steps"][-1]["on"].startswith(day)


@pytest.mark.parametrize(
    ("lang", "says", "chinese"), [("zh", "一条不缺", True), ("en", "none missing", False)], ids=["zh", "en"]
)
def test_it_speaks_the_readers_language_on_a_plain_pipe(lang, says, chinese):
    ran = demo("--lang", lang)
    assert ran.code == 0, ran.stdout + ran.stderr
    assert says in ran.stdout
    assert "nothing_unlawful_found" in ran.stdout
    assert "\x1b" not in ran.stdout
    assert bool(re.search("[\u4e00-\u9fff]", ran.stdout)) is chinese
    assert not [line for line in ran.stdout.splitlines() if line != line.rstrip()]
    assert "-m shouxin.verify" in ran.stdout
    assert ran.stderr == ""


def test_it_says_what_to_run_next_and_that_runs(tmp_path):
    said = demo("--lang", "en").stdout.splitlines()
    commands = [
        line for line in said if re.match(r"(env -i|echo|\S*shouxin answer|\S*python\S* -m shouxin answer)", line)
    ]
    assert len(commands) == 3
    codes = [
        subprocess.run(line, shell=True, capture_output=True, timeout=60, check=False).returncode for line in commands
    ]
    assert codes == [0, 1, 0]


@pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run(["unshare", "-rn", "true"], check=False).returncode != 0,
    reason="no network namespaces here",
)
def test_it_needs_no_network():
    # In the new namespace not even the loopback is up.
    words = ["unshare", "-rn", sys.executable, "-m", "shouxin", "demo", "--json"]
    done = subprocess.run(words, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_tells_the_story_with_people_of_a_file(tmp_path):
    ran = demo("--json", "--people", people_file(tmp_path, AI_LI, WEN))
    assert ran.code == 0, ran.stdout
    assert ran.document["verdict"] == "nothing_unlawful_found"


def test_it_takes_people_from_standard_input_and_fills_in_what_they_lack():
    few = {name: AI_LI[name] for name in ("name", "phone", "id_number")}
    assert demo("--json", "--people", "-", given=[few]).code == 0


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ([b""], "--people"),
        ([b"{"], "line 1, line 1, column 2"),
        ([AI_LI | {"income": 8600}], "line 1, income"),
        ([AI_LI | {"shoe_size": "38"}], "line 1, shoe_size"),
        ([AI_LI, {"name": "Wen"}], "line 2, phone"),
        ([AI_LI, WEN, {"name": "Chen"}], "line 3, phone"),
    ],
    ids=["nobody", "not JSON", "a number as amount", "an unknown field", "a contact without a phone", "a third person"],
)
def test_it_names_the_line_and_field_of_bad_people(lines, where):
    ran = demo("--json", "--people", "-", given=lines)
    assert (ran.code, ran.error["where"]) == (2, where)
    assert AI_LI["name"] not in ran.stdout + ran.stderr


def test_it_names_the_step_when_the_story_can_not_be_told():
    ran = demo("--json", "--people", "-", given=[AI_LI | {"income": "10.00"}])
    assert ran.code == 1
    assert (ran.document["failed"]["step"], ran.document["failed"]["verb"]) == ("decide", "decide")
    assert "verdict" not in ran.document
    people = demo("--lang", "en", "--people", "-", given=[AI_LI | {"income": "10.00"}])
    assert people.code == 1
    assert "decide" in people.stdout
