"""The rulings against a second opinion that goes minute by minute."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.core.outreach.may_contact import may_contact
from shouxin.core.outreach.question import CHANNELS, OUTCOMES, History, Pause, Promise, Question
from shouxin.core.outreach.stream import Stream
from tests.core.outreach import oracle
from tests.core.outreach.cast import BOOK

START = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)  # both zones below change their clocks soon after
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Europe/London")]
PEOPLE = {"debtor": ["ai", "bao"], "guarantor": ["gu"], "contact_person": ["dan", "fang"], "other": ["who"]}
ONE_MINUTE = timedelta(minutes=1)

minutes = st.integers(0, 12 * 24 * 60)
moments = minutes.map(lambda count: START + count * ONE_MINUTE)
busy_moments = st.tuples(st.integers(0, 11), st.integers(0, 14 * 6)).map(
    lambda pair: START.replace(hour=0) + timedelta(days=pair[0], minutes=10 * pair[1])
)
outcomes = st.sampled_from([None, *OUTCOMES]) | st.sampled_from(["no_answer", "connected", "busy"])


@st.composite
def questions(draw: st.DrawFn, zone: ZoneInfo) -> Question:
    party = draw(st.sampled_from(["debtor", "debtor", "debtor", *PEOPLE]))
    person = draw(st.sampled_from(PEOPLE[party]))
    return Question(
        case=draw(st.sampled_from(["c1", "c1", "c2"])),
        person=person,
        party=party,
        point=f"{person}-{draw(st.sampled_from('11112'))}",
        channel=draw(st.sampled_from(["call", "call", "call", *CHANNELS])),
        at=draw(busy_moments | moments),
        zone=zone,
        dpd=draw(st.sampled_from([14, 14, 14, 0])),
        outcome=draw(outcomes),
        source=draw(st.sampled_from(["on_file"] * 9 + ["other"])),
        debtor_states=draw(st.sampled_from([frozenset[str]()] * 9 + [frozenset({"dead"})])),
        promises=tuple(draw(st.lists(promises(), max_size=2))) if draw(st.booleans()) else (),
        asked_for=draw(st.sampled_from([False] * 4 + [True])),
    )


@st.composite
def promises(draw: st.DrawFn) -> Promise:
    on = START.date() + timedelta(days=draw(st.integers(-40, 11)))
    return Promise(on, on + timedelta(days=draw(st.integers(0, 12) | st.integers(25, 60))))


@st.composite
def pauses(draw: st.DrawFn) -> Pause:
    start = draw(moments)
    until = draw(st.none() | st.integers(1, 3000).map(lambda count: start + count * ONE_MINUTE))
    return Pause(draw(st.sampled_from(["c1", "c2"])), start, until)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(ZONES))
def test_it_agrees_with_the_minute_by_minute_opinion(data: st.DataObject, zone: ZoneInfo) -> None:
    made = tuple(question.made() for question in data.draw(st.lists(questions(zone), max_size=14)))
    held = tuple(data.draw(st.lists(pauses(), max_size=1)))
    asked = data.draw(questions(zone))
    ruling = may_contact(asked, History(made, held), BOOK)
    assert ruling.allow == oracle.permitted(asked, made, held)
    found = ruling.next_permitted
    end = found if found is not None else asked.at + timedelta(days=5)
    moment = asked.at
    while moment < end:
        assert not oracle.permitted(replace(asked, at=moment), made, held), moment
        moment += 7 * ONE_MINUTE if end - moment > timedelta(hours=2) else ONE_MINUTE
    if found is not None:
        assert oracle.permitted(replace(asked, at=found), made, held)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(ZONES))
def test_it_lets_no_sequence_of_allowed_contacts_break_a_cap(data: st.DataObject, zone: ZoneInfo) -> None:
    stream = Stream(BOOK)
    allowed = [
        question
        for question in data.draw(st.lists(questions(zone), min_size=10, max_size=60))
        if stream.ask(question).allow
    ]
    answered: Counter[object] = Counter()
    unanswered: Counter[object] = Counter()
    messages: Counter[object] = Counter()
    asked_in_all: Counter[object] = Counter()
    for one in allowed:
        day = one.at.astimezone(zone).date()
        assert 8 <= one.at.astimezone(zone).hour < 22
        assert one.party != "other"
        messages[one.person, day] += one.channel in oracle.MESSAGES
        if one.channel == "call":
            answered[one.person, day] += one.outcome in oracle.ANSWERED and one.party in oracle.OWING
            unanswered[one.point, day] += one.outcome in oracle.UNANSWERED
        asked_in_all[one.case, one.person] += one.party == "contact_person"
    for counts, most in ((answered, 3), (unanswered, 6), (messages, 1), (asked_in_all, 3)):
        assert max(counts.values(), default=0) <= most


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(ZONES))
def test_it_answers_a_stream_as_it_answers_with_the_whole_history(data: st.DataObject, zone: ZoneInfo) -> None:
    stream = Stream(BOOK)
    history = History()
    for question in data.draw(st.lists(questions(zone), max_size=25)):
        ruling = may_contact(question, history, BOOK)
        assert stream.ask(question) == ruling
        if ruling.allow:
            history = History((*history.attempts, question.made()))
