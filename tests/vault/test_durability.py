"""Nothing leaves before the disk has its entry: watched under strace, and under kill −9.

The vault is asked the way an outsider asks it, through the command line in a child process.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

from shouxin.core.merkle.bundle import Bundle, entry_hash
from shouxin.core.merkle.person_key import PersonKey
from shouxin.verify import Verified, verify
from tests.vault.cast import AI_LI, enrol

RUNS = int(os.environ.get("SHOUXIN_SWEEP_RUNS", "20"))
"""How many children are killed, spread over four tenths of a second; `SHOUXIN_SWEEP_RUNS` asks for more."""
STEP_MS = 400 / RUNS


def command(lender):
    return [sys.executable, "-m", "shouxin", "--data-dir", str(lender.settings.data_dir), "use", "--jsonl"]


def question(subject):
    asked = {"subject": subject, "actor": "borrower:self", "purpose": "own_request", "fields": ["phone"]}
    return (json.dumps(asked) + "\n").encode()


def test_sync_before_release(embedded_lender, tmp_path):
    strace = shutil.which("strace")
    assert strace, "strace is one of the system packages that `make test` installs"
    subject = enrol(embedded_lender.vault).subject
    trace = tmp_path / "trace"
    calls = "trace=write,pwrite64,fsync,fdatasync"
    watched = [strace, "-f", "-y", "-qq", "-s", "4096", "-e", calls, "-o", str(trace), *command(embedded_lender)]
    done = subprocess.run(watched, input=question(subject) * 3, capture_output=True, check=True, timeout=120)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["opened"]["phone"] for answer in answers] == [AI_LI["phone"]] * 3

    written = synced = released = 0
    for number, line in enumerate(trace.read_text(errors="replace").splitlines(), start=1):
        if "vault.sqlite3-wal" in line:
            if re.search(r"pwrite64\(|write\(", line):
                written = number
            elif "fdatasync(" in line or "fsync(" in line:
                synced = number
        elif re.search(r"write\(1[<,]", line) and AI_LI["phone"] in line:
            released += 1
            assert written < synced < number, f"released at {number}: written {written}, synced {synced}"
            written = number  # the next release needs a sync of its own
    assert released == 3


def test_used_within_logged(embedded_lender):
    """Killed at any moment, every receipt that was read from the pipe stands in the verified history."""
    enrolled = enrol(embedded_lender.vault)
    subject, receipts, died = enrolled.subject, {}, 0
    for run in range(RUNS):
        lines, unfinished = killed_after(embedded_lender, subject, milliseconds=1 + STEP_MS * run)
        died += unfinished
        for line in lines:
            receipt = json.loads(line)["receipt"]
            receipts[receipt["entry"]] = receipt["leaf_hash"]
    assert died == RUNS, "a run that ended by itself shows nothing"
    assert len(receipts) >= RUNS

    bundle = embedded_lender.vault.bundle(subject)
    at = int(embedded_lender.clock.now().timestamp() * 1000)
    assert isinstance(verify(bundle, embedded_lender.vault.trust(), enrolled.person_key, at_ms=at), Verified)
    key, told = PersonKey.parse(enrolled.person_key), Bundle.parse(bundle)
    logged = {one.j: entry_hash(key, one.j, one.commit).hex() for one in told.openings}
    assert receipts.items() <= logged.items()


def killed_after(lender, subject, *, milliseconds):
    """The whole lines a child wrote before it was killed, that long after its first; did it die working?"""
    read_end, write_end = os.pipe()
    child = subprocess.Popen(
        command(lender), stdin=subprocess.PIPE, stdout=write_end, stderr=subprocess.DEVNULL, bufsize=0
    )
    os.close(write_end)
    feeder = threading.Thread(target=feed, args=(child.stdin, question(subject) * 2000), daemon=True)
    feeder.start()
    with os.fdopen(read_end, "rb") as pipe:
        first = pipe.readline()
        time.sleep(milliseconds / 1000)
        working = child.poll() is None
        child.send_signal(signal.SIGKILL)
        child.wait()
        rest = pipe.read()
    feeder.join(timeout=10)
    whole = [line for line in (first + rest).splitlines(keepends=True) if line.endswith(b"\n")]
    return whole, working and len(whole) < 2000


def feed(stdin, data):
    try:
        stdin.write(data)
        stdin.close()
    except BrokenPipeError:
        pass
