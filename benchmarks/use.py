"""How many uses of data a second the vault decides, enters, syncs and opens.

One caller, each use waiting for the disk; and a batch of 10,000 that shares one sync. Beside
them, in the same run, what the machine can do at most of the parts: syncs of a file, opening of
40 bytes by AES-GCM, hashing of a leaf by SHA-256. Prints one JSON document; read the ratios.
"""

import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shouxin.adapters.chance import SystemChance
from shouxin.site.wiring import create_lender, default_config, open_lender, set_up_django
from shouxin.usecases.lender import Lender

set_up_django()  # the vault's modules hold tables

from shouxin.vault.opening import Enrolled, EnrolRequest, Opened, UseRequest  # noqa: E402  only now

PEOPLE, ONE_BY_ONE, BATCH = 1_000, 300, 10_000


def rate(count: int, work: Callable[[], object]) -> float:
    """Things a second, for work that does `count` of them."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def syncs(folder: Path, count: int = 300) -> float:
    """Appends of a 4 kB page to a file, each synced."""
    with (folder / "syncs").open("wb", buffering=0) as file:

        def work() -> None:
            for _ in range(count):
                file.write(bytes(4096))
                os.fdatasync(file.fileno())

        return rate(count, work)


def openings(count: int = 100_000) -> float:
    """AES-256-GCM openings of 40 bytes, each under a key of its own."""
    keys = [os.urandom(32) for _ in range(100)]
    sealed = [AESGCM(key).encrypt(bytes(12), bytes(40), b"place") for key in keys]

    def work() -> None:
        for at in range(count):
            AESGCM(keys[at % 100]).decrypt(bytes(12), sealed[at % 100], b"place")

    return rate(count, work)


def hashes(count: int = 500_000) -> float:
    """SHA-256 of 65 bytes."""
    leaf = bytes(65)

    def work() -> None:
        for _ in range(count):
            hashlib.sha256(leaf).digest()

    return rate(count, work)


def uses(lender: Lender) -> tuple[float, float]:
    """Uses a second: one caller, and one batch."""
    requests = [EnrolRequest({"name": f"Person {at}", "phone": f"{at:011}"}) for at in range(PEOPLE)]
    people = [one.subject for one in lender.vault.enrol_many(requests) if isinstance(one, Enrolled)]
    asked = [UseRequest(people[at % PEOPLE], "borrower:self", "own_request", ("phone",)) for at in range(BATCH)]

    def singly() -> None:
        for request in asked[:ONE_BY_ONE]:
            assert isinstance(lender.vault.use(request), Opened)

    def together() -> None:
        assert all(isinstance(one, Opened) for one in lender.vault.use_many(asked))

    return rate(ONE_BY_ONE, singly), rate(BATCH, together)


def main() -> None:
    """Measure in a scratch folder on the disk that `TMPDIR` names."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "lender"
        create_lender(data_dir, default_config(chance=SystemChance()))
        one, batch = uses(open_lender(data_dir))
        limits = {
            "syncs": round(syncs(Path(folder))),
            "aes_gcm": round(openings()),
            "sha256": round(hashes()),
        }
    print(
        json.dumps(
            {
                "benchmark": "use",
                "unit": "uses a second, durable before release",
                "one_caller": {"figure": round(one), "to_syncs": round(one / limits["syncs"], 3)},
                f"batch_{BATCH}": {
                    "figure": round(batch),
                    "to_aes_gcm": round(batch / limits["aes_gcm"], 4),
                    "to_sha256": round(batch / limits["sha256"], 5),
                },
                "limits_of_the_same_run": limits,
                "python": sys.version.split()[0],
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
