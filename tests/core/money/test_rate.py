from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.money import (
    Mode,
    MoneyError,
    format_percent,
    parse_number,
    parse_rate,
    rate_text,
    round_ratio,
    whole_ppm,
)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("14.4%", Fraction(144, 1000)),
        ("9.4822%", Fraction(94822, 1_000_000)),
        ("0.144", Fraction(144, 1000)),
        ("0.08/12", Fraction(8, 1200)),
        ("0", Fraction(0)),
        ("1.2%/30", Fraction(12, 30_000)),
    ],
)
def test_it_reads_a_rate_exactly(text, rate):
    assert parse_rate(text, where="rate.annual") == rate


@pytest.mark.parametrize("text", [0.144, 14, "-1%", "14.4 %", "1/0", "1/2/3", "abc", "", "%", None, "1" * 61])
def test_it_refuses_what_is_no_rate(text):
    with pytest.raises(MoneyError, match=r"rate\.annual"):
        parse_rate(text, where="rate.annual")


def test_it_counts_contract_rates_in_parts_per_million_or_not_at_all():
    assert whole_ppm(Fraction(144, 1000), where="rate") == 144_000
    with pytest.raises(MoneyError, match="rate"):
        whole_ppm(Fraction(1, 3), where="rate")


@pytest.mark.parametrize(
    ("rate", "places", "text"),
    [
        (Fraction(144, 1000), 2, "14.40"),
        (Fraction(125, 100_000), 2, "0.13"),
        (Fraction(-5, 1000), 1, "-0.5"),
        (Fraction(1, 4), 0, "25"),
        (Fraction(1, 3), 9, "33.333333333"),
    ],
)
def test_it_writes_percent_half_up(rate, places, text):
    assert format_percent(rate, places=places) == text


@given(st.fractions(min_value=0, max_value=10, max_denominator=10**9))
def test_it_writes_a_rate_that_it_reads_back_exactly(rate):
    assert parse_rate(rate_text(rate), where="rate") == rate


def test_it_reads_signed_numbers_and_quotients_only_where_asked():
    assert parse_number("-14/365", where="amount", signed=True) == Fraction(-14, 365)
    for text in ("-1", "1/0", "x", 1):
        with pytest.raises(MoneyError, match="amount"):
            parse_number(text, where="amount")


@pytest.mark.parametrize(
    ("numerator", "half_even", "half_up", "up", "down"),
    [(5, 2, 3, 3, 2), (7, 4, 4, 4, 3), (4, 2, 2, 2, 2), (-5, -2, -3, -3, -2), (1, 0, 1, 1, 0), (0, 0, 0, 0, 0)],
)
def test_it_rounds_halves_as_the_terms_say(numerator, half_even, half_up, up, down):
    rounded = [round_ratio(numerator, 2, mode=mode) for mode in (Mode.HALF_EVEN, Mode.HALF_UP, Mode.UP, Mode.DOWN)]
    assert rounded == [half_even, half_up, up, down]


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.sampled_from([1, 5, 100]), st.sampled_from(list(Mode)))
def test_it_rounds_to_a_multiple_less_than_one_unit_away(numerator, denominator, unit, mode):
    rounded = round_ratio(numerator, denominator, unit=unit, mode=mode)
    away = abs(Fraction(rounded) - Fraction(numerator, denominator))
    assert rounded % unit == 0
    assert away < unit
    assert mode in (Mode.UP, Mode.DOWN) or away * 2 <= unit
