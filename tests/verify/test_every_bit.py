"""Every part of a bundle is bound by what is checked: turn any bit, and it is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from shouxin.assurance.forge import flip_bit
from shouxin.assurance.little_log import Files
from shouxin.verify import NotVerified, Reason
from tests.verify.story import check

GOLDEN = Path(__file__).parent / "golden" / "v1"
PARTS = 8
FILES = Files(*((GOLDEN / name).read_bytes() for name in ("bundle.json", "trust.json", "person.key")))


@pytest.mark.parametrize("part", range(PARTS))
def test_it_refuses_a_history_of_five_entries_with_any_bit_turned(part):
    for bit in range(part, 8 * len(FILES.bundle), PARTS):
        verdict = check(replace(FILES, bundle=flip_bit(FILES.bundle, bit)))
        assert isinstance(verdict, NotVerified), f"bit {bit} may be turned"
        assert verdict.reason in Reason


def test_it_refuses_a_person_key_with_any_bit_turned():
    for bit in range(8 * len(FILES.person)):
        verdict = check(replace(FILES, person=flip_bit(FILES.person, bit)))
        assert isinstance(verdict, NotVerified), f"bit {bit} may be turned"
        assert verdict.reason in (Reason.MALFORMED, Reason.WRONG_PERSON)


def test_it_refuses_a_bundle_cut_short_or_prolonged_anywhere():
    raw = FILES.bundle
    for place in range(0, len(raw), 7):
        for spoiled in (raw[:place], raw[:place] + raw[place + 1 :], raw[:place] + b" " + raw[place:]):
            assert isinstance(check(replace(FILES, bundle=spoiled)), NotVerified)
