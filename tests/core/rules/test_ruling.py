"""A ruling names its first reason by the closed list, and says so in the outside contract's shape."""

from datetime import UTC, datetime

from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.ruling import ALLOW, BLOCK, Applied, Ruling

NIGHT = Applied("XX.NIGHT", "mandatory", BLOCK, Reason.OUTSIDE_HOURS)
STRANGER = Applied("XX.THIRD", "mandatory", BLOCK, Reason.THIRD_PARTY)
PAUSE = Applied("XX.PAUSE", "house_policy", BLOCK, Reason.PAUSED)
CALM = Applied("XX.CALM", "mandatory", ALLOW)


def test_it_gives_the_first_reason_of_the_closed_list() -> None:
    assert Ruling(False, (STRANGER, CALM, NIGHT, PAUSE), None).reason is Reason.PAUSED
    assert Ruling(True, (CALM,), None).reason is None


def test_it_calls_a_no_that_no_rule_spoke_a_third_party() -> None:
    assert Ruling(False, (CALM,), None).reason is Reason.THIRD_PARTY


def test_it_writes_itself_down() -> None:
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    assert Ruling(False, (NIGHT, CALM), moment).to_doc() == {
        "allow": False,
        "rules": [
            {"id": "XX.NIGHT", "force": "mandatory", "effect": "block", "reason": "outside_hours"},
            {"id": "XX.CALM", "force": "mandatory", "effect": "allow"},
        ],
        "next_permitted": "2026-11-25T00:00:00+00:00",
    }
