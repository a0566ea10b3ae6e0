"""The strictest cap wins, and a cap by the prime rate is never guessed."""

import pytest

from shouxin.core.rules.limits import Cap, NoPrimeRate, line_cap, price_cap
from tests.core.rules.made import NIGHT, cap


def test_it_takes_the_strictest_price_and_names_who_sets_it() -> None:
    rules = [cap("A", annual_ppm=240_000), cap("B", annual_ppm=200_000), cap("C", annual_ppm=200_000), NIGHT]
    assert price_cap(rules) == Cap(200_000, ("B", "C"))


def test_it_gives_no_cap_where_no_rule_sets_one() -> None:
    assert price_cap([NIGHT]) is None
    assert line_cap([NIGHT], currency="CNY") is None


def test_it_multiplies_the_prime_rate_only_when_it_is_told() -> None:
    rules = [cap("A", annual_ppm=240_000), cap("B", lpr_multiple=4)]
    assert price_cap(rules, lpr_1y_ppm=30_000) == Cap(120_000, ("B",))
    with pytest.raises(NoPrimeRate):
        price_cap(rules)


def test_it_caps_a_line_in_its_own_currency() -> None:
    rules = [cap("A", max_minor=20_000_000, currency="CNY"), cap("B", max_minor=5, currency="USD")]
    assert line_cap(rules, currency="CNY") == Cap(20_000_000, ("A",))
