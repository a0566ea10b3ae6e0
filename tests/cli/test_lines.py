"""What outsiders rely on whatever the command: documents, lines, exit codes, and nothing personal where it isn't due."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import shouxin

AI_LI = {"name": "Ai Li", "phone": "13800005678", "id_number": "110101199001010010", "income": "8600.00"}
BOB = {"name": "Bo Bo", "phone": "13800005679", "id_number": "110101199001010029"}


def enrolled(data_dir, *people, keys=None):
    words = ["--keys", keys] if keys else []
    ran = shouxin("enrol", "--jsonl", *words, given=list(people or [AI_LI]), data_dir=data_dir)
    assert ran.code == 0, ran.stdout
    return [line["subject"] for line in ran.lines]


def test_it_answers_each_line_in_order_and_does_the_good_ones(data_dir):
    lines = [
        AI_LI,
        b"not json",
        {**BOB, "income": 8600},
        b"",
        {**AI_LI, "phone": "13800000000"},
        b'{"name": "X", "name": "Y"}',
        b'{"name": "\xff"}',
        b"[1]",
        b'{"n": NaN}',
        b"[" * 100_000,
        BOB,
    ]
    ran = shouxin("enrol", "--jsonl", given=lines, data_dir=data_dir)
    assert ran.code == 2
    said = [_short(line) for line in ran.lines]
    assert said == [
        "subject",
        "malformed line 2, column 1",
        "bad_input line 3, income",
        "malformed line 4, column 1",
        "already_enrolled",
        "malformed line 6",
        "malformed line 7, byte 11",
        "malformed line 8",
        "malformed line 9",
        "malformed line 10",
        "subject",
    ]


def _short(line):
    if "error" in line:
        return f"{line['error']['code']} {line['error']['where']}"
    return line["refused"]["reason"] if "refused" in line else next(iter(line))


def test_a_refusal_is_an_answer_by_lines_and_a_no_by_itself(data_dir):
    offered = {**AI_LI, "contacts": [{"phone": "13700001111"}]}
    lines = shouxin("enrol", "--jsonl", given=[offered], data_dir=data_dir)
    alone = shouxin("enrol", "--json", given=offered, data_dir=data_dir)
    assert (lines.code, alone.code) == (0, 1)
    assert lines.lines == [alone.document]
    assert alone.document["refused"]["reason"] == "address_book"
    assert "CN.APP.NECESSARY" in alone.document["refused"]["rules"]
    assert "13700001111" not in alone.stdout + alone.stderr


def test_it_flushes_an_answer_before_the_next_line_is_sent(data_dir):
    command = [sys.executable, "-m", "shouxin", "enrol", "--jsonl", "--data-dir", str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        for person in (AI_LI, BOB):
            child.stdin.write(json.dumps(person).encode() + b"\n")
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["subject"]
        child.stdin.close()
        assert child.wait(timeout=60) == 0


def test_it_hands_each_key_out_in_a_file_of_its_owner(data_dir, tmp_path):
    (subject,) = enrolled(data_dir, keys=tmp_path / "keys")
    key = tmp_path / "keys" / f"{subject}.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert json.loads(key.read_text())["origin"]


def test_it_enrols_nobody_when_keys_have_no_place(data_dir, tmp_path):
    (tmp_path / "taken").write_text("")
    ran = shouxin("enrol", "--json", "--keys", tmp_path / "taken", given=AI_LI, data_dir=data_dir)
    assert (ran.code, ran.error["where"]) == (2, "--keys")
    assert shouxin("enrol", "--json", given=AI_LI, data_dir=data_dir).code == 0


def test_it_gives_receipts_whose_numbers_rise(data_dir):
    (subject,) = enrolled(data_dir)
    look = {"subject": subject, "actor": "borrower:self", "purpose": "own_request", "fields": ["phone"]}
    ran = shouxin("use", "--jsonl", given=[look, look], data_dir=data_dir)
    first, second = (line["receipt"] for line in ran.lines)
    assert (second["entry"], second["size"] > first["size"]) == (first["entry"] + 1, True)
    assert ran.lines[0]["opened"] == {"phone": AI_LI["phone"]}
    assert len(bytes.fromhex(first["leaf_hash"])) == 32


USES = [
    # what is asked → the answer
    ({"actor": "system:news", "purpose": "marketing", "fields": ["phone"]}, "refused no_basis"),
    ({"actor": "system:x", "purpose": "gossip", "fields": ["phone"]}, "refused unknown_purpose"),
    ({"actor": "system:x", "purpose": "marketing", "fields": ["address_book"]}, "refused unknown_field"),
    ({"actor": "collector:k99", "purpose": "collection", "fields": ["phone"]}, "refused unknown_actor"),
    ({"actor": "nobody", "purpose": "marketing", "fields": ["phone"]}, "error actor"),
    ({"actor": "king:x", "purpose": "marketing", "fields": ["phone"]}, "error actor"),
    ({"actor": "system:x", "purpose": "marketing", "fields": "phone"}, "error fields"),
    ({"actor": "system:x", "purpose": "marketing", "fields": []}, "error fields"),
    ({"actor": "system:x", "purpose": "marketing"}, "error fields"),
    ({"actor": "system:x", "purpose": "marketing", "fields": ["phone"], "why": "x"}, "error why"),
    ({"actor": "system:x", "purpose": "marketing", "fields": ["phone"], "recipient": "king:x"}, "error recipient"),
]


def test_it_answers_every_kind_of_question(data_dir):
    (subject,) = enrolled(data_dir)
    ran = shouxin("use", "--jsonl", given=[{"subject": subject, **ask} for ask, _ in USES], data_dir=data_dir)
    said = [
        f"refused {line['refused']['reason']}"
        if "refused" in line
        else "error " + line["error"]["where"].split(", ")[1]
        for line in ran.lines
    ]
    assert said == [answer for _, answer in USES]


def test_it_says_the_same_of_somebody_else_and_of_nobody(data_dir):
    (subject,) = enrolled(data_dir)
    assert shouxin("staff", "appoint", "collector:k32", data_dir=data_dir).code == 0
    ask = {"actor": "collector:k32", "purpose": "collection", "fields": ["phone"]}
    nobody = "01a20ca3-0000-7000-8000-000000000000"
    ran = shouxin("use", "--jsonl", given=[{"subject": who, **ask} for who in (subject, nobody)], data_dir=data_dir)
    assert ran.stdout.splitlines()[0] == ran.stdout.splitlines()[1]


WRONG_WORDS = [
    ["enrol", "--jsno"],
    ["nothing"],
    ["consent", "x"],
    ["staff", "appoint"],
    ["enrol", "--json", "--jsonl"],
    ["enrol", "--json", "--lang", "fr"],
    ["log", "checkpoint", "--json", "--at", "yesterday"],
    ["log", "checkpoint", "--json", "--at", "2026-11-24T10:00:00"],
    ["answer", "x", "--json"],
    ["enrol", "13800005678", "--json"],
]


@pytest.mark.parametrize("words", WRONG_WORDS, ids=" ".join)
def test_it_says_in_one_line_what_is_wrong_with_the_words(words):
    ran = shouxin(*words)
    assert ran.code == 2
    said = ran.stdout if {"--json", "--jsonl"} & set(words) else ran.stderr
    assert len(said.splitlines()) == 1
    assert "13800005678" not in ran.stdout + ran.stderr


def test_it_takes_the_common_options_before_the_command_too(data_dir):
    ran = shouxin("--data-dir", data_dir, "--json", "log", "checkpoint")
    assert (ran.code, list(ran.document)) == (0, ["checkpoint"])


def test_it_finds_the_lender_by_the_environment(data_dir):
    env = {**os.environ, "SHOUXIN_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "shouxin", "log", "checkpoint"]
    assert subprocess.run(command, env=env, capture_output=True, check=False, timeout=60).returncode == 0


def test_it_shows_its_help_without_waking_what_only_commands_need():
    program = """
import sys
from shouxin.__main__ import main
try:
    main(["--help"])
except SystemExit as left:
    assert not left.code
heavy = {"django", "cedarpy", "pyarrow"} & sys.modules.keys()
sys.exit(f"help woke {sorted(heavy)}" if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()


def test_it_keeps_quiet_when_the_reader_goes_away(data_dir):
    command = f'"{sys.executable}" -m shouxin rules show --data-dir "{data_dir}" | head -1'
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=60)
    assert done.stderr == b""


def test_it_speaks_chinese_without_a_locale(data_dir):
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "shouxin", "use", "--lang", "zh", "--data-dir", str(data_dir)]
    ask = {"subject": "x", "actor": "system:x", "purpose": "gossip", "fields": ["phone"]}
    done = subprocess.run(
        command, input=json.dumps(ask).encode(), env=env, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "没有" in done.stdout.decode()


def test_a_bug_tells_an_incident_and_no_value(data_dir, monkeypatch, capfdbinary):
    """The catch-all: whatever breaks, a value that was at hand is in neither stream."""
    from shouxin.__main__ import main
    from shouxin.usecases.privacy import enrol

    def broken(lender, request):
        raise KeyError(request.phone)

    from shouxin.site.wiring import set_up_django

    set_up_django()
    monkeypatch.setattr(enrol, "enrol", broken)
    read_end, write_end = os.pipe()
    os.write(write_end, json.dumps(AI_LI).encode())
    os.close(write_end)
    with os.fdopen(read_end) as stdin, monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", stdin)
        with pytest.raises(SystemExit) as left:
            main(["enrol", "--json", "--data-dir", str(data_dir)])
    out, err = capfdbinary.readouterr()
    assert left.value.code == 3
    assert json.loads(out)["error"]["code"] == "bug"
    assert AI_LI["phone"].encode() not in out + err
    assert b"KeyError at cli/" in err


FULL = [
    (["schedule", "--json", "--terms", "-"], 3),
    (["apr", "--jsonl"], 3),
    (["schedule", "--terms", "-"], 3),
    (["--help"], 3),
    (["schedule", "--json", "--jsno"], 3),
    (["log", "checkpoint", "--json", "--data-dir", "/nowhere"], 3),
]
TERMS = b'{"currency":"CNY","principal":"1.00","disbursed_on":"2026-06-24","instalments":1,"rate":{"annual":"1%"},"amortisation":"equal_instalments"}\n'  # fmt: skip


@pytest.mark.parametrize(("words", "code"), FULL, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_it_says_so_when_nothing_can_be_written(words, code):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "shouxin", *words]
        done = subprocess.run(command, input=TERMS, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr and b"Exception ignored" not in done.stderr
    assert b"standard output" in done.stderr and len(done.stderr.splitlines()) == 1
