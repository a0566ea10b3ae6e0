"""Reading a question in the shape of the outside contract."""

from datetime import UTC, date, datetime

import pytest

from shouxin.core.outreach.question import Promise, QuestionError, parse

LINE: dict[str, object] = {
    "case": "C1",
    "person": "P1",
    "party": "debtor",
    "point": "N1",
    "channel": "call",
    "at": "2026-11-24T22:30:00+08:00",
    "tz": "Asia/Shanghai",
    "dpd": 14,
}


def test_it_reads_what_was_promised_and_what_was_asked_for() -> None:
    question = parse({**LINE, "promises": [{"on": "2026-11-24", "by": "2026-11-27"}], "asked_for": True})
    assert question.promises == (Promise(date(2026, 11, 24), date(2026, 11, 27)),)
    assert question.asked_for
    assert (parse(LINE).promises, parse(LINE).asked_for) == ((), False)


def test_it_reads_a_line() -> None:
    question = parse(LINE)
    assert question.at == datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
    assert str(question.zone) == "Asia/Shanghai"
    assert question.outcome is None
    assert parse({**LINE, "outcome": "no_answer"}).made().outcome == "no_answer"


BAD = [
    ({"party": "friend"}, "party"),
    ({"channel": "fax"}, "channel"),
    ({"outcome": "maybe"}, "outcome"),
    ({"at": "2026-11-24T22:30:00"}, "at"),
    ({"at": "2026-13-24T22:30:00+08:00"}, "at"),
    ({"at": "24 Nov 2026"}, "at"),
    ({"at": 1763994600}, "at"),
    ({"tz": "Mars/Olympus"}, "tz"),
    ({"tz": "Asia"}, "tz"),
    ({"tz": "../etc/passwd"}, "tz"),
    ({"dpd": -1}, "dpd"),
    ({"dpd": True}, "dpd"),
    ({"dpd": "14"}, "dpd"),
    ({"person": ""}, "person"),
    ({"case": None}, "case"),
    ({"source": "bought"}, "source"),
    ({"debtor_states": ["cross"]}, "debtor_states"),
    ({"debtor_states": [[]]}, "debtor_states"),
    ({"phone_number": "1"}, "phone_number"),
    ({"asked_for": 1}, "asked_for"),
    ({"promises": {"on": "2026-11-24"}}, "promises"),
    ({"promises": ["2026-11-24"]}, "promises.0"),
    ({"promises": [{"on": "2026-11-24"}]}, "promises.0"),
    ({"promises": [{"on": "2026-11-24", "by": "2026-11-31"}]}, "promises.0.by"),
    ({"promises": [{"on": 20261124, "by": "2026-11-27"}]}, "promises.0.on"),
    ({"promises": [{"on": "2026-11-24", "by": "2026-11-23"}]}, "promises.0.by"),
]


@pytest.mark.parametrize(("change", "where"), BAD)
def test_it_names_the_key_that_it_cannot_read(change: dict[str, object], where: str) -> None:
    with pytest.raises(QuestionError) as caught:
        parse({**LINE, **change})
    assert caught.value.where == where


@pytest.mark.parametrize("key", list(LINE))
def test_it_names_a_key_that_is_missing(key: str) -> None:
    with pytest.raises(QuestionError) as caught:
        parse({name: value for name, value in LINE.items() if name != key})
    assert caught.value.where == key


@pytest.mark.parametrize("line", [None, [], "text", 5])
def test_it_refuses_a_line_that_is_no_object(line: object) -> None:
    with pytest.raises(QuestionError):
        parse(line)
