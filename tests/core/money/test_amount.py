import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.money import LARGEST, MoneyError, format_amount, minor_digits, parse_amount

CURRENCIES = ("CNY", "JPY", "KWD", "CLF")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12000.00", "CNY", 1_200_000),
        ("12000", "CNY", 1_200_000),
        ("0.1", "CNY", 10),
        ("0", "CNY", 0),
        ("12000", "JPY", 12_000),
        ("1.005", "KWD", 1_005),
        ("92233720368547758.07", "CNY", LARGEST),
    ],
)
def test_it_reads_a_decimal_string_as_minor_units(text, currency, minor):
    assert parse_amount(text, currency, where="principal") == minor


@pytest.mark.parametrize(
    ("text", "currency", "says"),
    [
        (12000, "CNY", "not a number"),
        (12000.5, "CNY", "not a number"),
        (None, "CNY", "not a number"),
        (True, "CNY", "not a number"),
        ("-1.00", "CNY", "negative"),
        ("1.005", "CNY", "2 decimals"),
        ("1.5", "JPY", "0 decimals"),
        ("1e3", "CNY", "decimal string"),
        ("+1", "CNY", "decimal string"),
        ("1,000.00", "CNY", "decimal string"),
        (" 1", "CNY", "decimal string"),
        ("1\n", "CNY", "decimal string"),
        (".5", "CNY", "decimal string"),
        ("5.", "CNY", "decimal string"),
        ("007", "CNY", "decimal string"),
        ("１２", "CNY", "decimal string"),
        ("", "CNY", "decimal string"),
        ("9" * 5000, "CNY", "decimal string"),
        ("92233720368547758.08", "CNY", "64 bits"),
        ("1.00", "XYZ", "currency"),
    ],
)
def test_it_refuses_what_is_no_amount_and_names_the_field(text, currency, says):
    with pytest.raises(MoneyError) as refused:
        parse_amount(text, currency, where="principal")
    assert says in f"{refused.value.where} {refused.value.message}"
    assert refused.value.where.startswith("principal")


def test_it_lets_a_sign_through_only_where_one_is_allowed():
    assert parse_amount("-1.50", "CNY", where="change", signed=True) == -150


@given(st.integers(-LARGEST, LARGEST), st.sampled_from(CURRENCIES))
def test_it_writes_what_it_reads_back_unchanged(minor, currency):
    text = format_amount(minor, currency)
    assert parse_amount(text, currency, where="x", signed=True) == minor
    decimals = text.partition(".")[2]
    assert len(decimals) == minor_digits(currency)


def test_it_refuses_to_write_an_unknown_currency():
    with pytest.raises(MoneyError):
        format_amount(1, "cny")
