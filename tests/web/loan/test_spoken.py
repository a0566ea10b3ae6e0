"""Amounts in Chinese words, as a receipt writes them, against a plain counting of the digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.web.portal.loan.spoken import in_words

AMOUNTS = [
    ("0.00", "零元整"),
    ("0.05", "伍分"),
    ("0.50", "伍角整"),
    ("1.00", "壹元整"),
    ("10.00", "壹拾元整"),
    ("1087.84", "壹仟零捌拾柒元捌角肆分"),
    ("1000.04", "壹仟元零肆分"),
    ("12000.00", "壹万贰仟元整"),
    ("10001.10", "壹万零壹元壹角整"),
    ("100000.00", "壹拾万元整"),
    ("10000000.00", "壹仟万元整"),
    ("10010010.00", "壹仟零壹万零壹拾元整"),
    ("100000001.00", "壹亿零壹元整"),
]


@pytest.mark.parametrize("row", AMOUNTS, ids=[amount for amount, _ in AMOUNTS])
def test_it_writes_an_amount_as_a_receipt_does(row):
    amount, said = row
    assert in_words(amount) == said


@given(st.integers(0, 10**12 - 1))
def test_it_can_be_read_back(minor):
    assert read(in_words(f"{minor // 100}.{minor % 100:02}")) == minor


def read(said: str) -> int:
    """The minor units of an amount in words."""
    places, groups = {"拾": 10, "佰": 100, "仟": 1000}, {"万": 10**4, "亿": 10**8}
    whole, total, group, digit = 0, 0, 0, 0
    for sign in said.replace("零", "").removesuffix("整"):
        if sign in places:
            group, digit = group + digit * places[sign], 0
        elif sign in groups:
            total, group, digit = total + (group + digit) * groups[sign], 0, 0
        elif sign == "元":
            whole, total, group, digit = total + group + digit, 0, 0, 0
        elif sign in "角分":
            total, digit = total + digit * (10 if sign == "角" else 1), 0
        else:
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
    return whole * 100 + total
