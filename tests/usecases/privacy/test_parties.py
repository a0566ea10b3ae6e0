"""A contract with a party: until which day it may run."""

import pytest

from shouxin.usecases.lender import BadInput


def engaged(lender, until):
    from shouxin.usecases.privacy.party import Engage, engage

    return engage(lender, Engage.read({"party": "agency:a07", "until": until}))


@pytest.mark.parametrize("until", ["9999-12-31", "0001-01-01", "1969-12-31"])
def test_it_takes_no_last_day_that_cannot_be_counted(embedded_lender, until):
    with pytest.raises(BadInput) as raised:
        engaged(embedded_lender, until)
    assert raised.value.where == "until"


def test_it_takes_a_last_day_ahead_and_refuses_one_that_is_over(embedded_lender):
    assert engaged(embedded_lender, "2001-01-01").reason == "expired"
    assert engaged(embedded_lender, "9999-12-30").entry == 1
