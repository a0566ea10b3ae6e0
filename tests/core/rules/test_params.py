"""Parameters that a check can trust."""

import pytest

from shouxin.core.rules.params import Expects, fault

EXPECTED = {
    "start": Expects("time"),
    "max": Expects("whole"),
    "channels": Expects("words", ("call", "sms")),
    "state": Expects("word", ("dead",), optional=True),
}
GOOD = {"start": "08:00", "max": 3, "channels": ("call",)}


def test_it_accepts_what_is_asked_for() -> None:
    assert fault(EXPECTED, GOOD) == ""
    assert fault(EXPECTED, {**GOOD, "state": "dead"}) == ""


BAD = [
    ({"start": "24:00"}, "start"),
    ({"start": "8:00"}, "start"),
    ({"start": 800}, "start"),
    ({"max": 0}, "max"),
    ({"max": True}, "max"),
    ({"max": "3"}, "max"),
    ({"channels": ()}, "channels"),
    ({"channels": "call"}, "channels"),
    ({"channels": ("fax",)}, "channels"),
    ({"state": "well"}, "state"),
    ({"state": ("dead",)}, "state"),
    ({"minimum": 1}, "minimum"),
]


@pytest.mark.parametrize(("change", "named"), BAD)
def test_it_names_the_parameter_that_is_wrong(change: dict[str, int | str | tuple[str, ...]], named: str) -> None:
    assert named in fault(EXPECTED, {**GOOD, **change})


@pytest.mark.parametrize("name", list(GOOD))
def test_it_names_the_parameter_that_is_missing(name: str) -> None:
    assert fault(EXPECTED, {key: value for key, value in GOOD.items() if key != name}) == f"parameter {name} is missing"
