"""`shouxin erase`: what went, what is kept by which rule until when, and the last file before the keys go."""

import sqlite3
from contextlib import closing

from tests.cli.shell import shouxin
from tests.cli.test_lines import AI_LI, enrolled


def wrapped_keys(data_dir, subject):
    with closing(sqlite3.connect(data_dir / "vault.sqlite3")) as vault:
        (row,) = vault.execute("SELECT ledger_key, data_key FROM vault_chain WHERE id = ?", [subject]).fetchall()
    return row


def files_with(data_dir, needle):
    return [path.name for path in data_dir.rglob("*") if path.is_file() and needle in path.read_bytes()]


def test_who_never_borrowed_is_gone_and_keeps_a_file_that_verifies(data_dir, tmp_path):
    keys, last = tmp_path / "keys", tmp_path / "last"
    (subject,) = enrolled(data_dir, keys=keys)
    before = wrapped_keys(data_dir, subject)
    assert all(files_with(data_dir, key) for key in before)
    (tmp_path / "trust.json").write_text(shouxin("log", "trust", "--json", data_dir=data_dir).stdout.rstrip("\n"))
    ran = shouxin("erase", subject, "--out", last, "--json", data_dir=data_dir)
    assert ran.code == 0 and ran.document["closed"] is True, ran.stdout
    assert (sorted(ran.document["deleted"]), ran.document["restricted"]) == (sorted(AI_LI), [])
    assert "last_file" not in ran.document
    assert not any(files_with(data_dir, needle) for needle in (*before, subject.encode()))
    trust, key = tmp_path / "trust.json", keys / f"{subject}.key"
    checked = shouxin("verify", last / f"{subject}.last.json", "--trust", trust, "--person", key, "--json")
    assert checked.code == 0, checked.stdout
    again = shouxin("erase", subject, "--json", data_dir=data_dir)
    assert (again.code, again.document["refused"]["reason"]) == (1, "not_yours")


def test_without_a_folder_the_last_file_stands_in_the_answer(data_dir):
    (subject,) = enrolled(data_dir)
    document = shouxin("erase", subject, "--json", data_dir=data_dir).document
    assert document["last_file"].startswith('{"') and document["closed"]
    assert shouxin("log", "audit", "--json", data_dir=data_dir).document["faults"] == []


def test_a_contract_that_runs_is_a_no_that_says_what_stays(data_dir):
    (subject,) = enrolled(data_dir)
    agreed = [{"verb": "consent", "subject": subject, "purpose": "credit_decision"}]
    agreed += [{"verb": "apply", "subject": subject, "amount": "3000.00", "instalments": 3}]
    (_, applied) = shouxin("do", "--jsonl", given=agreed, data_dir=data_dir).lines
    decided = [{"verb": "decide", "application": applied["application"]}]
    offer = shouxin("do", "--jsonl", given=decided, data_dir=data_dir).lines[0]["offer"]
    signing = [{"verb": verb, "subject": subject, "offer": offer} for verb in ("cost_sheet", "sign")]
    ran = shouxin("do", "--jsonl", given=signing, data_dir=data_dir)
    assert ran.code == 0, ran.stdout
    ran = shouxin("erase", subject, "--json", data_dir=data_dir)
    assert (ran.code, ran.document["closed"], ran.document["restricted"]) == (1, False, [])
    assert (ran.document["deleted"], ran.document["needed"]) == (["income"], ["id_number", "name", "phone"])
