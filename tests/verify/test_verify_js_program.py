"""`node verify.js`: the same answers and exit codes as `python -m shouxin.verify`."""

import contextlib
import io
import json
import subprocess

import pytest

from shouxin.assurance import forge
from shouxin.verify.__main__ import main
from tests.verify.node import VERIFY_JS, node
from tests.verify.story import honest

FILES = honest().files()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("files")
    for name, data in (("bundle.json", FILES.bundle), ("trust.json", FILES.trust), ("person.key", FILES.person)):
        (path / name).write_bytes(data)
    (path / "forged.json").write_bytes(forge.drop_last(FILES.bundle))
    return path


def run(folder, arguments, given=b""):
    command = [node(), str(VERIFY_JS), *arguments]
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout.decode()


def run_python(folder, arguments):
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.chdir(folder), contextlib.redirect_stdout(out):
        code = main(arguments)
    return code, out.buffer.getvalue().decode()


TRUSTED = ["--trust", "trust.json", "--person", "person.key"]
AT = ["--at", "2001-09-09T10:00:00+08:00"]
COMMANDS = [
    ["bundle.json", *TRUSTED, *AT],
    ["forged.json", *TRUSTED, *AT],
    ["bundle.json", *TRUSTED],
    ["bundle.json", *TRUSTED, "--at=2001-09-09T02:00Z"],
    ["bundle.json", *TRUSTED, "--at", "2001-09-09 02:00:00.1239+00:00"],
    ["person.key", *TRUSTED, *AT],
    ["/dev/zero", *TRUSTED, *AT],
    ["nowhere", *TRUSTED, *AT],
    [".", *TRUSTED, *AT],
    ["bundle.json", "--trust", "nowhere", "--person", "person.key", *AT],
    ["bundle.json", "--trust", "trust.json", "--person", "nowhere", *AT],
    ["bundle.json", *TRUSTED, "--at", "yesterday"],
    ["bundle.json", *TRUSTED, "--at", "2001-09-09T02:00:00"],
    ["bundle.json", *TRUSTED, "--at", "2001-13-09T02:00Z"],
    ["bundle.json", *TRUSTED, "--nonsense"],
    ["bundle.json", *TRUSTED[:2]],
    [],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_as_a_program_it_answers_and_exits_as_python_does(folder, arguments):
    code, out = run(folder, [*arguments, "--json"])
    expected_code, expected = run_python(folder, [*arguments, "--json"])
    assert code == expected_code
    answer, wanted = json.loads(out), json.loads(expected)
    # How a system words its own errors is its own affair.
    assert bool(answer.get("error", {}).pop("message", "")) == bool(wanted.get("error", {}).pop("message", ""))
    assert answer == wanted


@pytest.mark.parametrize("arguments", COMMANDS[:2], ids=" ".join)
def test_as_a_program_it_states_the_verdict_in_its_last_line(folder, arguments):
    assert run(folder, arguments)[1].splitlines()[-1] == run_python(folder, arguments)[1].splitlines()[-1]


def test_as_a_program_it_reads_a_bundle_from_standard_input(folder):
    assert run(folder, ["-", *TRUSTED, *AT], given=FILES.bundle)[0] == 0
