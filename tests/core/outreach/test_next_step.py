"""What is next about a late payment, in tables that a collector can read."""

import re
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.loan.promise import Word
from shouxin.core.outreach.caps import tallies
from shouxin.core.outreach.may_contact import may_contact
from shouxin.core.outreach.next_step import Act, Line, Standing, Why, in_order, next_step
from shouxin.core.outreach.question import History
from shouxin.core.outreach.windows import hours
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.ruling import BLOCK, Applied, Ruling
from shouxin.policy import folder
from shouxin.policy.load import load
from tests.core.outreach.cast import AI_LI, BOOK, SHANGHAI, at, tried

YES = Ruling(allow=True, applied=(), next_permitted=at("11-24 10:00"))
LATER = Ruling(allow=False, applied=(), next_permitted=at("11-25 08:00"))
NEVER = Ruling(allow=False, applied=(), next_permitted=None)
RESTS = Ruling(
    allow=False,
    applied=(Applied("HOUSE.PROMISE", "house_policy", BLOCK, Reason.PROMISE_RUNS),),
    next_permitted=at("11-28 08:00"),
)
TUESDAY = date(2026, 11, 24)
CASE = Standing(
    case="C-7Q2F",
    dpd=14,
    paused=False,
    call=YES,
    message=YES,
    today=TUESDAY,
    zone=SHANGHAI,
    opens=time(8),
    tried=True,
)
STEPS = load(folder()).steps

DAY = """
    nobody tried yet                            first_word       message
    nobody tried yet, no message                not_reached      call
    tried before                                not_reached      call
    reached on Monday                           agree_a_way      call
    reached today                               spoken           wait until 11-25 08:00
    written to today                            written          wait until 11-25 08:00
    written to on Monday                        not_reached      call
    one call today                              not_reached      call
    two calls today                             no_answer_today  message
    two calls today, no message                 enough_today     wait until 11-25 08:00
    two calls today, message later              enough_today     wait until 11-25 08:00
    two calls today, written to today           written          wait until 11-25 08:00
    five calls today, no message                enough_today     wait until 11-25 08:00
    promise runs                                promise_open     wait until 11-28 08:00
    promise runs, reached today                 promise_open     wait until 11-28 08:00
    promise broken                              promise_broken   call
    promise broken, two calls today             no_answer_today  message
    promise broken, written to today            written          wait until 11-25 08:00
    promise broken, call later                  calls_are_over   message
    promise kept in part                        promise_partly   call
    promise kept                                not_reached      call
    call later                                  calls_are_over   message
    call later, no message                      not_now          wait until 11-25 08:00
    call later, message later                   not_now          wait until 11-25 08:00
    call never, message never                   not_now          wait
    call never, message never, written to today written          wait
    at rest                                     paused           nothing
    at rest, promise broken                     paused           nothing
    at rest, promise runs                       paused           nothing
"""
"""Tuesday, 24 November, at ten. A collections lead can read it beside `policy/steps.toml`, and change both."""
SAID = {
    "nobody tried yet": {"tried": False},
    "tried before": {},
    "reached on Monday": {"reached": True, "spoken_on": date(2026, 11, 23)},
    "reached today": {"reached": True, "spoken_on": TUESDAY},
    "written to today": {"written_on": TUESDAY},
    "written to on Monday": {"written_on": date(2026, 11, 23)},
    "one call today": {"unanswered": 1},
    "two calls today": {"unanswered": 2},
    "five calls today": {"unanswered": 5},
    "promise runs": {"promise": Word.OPEN, "call": RESTS, "message": RESTS},
    "promise broken": {"promise": Word.BROKEN},
    "promise kept in part": {"promise": Word.PARTLY},
    "promise kept": {"promise": Word.KEPT},
    "no message": {"message": None},
    "message later": {"message": LATER},
    "message never": {"message": NEVER},
    "call later": {"call": LATER},
    "call never": {"call": NEVER},
    "at rest": {"paused": True},
}


def standing(said: str) -> Standing:
    """The case as a line of the table tells it."""
    changes = [SAID[part.strip()] for part in said.split(",")]
    return replace(CASE, **{name: value for one in changes for name, value in one.items()})


ROW = re.compile(r"(.+?) +([a-z]+(?:_[a-z]+)*) +(call|message|wait|nothing)(?: until (.+))?")
ROWS = [ROW.fullmatch(line.strip()).groups() for line in DAY.strip().splitlines()]


@pytest.mark.parametrize(("said", "why", "act", "until"), ROWS)
def test_it_says_what_is_next_and_why(said, why, act, until):
    step = next_step(standing(said), STEPS)
    assert (step.why, step.act, step.until) == (why, act, at(until) if until else None)


def test_it_reads_every_line_of_the_shipped_table():
    assert {why for _, why, _, _ in ROWS} == {line.why for line in STEPS} | {Why.PAUSED}


def test_it_counts_as_many_days_as_the_table_says():
    calmer = (Line(Act.WAIT, Why.WRITTEN, written_within=3), *STEPS)
    step = next_step(replace(CASE, written_on=date(2026, 11, 23)), calmer)
    assert (step.why, step.until) == ("written", at("11-26 08:00"))
    assert next_step(replace(CASE, written_on=date(2026, 11, 21)), calmer).why == "not_reached"


def test_it_waits_for_the_first_of_the_two_moments():
    later = replace(LATER, next_permitted=at("11-25 12:00"))
    assert next_step(replace(CASE, call=later, message=LATER), STEPS).until == at("11-25 08:00")
    assert next_step(replace(CASE, call=NEVER, message=None), STEPS).until is None


def test_it_puts_a_broken_promise_first_and_peace_last():
    cases = {
        "paused": replace(CASE, paused=True, dpd=90),
        "promised": replace(standing("promise runs"), dpd=80),
        "tomorrow": replace(CASE, call=LATER, message=None, dpd=70),
        "fresh": replace(CASE, dpd=3),
        "late": replace(CASE, dpd=14),
        "partly": replace(CASE, promise=Word.PARTLY, dpd=1),
        "broken": replace(CASE, promise=Word.BROKEN, dpd=2),
    }
    named = [replace(one, case=name) for name, one in cases.items()]
    order = in_order((one, next_step(one, STEPS)) for one in named)
    assert order == ["broken", "partly", "late", "fresh", "tomorrow", "promised", "paused"]


RULINGS = st.sampled_from([YES, LATER, NEVER, RESTS])
DAYS = st.none() | st.dates(date(2026, 11, 20), TUESDAY)
STANDINGS = st.builds(
    Standing,
    case=st.text(max_size=3),
    dpd=st.integers(0, 400),
    paused=st.booleans(),
    call=RULINGS,
    message=st.none() | RULINGS,
    today=st.just(TUESDAY),
    zone=st.just(SHANGHAI),
    opens=st.just(time(8)),
    promise=st.none() | st.sampled_from(Word),
    tried=st.booleans(),
    reached=st.booleans(),
    unanswered=st.integers(0, 6),
    written_on=DAYS,
    spoken_on=DAYS,
)


@given(STANDINGS)
def test_it_never_sends_anybody_where_a_ruling_says_no(one):
    act = next_step(one, STEPS).act
    assert act is not Act.CALL or (one.call.allow and not one.paused)
    assert act is not Act.MESSAGE or (one.message is not None and one.message.allow and not one.paused)


@given(STANDINGS)
def test_it_never_calls_on_a_day_of_two_calls_a_message_or_a_talk(one):
    act = next_step(one, STEPS).act
    assert act is not Act.CALL or (one.unanswered < 2 and TUESDAY not in (one.written_on, one.spoken_on))


def test_it_counts_as_the_caps_count():
    made = tuple(
        tried(outcome, f"11-24 {hour:02}:00") for hour, outcome in enumerate(("no_answer", "busy", "connected"), 8)
    )
    question = replace(AI_LI, at=at("11-24 12:00"))
    found = {one.check: (one.made, one.most) for one in tallies(question, History(made), BOOK.on(date(2026, 11, 24)))}
    assert found == {"connected_calls": (1, 3), "unanswered_dials": (2, 6)}
    full = History((*made, *(tried("connected", f"11-24 1{n}:00") for n in range(2))))
    assert {
        one.made for one in tallies(question, full, BOOK.on(date(2026, 11, 24))) if one.check == "connected_calls"
    } == {3}
    assert not may_contact(question, full, BOOK).allow


def test_it_knows_the_open_part_of_a_day():
    start, end = hours(BOOK.on(date(2026, 11, 24)), "call")
    assert (start.hour, end.hour) == (8, 22)
    assert hours((), "call") is None
