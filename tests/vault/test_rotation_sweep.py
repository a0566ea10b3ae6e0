"""`shouxin vault rotate`, killed at its n-th system call that changes the disk: nobody is lost, and the next run ends it.

A few calls in a test; with `SHOUXIN_SWEEP_RUNS` eight times as many as there are, every one of them.
"""

import os
import re
import shutil
import signal
import subprocess
import sys

from shouxin.site import databases, wiring
from shouxin.vault import models
from tests.vault.cast import ask, enrol, opened

CALLS = "fsync,fdatasync,pwrite64,ftruncate,rename,unlink"
RUNS = int(os.environ.get("SHOUXIN_SWEEP_RUNS", "20")) // 8 or 1
OWN = {"actor": "borrower:self", "purpose": "own_request", "fields": ["phone"]}


def watched(folder, trace, *, kill=None):
    """The command under strace, killed at that call (name, n-th of its name); how it ended, and the calls seen.

    strace counts each name and each process by itself, so only the first process's calls are named.
    """
    strace = shutil.which("strace")
    assert strace, "strace is one of the system packages that `make test` installs"
    inject = ["-e", f"inject={kill[0]}:signal=KILL:when={kill[1]}"] if kill else []
    program = [sys.executable, "-m", "shouxin", "vault", "rotate", "--json", "--data-dir", str(folder)]
    command = [strace, "-f", "-qq", "-e", f"trace={CALLS}", *inject, "-o", str(trace), *program]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    lines = trace.read_text(errors="replace").splitlines()
    first = lines[0].split()[0]
    names = [found[1] for line in lines if (found := re.match(rf"{first}\s+(\w+)\(", line))]
    return done, [(name, names[: at + 1].count(name)) for at, name in enumerate(names)]


def test_killed_at_any_call_that_changes_the_disk(embedded_lender, tmp_path):
    subjects = [enrol(embedded_lender.vault, id_number=f"P{n}", phone=f"1380000{n:04}").subject for n in range(3)]
    databases.close()
    folder = embedded_lender.settings.data_dir
    done, calls = watched(shutil.copytree(folder, tmp_path / "dry"), tmp_path / "trace")
    assert done.returncode == 0 and len(calls) > 20, done.stderr
    chosen = sorted({n * len(calls) // RUNS for n in range(RUNS)} | {len(calls) - 1})
    for call in (calls[at] for at in chosen):
        copy = shutil.copytree(folder, tmp_path / f"at {call}")
        done, _ = watched(copy, tmp_path / "trace", kill=call)
        assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL), f"survived {call}"
        again = wiring.open_lender(copy)
        for subject in subjects:
            opened(ask(again.vault, subject, **OWN))
        again.vault.rotate(lambda _: None)
        assert set(models.Chain.objects.values_list("epoch", flat=True)) == {models.Epoch.objects.get().number}
        assert again.vault.audit().faults == (), call
        databases.close()
        shutil.rmtree(copy)
