"""A story told by dates: which moment a line means, and what becomes of a line that makes no sense."""

from datetime import datetime, timedelta, timezone

import pytest

from shouxin.usecases.lender import BadInput

SHANGHAI = timezone(timedelta(hours=8))


def diary(lender):
    from shouxin.usecases.oversight.verbs import Diary

    return Diary(lender)


def appointed(lender, actor):
    """The moment that stands in the chain of somebody who was appointed."""
    entry = lender.vault.history(actor).entries[-1]
    return datetime.fromtimestamp(entry.time / 1000, SHANGHAI).replace(tzinfo=None).isoformat(timespec="seconds")


MOMENTS = [
    # on, in order → the moment that is entered (Shanghai)
    ("2026-02-03", "2026-02-03T10:00:00"),
    ("2026-02-03", "2026-02-03T10:00:01"),
    ("2026-02-03T15:30:00+08:00", "2026-02-03T15:30:00"),
    ("2026-02-03", "2026-02-03T15:30:01"),
    ("2026-02-04T01:00:00Z", "2026-02-04T09:00:00"),
    ("2026-02-04", "2026-02-04T10:00:00"),
]


def test_it_means_ten_o_clock_or_just_after_the_line_before(embedded_lender):
    book = diary(embedded_lender)
    for number, (on, moment) in enumerate(MOMENTS):
        book.do({"on": on, "verb": "appoint", "actor": f"collector:k{number}"})
        assert appointed(embedded_lender, f"collector:k{number}") == moment


def test_it_goes_on_just_after_what_another_process_wrote(embedded_lender):
    diary(embedded_lender).do({"on": "2026-02-03T18:00:00+08:00", "verb": "appoint", "actor": "collector:k1"})
    diary(embedded_lender).do({"on": "2026-02-03", "verb": "appoint", "actor": "collector:k2"})
    assert appointed(embedded_lender, "collector:k2") == "2026-02-03T18:00:01"


def test_it_means_now_without_a_date(embedded_lender):
    before = embedded_lender.clock.now()
    diary(embedded_lender).do({"verb": "appoint", "actor": "collector:k1"})
    entry = embedded_lender.vault.history("collector:k1").entries[-1]
    assert abs(entry.time / 1000 - before.timestamp()) < 60


BAD = [
    ({"verb": "dance"}, "verb"),
    ({}, "verb"),
    ({"verb": 7}, "verb"),
    ({"verb": "appoint", "on": "yesterday", "actor": "collector:k1"}, "on"),
    ({"verb": "appoint", "on": "2026-02-30", "actor": "collector:k1"}, "on"),
    ({"verb": "appoint", "on": "2026-02-03T10:00:00", "actor": "collector:k1"}, "on"),
    ({"verb": "appoint", "on": 20260203, "actor": "collector:k1"}, "on"),
    ({"verb": "appoint", "on": "2026-02-03"}, "actor"),
    ({"verb": "appoint", "on": "2026-02-03", "actor": "collector:k1", "colour": "red"}, "colour"),
]


@pytest.mark.parametrize(("line", "where"), BAD, ids=lambda value: str(value)[:40])
def test_it_names_the_field_that_makes_no_sense(embedded_lender, line, where):
    with pytest.raises(BadInput) as raised:
        diary(embedded_lender).do(line)
    assert raised.value.where == where


def test_every_verb_is_asked_strictly_and_its_answer_is_a_document(embedded_lender):
    from shouxin.usecases.oversight.verbs import VERBS

    assert embedded_lender.policy
    for name, verb in VERBS.items():
        schema = verb.request.model_json_schema()
        assert verb.request.model_config["extra"] == "forbid" or name == "apply", name
        assert "on" not in schema["properties"], f"{name}: `on` is the story's own"
        assert "verb" not in schema["properties"], name


def reads(lender, now, **settings):
    """The same lender on a machine whose own clock says `now`."""
    from dataclasses import replace

    from shouxin.adapters.clock import FixedClock

    return replace(lender, present=FixedClock(now), settings=replace(lender.settings, **settings))


NOW = datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI)
AHEAD = [
    # how far ahead of the machine's clock, the lender's public address → taken or not
    (timedelta(days=400), "", True),
    (timedelta(days=400, seconds=1), "", False),
    (timedelta(days=3650), "", False),
    (timedelta(seconds=300), "https://lender.example", True),
    (timedelta(seconds=301), "https://lender.example", False),
    (timedelta(days=30), "http://127.0.0.1:8000", True),
]


@pytest.mark.parametrize(("ahead", "site", "taken"), AHEAD, ids=str)
def test_it_takes_no_date_that_would_lock_the_log(embedded_lender, ahead, site, taken):
    book = diary(reads(embedded_lender, NOW, site=site))
    line = {"verb": "appoint", "actor": "collector:k1", "on": (NOW + ahead).isoformat()}
    if taken:
        book.do(line)
    else:
        with pytest.raises(BadInput) as raised:
            book.do(line)
        assert raised.value.where == "on"
    assert (embedded_lender.vault.last_moment() > NOW) is taken


def test_a_line_without_a_date_stands_where_the_call_stands(embedded_lender):
    book = diary(reads(embedded_lender, NOW).at(NOW + timedelta(days=399)))
    assert book.do({"verb": "appoint", "actor": "collector:k1"})
