"""How many uses of data a second the vault decides, enters, syncs and opens.

Three figures of one run: a batch of 10,000 that shares one sync, beside the bare append of as many entries made
beforehand (`log.py` is about that); one caller, each use waiting for the disk; and 32 callers who each wait for their
own. A batch and its append are measured in turn, several times, because other work on the machine comes and goes: the
best of each counts, and the median of their ratios. Per second of processor time they are given too, which says what
the code costs where the clock says what the machine was busy with. Prints one JSON document; read the ratios.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from shouxin.adapters.chance import SystemChance
from shouxin.site import databases
from shouxin.site.wiring import create_lender, default_config, open_lender, set_up_django

set_up_django()  # the vault's modules hold tables

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks import limits  # noqa: E402  only now
from benchmarks.made import appended  # noqa: E402
from shouxin.usecases.lender import Lender  # noqa: E402
from shouxin.vault.opening import Enrolled, EnrolRequest, Opened, UseRequest  # noqa: E402

PEOPLE, BATCH, TURNS = 1_000, 10_000, 5
CALLERS, SECONDS = 32, 4.0


def people_of(lender: Lender) -> list[str]:
    """Those whose data are used."""
    requests = [EnrolRequest({"name": f"Person {at}", "phone": f"{at:011}"}) for at in range(PEOPLE)]
    return [one.subject for one in lender.vault.enrol_many(requests) if isinstance(one, Enrolled)]


def asked(subject: str) -> UseRequest:
    """A borrower looks at their own number."""
    return UseRequest(subject, "borrower:self", "own_request", ("phone",))


def batches(lender: Lender, people: list[str]) -> dict[str, Any]:
    """Uses a second in a batch, appends a second of as many entries, and the first by the second."""
    uses, appends = [], []
    for turn in range(TURNS):
        requests = [asked(people[at % PEOPLE]) for at in range(BATCH)]

        def use(requests: list[UseRequest] = requests) -> None:
            assert all(isinstance(one, Opened) for one in lender.vault.use_many(requests))

        uses.append(limits.took(use))
        appends.append(appended(lender, BATCH, first=turn * BATCH))
    ratios = [append.clock / use.clock for use, append in zip(uses, appends, strict=True)]
    cpu = [append.cpu / use.cpu for use, append in zip(uses, appends, strict=True)]
    return {
        "figure": round(BATCH / min(use.clock for use in uses)),
        "median": round(BATCH / statistics.median(use.clock for use in uses)),
        "a_cpu_second": round(BATCH / min(use.cpu for use in uses)),
        "append": round(BATCH / min(append.clock for append in appends)),
        "to_append": round(statistics.median(ratios), 3),
        "to_append_by_cpu": round(statistics.median(cpu), 3),
    }


def singly(lender: Lender, people: list[str], *, callers: int) -> dict[str, float]:
    """Uses a second by so many callers, each waiting for its own; the 99th percentile of the wait in milliseconds."""
    waits: list[float] = []
    until = time.monotonic() + SECONDS

    def call(number: int) -> None:
        at = number
        while time.monotonic() < until:
            began = time.perf_counter()
            assert isinstance(lender.vault.use(asked(people[at % PEOPLE])), Opened)
            waits.append(time.perf_counter() - began)
            at += callers
        if callers > 1:
            databases.close()

    threads = [threading.Thread(target=call, args=(number,)) for number in range(callers)]
    began = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    elapsed = time.perf_counter() - began
    return {
        "figure": round(len(waits) / elapsed, 1),
        "p50_ms": round(statistics.median(waits) * 1000, 1),
        "p99_ms": round(statistics.quantiles(waits, n=100)[98] * 1000, 1),
    }


def main() -> None:
    """Measure in a scratch folder on the disk that `TMPDIR` names."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "lender"
        create_lender(data_dir, default_config(chance=SystemChance()))
        lender = open_lender(data_dir)
        people = people_of(lender)
        batch = batches(lender, people)
        one = singly(lender, people, callers=1)
        many = singly(lender, people, callers=CALLERS)
        found = limits.all_of_them(Path(folder))
    many["to_one_caller"] = round(many["figure"] / one["figure"], 2)
    one["to_syncs"] = round(one["figure"] / found["syncs"], 3)
    batch["to_aes_gcm"] = round(batch["figure"] / found["aes_gcm"], 4)
    document = {
        "benchmark": "use",
        "unit": "uses a second, durable before release",
        f"batch_{BATCH}": batch,
        "one_caller": one,
        f"callers_{CALLERS}": many,
        "limits_of_the_same_run": found,
        "python": sys.version.split()[0],
    }
    sys.stdout.write(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
