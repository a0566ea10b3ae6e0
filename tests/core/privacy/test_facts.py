"""What a chain says: the fold, its snapshot, and what a history can't carry."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.privacy.entry import KINDS, RecordError, check_record
from shouxin.core.privacy.facts import Facts, fold, from_doc, to_doc, violation

USE = {"actor": "collector:b0", "fields": ["phone"], "forms": ["plain"], "rules": [], "policy": "p"}


def entry(kind, time=1000, **keys):
    return {"v": 1, "kind": kind, "time": time, **keys}


def told(*records):
    facts = Facts()
    for record in records:
        check_record(record)
        assert violation(facts, record) is None, record
        facts = fold(facts, record)
    return facts


ENROLLED = entry("enrolled", **{"as": "borrower"})
CONSENTED = entry("consented", purpose="marketing", notice="marketing", version="1")
AGREED = entry("agreed", contract="L1", terms="ab")
CASE = entry("case_opened", case="C-1")


def used(purpose, basis, **keys):
    return entry("used", purpose=purpose, basis=basis, **USE, **keys)


def test_it_carries_a_use_under_a_living_consent():
    assert violation(told(ENROLLED, CONSENTED), used("marketing", ["consent", 2])) is None


LACKING = [
    # what the history holds, then the use, then why it can't stand
    ("no consent", [ENROLLED], used("marketing", ["consent", 2]), "no_basis"),
    ("another's consent", [ENROLLED, CONSENTED], used("hardship", ["consent", 2]), "no_basis"),
    (
        "withdrawn",
        [ENROLLED, CONSENTED, entry("withdrawn", purpose="marketing", consent=2)],
        used("marketing", ["consent", 2]),
        "after_withdrawal",
    ),
    ("no contract", [ENROLLED], used("servicing", ["contract", 2]), "no_basis"),
    (
        "ended contract",
        [ENROLLED, AGREED, entry("ended", contract=2)],
        used("servicing", ["contract", 2]),
        "no_basis",
    ),
    ("no case", [ENROLLED, AGREED], used("collection", ["contract", 2]), "no_case"),
    (
        "closed case",
        [ENROLLED, AGREED, CASE, entry("case_closed", case=3, why="cured")],
        used("collection", ["contract", 2], case=3, grant=4),
        "no_case",
    ),
    ("no grant", [ENROLLED, AGREED, CASE], used("collection", ["contract", 2], case=3), "no_grant"),
    (
        "another's grant",
        [ENROLLED, AGREED, CASE, entry("granted", case=3, to="collector:zz")],
        used("collection", ["contract", 2], case=3, grant=4),
        "no_grant",
    ),
    (
        "recalled grant",
        [
            ENROLLED,
            AGREED,
            CASE,
            entry("granted", case=3, to="collector:b0"),
            entry("recalled", grant=4),
        ],
        used("collection", ["contract", 2], case=3, grant=4),
        "no_grant",
    ),
    ("a duty that isn't one", [ENROLLED], used("identity_check", ["duty", "CN.X"]), "no_basis"),
    ("staff's own request", [ENROLLED], used("own_request", ["own_request"]), "no_basis"),
    ("an unknown purpose", [ENROLLED], used("gossip", ["consent", 2]), "no_basis"),
    ("time backwards", [ENROLLED], entry("notice_shown", 999, notice="n", version="1"), "time_backwards"),
    ("after closing", [ENROLLED, entry("closed")], CONSENTED, "after_closing"),
    ("a second beginning", [ENROLLED], ENROLLED, "malformed"),
    ("no beginning", [], CONSENTED, "malformed"),
    ("a case out of nowhere", [ENROLLED], entry("granted", case=7, to="x"), "malformed"),
]


@pytest.mark.parametrize(("what", "history", "record", "reason"), LACKING, ids=[row[0] for row in LACKING])
def test_it_says_what_the_history_lacks(what, history, record, reason):
    check_record(record)
    assert violation(told(*history), record) == reason


def test_it_carries_a_granted_use_and_a_grant_to_the_agency():
    granted = told(ENROLLED, AGREED, CASE, entry("granted", case=3, to="agency:a07"))
    by_agency = used("collection", ["contract", 2], case=3, grant=4, party="agency:a07")
    assert violation(granted, by_agency) is None
    by_other = used("collection", ["contract", 2], case=3, grant=4, party="agency:a08")
    assert violation(granted, by_other) == "no_grant"


def test_it_ends_grants_with_their_case():
    facts = told(
        ENROLLED,
        CASE,
        entry("granted", case=2, to="collector:b0"),
        entry("case_closed", case=2, why="cured"),
    )
    assert not facts.grants
    assert not facts.cases


def test_it_forgets_that_someone_was_out_of_reach_once_reached():
    tried = [entry("attempted", channel="call", outcome="no_answer", actor="a", rules=[])] * 3
    gone = entry("unreachable", rules=["R"], attempts=[2, 3, 4])
    facts = told(ENROLLED, *tried, gone)
    assert facts.unreachable == 5
    assert told(ENROLLED, *tried, gone, entry("reached", attempt=4)).unreachable == 0


def test_it_stands_on_attempts_of_this_history_only():
    assert violation(told(ENROLLED), entry("unreachable", rules=[], attempts=[2])) == "malformed"


@pytest.mark.parametrize("kind", KINDS)
def test_it_refuses_a_key_that_a_kind_does_not_have(kind):
    with pytest.raises(RecordError):
        check_record(entry(kind, gossip="x"))


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"kind": "gossip", "v": 1, "time": 1},
        {"kind": "closed", "v": 2, "time": 1},
        {"kind": "closed", "v": 1},
        {"kind": "closed", "v": 1, "time": True},
        {"kind": "closed", "v": 1, "time": -1},
        {"kind": "closed", "v": 1, "time": 2**53},
        {"kind": "stored", "v": 1, "time": 1, "fields": "phone"},
        {"kind": "stored", "v": 1, "time": 1, "fields": [["phone"]]},
        {"kind": "granted", "v": 1, "time": 1, "case": 0, "to": "x"},
    ],
)
def test_it_refuses_records_of_another_shape(record):
    with pytest.raises(RecordError):
        check_record(record)


STEPS = st.lists(
    st.sampled_from(
        ["consent", "withdraw", "agree", "end", "case", "close", "grant", "recall", "try", "reach", "store", "delete"]
    ),
    max_size=40,
)


def step(facts, word):
    """The record that this word means now, or None when the history can't carry it."""
    newest = max(facts.cases, default=0)
    bodies = {
        "consent": {"kind": "consented", "purpose": "marketing", "notice": "m", "version": "1"},
        "withdraw": {"kind": "withdrawn", "purpose": "marketing", "consent": facts.consents.get("marketing", 0)},
        "agree": {"kind": "agreed", "contract": "L", "terms": "t"},
        "end": {"kind": "ended", "contract": max(facts.contracts, default=0)},
        "case": {"kind": "case_opened", "case": f"C-{facts.n}"},
        "close": {"kind": "case_closed", "case": newest, "why": "cured"},
        "grant": {"kind": "granted", "case": newest, "to": "collector:b0"},
        "recall": {"kind": "recalled", "grant": max(facts.grants, default=0)},
        "try": {"kind": "attempted", "channel": "call", "outcome": "busy", "actor": "a", "rules": []},
        "reach": {"kind": "reached", "attempt": facts.attempts[-1].entry if facts.attempts else 0},
        "store": {"kind": "stored", "fields": ["phone", "name"]},
        "delete": {"kind": "deleted", "fields": ["phone"]},
    }
    record = {"v": 1, "time": facts.last_time + 1, **bodies[word]}
    return record if violation(facts, record) is None else None


@given(STEPS)
def test_it_reads_a_snapshot_back_as_the_fold(words):
    facts = fold(Facts(), ENROLLED)
    for word in words:
        record = step(facts, word)
        if record is not None:
            facts = fold(facts, record)
            assert from_doc(json.loads(json.dumps(to_doc(facts)))) == facts
    assert set(facts.grants) <= set(range(facts.n + 1))
    assert all(case in facts.cases for case, _ in facts.grants.values())
