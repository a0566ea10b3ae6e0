"""How fast the log grows, how much memory that takes, how soon it stands again, and what a proof out of it costs.

`ENTRIES` entries (1,000,000 unless said otherwise on the command line) in batches of 1,024, each batch one durable
commit: leaves, sealed openings, tiles, map, epoch leaf, signature, note. The entries are made beforehand; what making
one costs is measured by `use.py`. Then the vault is opened anew in a process of its own, and a bundle of 100 entries is
made and verified. Prints JSON lines; beside each figure stands what the machine can do of the parts in the same run.
"""

from __future__ import annotations

import gc
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shouxin.adapters.chance import SystemChance
from shouxin.site.wiring import create_lender, default_config, open_lender, set_up_django

set_up_django()  # the vault's modules hold tables

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks import limits  # noqa: E402  only now
from benchmarks.made import appended  # noqa: E402
from shouxin.usecases.lender import Lender  # noqa: E402
from shouxin.vault.opening import Enrolled, EnrolRequest, Opened, UseRequest  # noqa: E402
from shouxin.verify import Verified, verify  # noqa: E402

ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
BATCH, BUNDLE = 1024, 100
REOPEN = """
import sys, time
from pathlib import Path
began = time.perf_counter()
from shouxin.site.wiring import open_lender, set_up_django
set_up_django()
loaded = time.perf_counter()
lender = open_lender(Path(sys.argv[1]))
opened = time.perf_counter()
from shouxin.vault.opening import Opened, UseRequest
assert isinstance(lender.vault.use(UseRequest(sys.argv[2], "borrower:self", "own_request", ("phone",))), Opened)
print(loaded - began, opened - loaded, time.perf_counter() - opened)
"""


def grown(lender: Lender) -> dict[str, Any]:
    """Entries a second over the whole log, and over its last tenth; the memory that this process took at most."""
    times = [appended(lender, BATCH, first=first) for first in range(0, ENTRIES, BATCH)]
    tenth = times[-max(1, len(times) // 10) :]
    return {
        "figure": a_second(one.clock for one in times),
        "a_cpu_second": a_second(one.cpu for one in times),
        "at_the_end": a_second(one.clock for one in tenth),
        "at_the_end_a_cpu_second": a_second(one.cpu for one in tenth),
        "slowest_batch_ms": round(max(one.clock for one in times) * 1000),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def a_second(times: Iterable[float]) -> int:
    """Entries a second, of what each batch took."""
    return round(BATCH / statistics.mean(times))


def person(lender: Lender) -> str:
    """Somebody with a history of `BUNDLE` entries."""
    enrolled = lender.vault.enrol_many([EnrolRequest({"name": "Ai Li", "phone": "13800005678"})])[0]
    assert isinstance(enrolled, Enrolled)
    history = lender.vault.history(enrolled.subject)
    assert history is not None
    asked = UseRequest(enrolled.subject, "borrower:self", "own_request", ("phone",))
    for _ in range(BUNDLE - len(history.entries)):
        assert isinstance(lender.vault.use(asked), Opened)
    return enrolled.subject


def bundle(lender: Lender, subject: str) -> dict[str, Any]:
    """The size of a bundle, and the median milliseconds to make and to verify it."""
    key, trust = lender.vault.issue_key(subject), lender.vault.trust()
    assert isinstance(key, bytes)
    making, verifying, size = [], [], 0
    for _ in range(15):
        gc.collect()
        began = time.perf_counter()
        bundle = lender.vault.bundle(subject)
        making.append(time.perf_counter() - began)
        assert bundle is not None
        now = int(lender.clock.now().timestamp() * 1000)
        began = time.perf_counter()
        assert isinstance(verify(bundle, trust, key, at_ms=now), Verified)
        verifying.append(time.perf_counter() - began)
        size = len(bundle)
    return {
        "entries": BUNDLE + 1,
        "bytes": size,
        "make_ms": round(statistics.median(making) * 1000, 1),
        "verify_ms": round(statistics.median(verifying) * 1000, 1),
    }


def reopened(folder: Path, subject: str) -> dict[str, Any]:
    """Seconds until a new process has opened the vault, and until it has opened the first datum."""
    done = subprocess.run(
        [sys.executable, "-c", REOPEN, str(folder), subject], capture_output=True, text=True, check=True
    )
    load, opening, first = (float(part) for part in done.stdout.split())
    return {"open_s": round(opening, 3), "first_use_s": round(first, 3), "python_and_django_s": round(load, 3)}


def main() -> None:
    """Measure in a scratch folder on the disk that `TMPDIR` names."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "lender"
        create_lender(folder, default_config(chance=SystemChance()))
        lender = open_lender(folder)
        subject = person(lender)
        append = grown(lender)
        found = limits.all_of_them(Path(scratch))
        append["to_sha256"] = round(append["figure"] / found["sha256"], 4)
        append["to_sqlite"] = round(append["figure"] / found["sqlite_rows"], 3)
        lines = [
            {"benchmark": "log", "append": append, "entries": ENTRIES, "batch": BATCH},
            {"benchmark": "log", "bundle": bundle(lender, subject), "out_of": ENTRIES},
            {"benchmark": "log", "restart": reopened(folder, subject), "out_of": ENTRIES},
            {"benchmark": "log", "limits_of_the_same_run": found, "python": sys.version.split()[0]},
        ]
    for line in lines:
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
