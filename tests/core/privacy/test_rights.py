"""By when a right is answered: only a rule gives a number, the shortest counts, and none is none."""

from dataclasses import replace
from datetime import date

import pytest

from shouxin.core.privacy import rights
from shouxin.core.privacy.entry import check_record
from shouxin.core.privacy.rights import OUTCOMES, RIGHTS, clock_of
from shouxin.core.rules.refusal import Reason
from shouxin.policy import folder
from shouxin.policy.load import load

POLICY = load(folder())
RULES = POLICY.rules.on(date(2026, 11, 24))


@pytest.mark.parametrize(
    ("right", "days", "rule"),
    [
        ("access", 30, "CN.GBT35273"),
        ("correction", 30, "CN.GBT35273"),
        ("erasure", 30, "CN.GBT35273"),
        ("next_of_kin", 30, "CN.GBT35273"),
        ("human_review", 7, "HOUSE.REVIEW"),
    ],
)
def test_it_takes_the_shortest_clock_and_says_whose_it_is(right, days, rule):
    clock = clock_of(RIGHTS[right], RULES)
    assert (clock.days, clock.rule.id) == (days, rule)
    assert clock.due(date(2026, 11, 24)) == date.fromordinal(date(2026, 11, 24).toordinal() + days)


def test_it_says_of_a_number_from_memory_that_it_is_from_memory():
    rule = clock_of(RIGHTS["access"], RULES).rule
    assert rule.needs_legal_check and rule.unseen["en"] and rule.force == "recommended_standard"


def test_it_invents_no_number_where_no_rule_gives_one():
    silent = [rule for rule in RULES if rule.check not in rights.CHECKS]
    assert {clock_of(right, silent) for right in RIGHTS.values()} == {None}
    assert rights.remind_before(silent) is None


def test_a_house_may_be_quicker_and_not_slower_than_the_standard():
    slow = [replace(rule, params={"days": 90}) if rule.check == rights.REVIEW_CLOCK else rule for rule in RULES]
    assert clock_of(RIGHTS["human_review"], slow).days == 30


def test_every_right_has_an_answer_and_every_answer_is_a_record():
    assert OUTCOMES.keys() == RIGHTS.keys()
    for name, outcomes in OUTCOMES.items():
        check_record({"v": 1, "time": 1, **rights.requested(name)})
        for outcome in outcomes:
            check_record({"v": 1, "time": 1, **rights.answered(2, outcome)})


def test_every_right_and_answer_is_said_in_both_languages():
    for lang in ("zh", "en"):
        said = POLICY.sentences[lang]
        assert {f"right.{name}" for name in RIGHTS} <= said.keys()
        assert {f"right_outcome.{one}" for outcomes in OUTCOMES.values() for one in outcomes} <= said.keys()
        assert f"reason.{Reason.NOT_DECIDED.value}" in said
