"""A history that was logged as it happened is believed, and what nobody can prove is said."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.assurance.little_log import Files
from shouxin.core.merkle.bundle import Bundle
from shouxin.core.merkle.person_key import PersonKey
from shouxin.verify import Verified
from shouxin.verify.verdict import CANNOT_PROVE, FIRST_KEY
from tests.verify.story import (
    DAY,
    HOUR,
    MINUTE,
    START,
    Story,
    agreed,
    check,
    enrolled,
    five_entries,
    honest,
    refusal,
    used,
)

GOLDEN = Path(__file__).parent / "golden" / "v1"


def test_it_believes_what_was_logged_as_it_happened():
    verdict = check(honest().files())
    assert isinstance(verdict, Verified)
    assert verdict.verdict == "nothing_unlawful_found"
    assert [one["kind"] for one in verdict.records] == ["enrolled", "agreed", "case_opened", "granted", "used"]


def test_it_answers_in_the_shape_of_the_contract():
    doc = check(honest().files()).to_doc()
    assert doc["ok"] is True
    assert doc["complete"] is True
    assert doc["entries"] == 5
    assert doc["witnesses"] == []
    assert {"origin", "size", "root", "time"} == set(doc["checkpoint"])


def test_it_says_to_everyone_what_cannot_be_proved():
    assert check(honest().files()).cannot_prove == CANNOT_PROVE
    assert "secret_by_law" in CANNOT_PROVE


def test_it_says_that_it_cannot_know_the_first_key_when_nobody_kept_the_first_leaf():
    files = honest().files()
    key = replace(PersonKey.parse(files.person), leaf_1=None)
    assert check(replace(files, person=key.encode())).cannot_prove == (*CANNOT_PROVE, FIRST_KEY)


def test_it_believes_five_entries_in_one_batch():
    story = Story()
    story.tell(*five_entries())
    assert isinstance(check(story.files()), Verified)


def test_it_believes_a_history_that_has_been_quiet_while_the_log_went_on():
    story = honest()
    for n in range(30):
        story.now += MINUTE
        story.scribe.log.append([(sha256(bytes([n])).digest(), bytes(32))], ms=story.now)
    assert isinstance(check(story.files()), Verified)


def test_it_believes_a_checkpoint_that_closes_an_empty_batch():
    story = honest()
    story.now += 3 * DAY
    story.scribe.log.append([], ms=story.now)
    assert isinstance(check(story.files(), at=story.now + HOUR), Verified)


def test_an_imported_entry_carries_an_older_time_and_the_logs_time_counts():
    story = Story().tell(enrolled()).tell(agreed() | {"imported_time": START - 300 * DAY})
    assert isinstance(check(story.files()), Verified)


@pytest.mark.parametrize(("late", "believed"), [(-300_000, True), (300_000, True), (300_001, False), (-300_001, False)])
def test_five_minutes_between_entry_and_epoch_are_the_limit(late, believed):
    story = Story().tell(enrolled(), late=late)
    if believed:
        assert isinstance(check(story.files()), Verified)
    else:
        assert refusal(story.files()) == ("late_entry", "entry 1")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), min_size=1, max_size=8))
def test_it_believes_any_honest_history_among_any_others(batches):
    story = Story()
    story.tell(enrolled(), agreed())
    for n, (mine, others) in enumerate(batches):
        story.now += MINUTE
        noise = [(sha256(b"%d %d" % (n, one)).digest(), bytes(32)) for one in range(others)]
        record = {"v": 1, "time": story.now} | used("servicing", ["contract", 2])
        story.write([record] * mine, others=noise)
    verdict = check(story.files())
    assert isinstance(verdict, Verified)
    assert len(verdict.records) == 2 + sum(mine for mine, _ in batches)


def test_it_spells_a_bundle_in_one_way():
    raw = honest().files().bundle
    assert Bundle.parse(raw).encode() == raw


def test_the_golden_history_verifies_for_ever():
    """Files of format version 1. If this fails, histories in people's hands have become worthless."""
    files = Files(*((GOLDEN / name).read_bytes() for name in ("bundle.json", "trust.json", "person.key")))
    verdict = check(files)
    assert isinstance(verdict, Verified)
    assert len(verdict.records) == 5
