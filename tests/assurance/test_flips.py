"""Any changed bit of the demo's bundle is refused, with a reason of the closed list and the place; nothing breaks."""

import random
from pathlib import Path

from shouxin.assurance.forge import flip_bit
from shouxin.verify import NotVerified, Reason, Verified, verify

FLIPS = 2_000
SEED = 20_261_124


def test_it_refuses_every_one_of_two_thousand_flipped_bits(told):
    bundle, trust, person = (Path(told[name]).read_bytes() for name in ("bundle", "trust", "person"))
    at_ms = told["verified"]["checkpoint"]["time"]
    assert isinstance(verify(bundle, trust, person, at_ms=at_ms), Verified)
    bits = random.Random(SEED).sample(range(8 * len(bundle)), FLIPS)
    verdicts = {bit: verify(flip_bit(bundle, bit), trust, person, at_ms=at_ms) for bit in bits}
    assert [bit for bit, verdict in verdicts.items() if not isinstance(verdict, NotVerified)] == []
    assert all(verdict.reason in Reason and verdict.where for verdict in verdicts.values())
    assert len({verdict.reason for verdict in verdicts.values()}) > 3
