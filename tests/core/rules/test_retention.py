"""How long a field is kept."""

from datetime import date

import pytest

from shouxin.core.rules.retention import Retention, RetentionError, parse_retention


def test_it_reads_an_event_alone_as_gone_on_that_day() -> None:
    kept = parse_retention("loan_end")
    assert kept == Retention("loan_end")
    assert kept.until(date(2026, 11, 24)) == date(2026, 11, 24)


def test_it_reads_years_with_the_rule_that_asks_for_them() -> None:
    kept = parse_retention("relationship_end + 10 years by CN.AML.34")
    assert kept == Retention("relationship_end", 10, "CN.AML.34")
    assert kept.until(date(2026, 11, 24)) == date(2036, 11, 24)
    assert kept.until(date(2028, 2, 29)) == date(2038, 2, 28)


@pytest.mark.parametrize(
    "text", ["", "forever", "loan_end + 10 years", "loan_end + 0 years by CN.X", "loan_end + 100 years by CN.X"]
)
def test_it_refuses_what_is_not_a_retention(text: str) -> None:
    with pytest.raises(RetentionError):
        parse_retention(text)
