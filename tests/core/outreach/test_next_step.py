"""What is next about a late payment, in tables that a collector can read."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.outreach.caps import tallies
from shouxin.core.outreach.may_contact import may_contact
from shouxin.core.outreach.next_step import Act, Standing, in_order, next_step
from shouxin.core.outreach.question import History
from shouxin.core.outreach.windows import hours
from shouxin.core.rules.ruling import Ruling
from tests.core.outreach.cast import AI_LI, BOOK, at, tried

YES = Ruling(allow=True, applied=(), next_permitted=at("11-24 10:00"))
LATER = Ruling(allow=False, applied=(), next_permitted=at("11-25 08:00"))
NEVER = Ruling(allow=False, applied=(), next_permitted=None)
CASE = Standing(case="C-7Q2F", dpd=14, paused=False, call=YES, message=YES, tried=True)
FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("changes", "act", "why"),
    [
        ({}, "call", "not_reached"),
        ({"reached": True}, "call", "agree_a_way"),
        ({"tried": False}, "message", "first_word"),
        ({"tried": False, "message": None}, "call", "not_reached"),
        ({"unanswered": 1}, "call", "not_reached"),
        ({"unanswered": 2}, "message", "no_answer_today"),
        ({"unanswered": 2, "message": LATER}, "call", "not_reached"),
        ({"broken": True}, "call", "promise_broken"),
        ({"broken": True, "call": LATER}, "message", "calls_are_over"),
        ({"promise": FRIDAY}, "wait", "promise_open"),
        ({"call": LATER}, "message", "calls_are_over"),
        ({"call": LATER, "message": None}, "wait", "not_now"),
        ({"call": NEVER, "message": NEVER}, "wait", "not_now"),
        ({"paused": True, "broken": True}, "nothing", "paused"),
        ({"paused": True, "promise": FRIDAY}, "nothing", "paused"),
    ],
)
def test_it_says_what_is_next_and_why(changes, act, why):
    step = next_step(replace(CASE, **changes))
    assert (step.act, step.why) == (act, why)


def test_it_waits_for_the_first_of_the_two_moments():
    later = replace(LATER, next_permitted=at("11-25 12:00"))
    assert next_step(replace(CASE, call=later, message=LATER)).until == at("11-25 08:00")
    assert next_step(replace(CASE, call=NEVER, message=None)).until is None


def test_it_puts_a_broken_promise_first_and_peace_last():
    cases = {
        "paused": replace(CASE, paused=True, dpd=90),
        "promised": replace(CASE, promise=FRIDAY, dpd=80),
        "tomorrow": replace(CASE, call=LATER, message=None, dpd=70),
        "fresh": replace(CASE, dpd=3),
        "late": replace(CASE, dpd=14),
        "broken": replace(CASE, broken=True, dpd=1),
    }
    order = in_order(replace(one, case=name) for name, one in cases.items())
    assert [one.case for one in order] == ["broken", "late", "fresh", "tomorrow", "promised", "paused"]


RULINGS = st.sampled_from([YES, LATER, NEVER])
STANDINGS = st.builds(
    Standing,
    case=st.text(max_size=3),
    dpd=st.integers(0, 400),
    paused=st.booleans(),
    call=RULINGS,
    message=st.none() | RULINGS,
    promise=st.none() | st.just(FRIDAY),
    broken=st.booleans(),
    tried=st.booleans(),
    reached=st.booleans(),
    unanswered=st.integers(0, 6),
)


@given(STANDINGS)
def test_it_never_sends_anybody_where_a_ruling_says_no(one):
    act = next_step(one).act
    assert act is not Act.CALL or (one.call.allow and not one.paused)
    assert act is not Act.MESSAGE or (one.message is not None and one.message.allow and not one.paused)


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
