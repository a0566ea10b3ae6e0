"""How many leaves a second a witness goes over, beside the hashing alone of the same leaves in the same run.

A log of `LEAVES` entries in batches of 1,024, in memory. Prints one JSON document; read the ratio.
"""

from __future__ import annotations

import json
import sys
import time
from hashlib import sha256
from pathlib import Path

from shouxin.core.merkle.chain import leaf
from shouxin.core.merkle.note import Signer
from shouxin.core.merkle.replay import Replay
from shouxin.core.merkle.tree import leaf_hash

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from shouxin.assurance.little_log import LittleLog

BATCH = 1024
ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 200 * BATCH


def main() -> int:
    """Make the log, go over it, hash its leaves."""
    log, leaves = LittleLog(Signer("lender.example/log", bytes(32))), []
    log.append([], ms=0)
    leaves.append(log.epochs[-1].to_leaf())
    for first in range(0, ENTRIES, BATCH):
        batch = [(sha256(b"l%d" % n).digest(), sha256(b"c%d" % n).digest()) for n in range(first, first + BATCH)]
        log.append(batch, ms=first)
        leaves += [*sorted(leaf(*one) for one in batch), log.epochs[-1].to_leaf()]
    began = time.perf_counter()
    replay = Replay()
    for _ in replay.epochs(leaves):
        pass
    replayed = len(leaves) / (time.perf_counter() - began)
    assert replay.frontier.root() == log.frontier.root()
    began = time.perf_counter()
    for one in leaves:
        leaf_hash(one)
    hashed = len(leaves) / (time.perf_counter() - began)
    figures = {"leaves": len(leaves), "batch": BATCH, "replayed_per_second": round(replayed)}
    sys.stdout.write(
        json.dumps(figures | {"hashed_per_second": round(hashed), "ratio": round(replayed / hashed, 3)}) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
