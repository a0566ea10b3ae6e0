"""The fate of a field: what goes, what a duty keeps until when, what stays."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shouxin.core.privacy.field import Field
from shouxin.core.privacy.retention import Datum, Happened, Kept, Life, Plan, over_since, plan

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ENDED = {"loan_end": Happened(7, NOW), "transaction_end": Happened(7, NOW)}
OVER = {**ENDED, "relationship_end": Happened(9, NOW)}
DUTY = "relationship_end + 10 years by CN.AML.34"


def fate(retention, *, since=4, required=True, runs=False, contracted=True, asked=False, happened=None):
    field = Field("borrower", "x", "general", "vault", frozenset(), {}, retention, ())
    life = Life(NOW, runs=runs, contracted=contracted, asked=asked, happened=happened or {})
    found = plan([Datum(field, since, required)], life)
    if found.goes:
        return "goes"
    return found.kept[0] if found.kept else "stays"


@pytest.mark.parametrize(
    ("retention", "how", "expected"),
    [
        ("loan_end", {"runs": True, "happened": ENDED}, "stays"),
        ("loan_end", {"runs": True, "asked": True}, "stays"),
        ("loan_end", {"runs": True, "asked": True, "required": False}, "goes"),
        ("loan_end", {"happened": ENDED}, "goes"),
        ("loan_end", {"happened": ENDED, "since": 8}, "stays"),
        ("loan_end", {}, "stays"),
        ("loan_end", {"happened": OVER, "since": 8}, "goes"),
        ("relationship_end", {"happened": ENDED}, "stays"),
        ("relationship_end", {"asked": True, "happened": OVER}, "goes"),
        (DUTY, {"happened": ENDED}, "stays"),
        (DUTY, {"happened": OVER}, Kept("x", "CN.AML.34", date(2036, 11, 24))),
        (DUTY, {"happened": OVER, "asked": True}, Kept("x", "CN.AML.34", date(2036, 11, 24))),
        (DUTY, {"asked": True, "contracted": False, "happened": {"relationship_end": Happened(9, NOW)}}, "goes"),
        ("transaction_end + 10 years by CN.AML.34", {"happened": ENDED}, "stays"),
    ],
)
def test_it_says_what_becomes_of_a_field(retention, how, expected):
    assert fate(retention, **how) == expected


def test_a_duty_that_ended_long_ago_keeps_nothing():
    long_ago = {**OVER, "relationship_end": Happened(9, NOW - timedelta(days=3654))}
    assert fate(DUTY, happened=long_ago) == "goes"


def test_it_says_nothing_of_nothing():
    assert plan([], Life(NOW, runs=False, contracted=False, asked=True, happened={})) == Plan((), (), ())
    assert over_since(NOW, NOW + timedelta(days=9999), []) is None
