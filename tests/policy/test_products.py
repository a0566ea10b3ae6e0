"""The product as shipped, filled in by a loan, is terms that the loan room reads."""

from shouxin.core.loan import schedule, terms
from shouxin.policy import folder
from shouxin.policy.load import load

PRODUCT = load(folder()).products["instalment"]


def test_it_becomes_whole_terms_that_give_the_published_schedule() -> None:
    document = PRODUCT.filled(
        principal="12000.00", disbursed_on="2026-07-12", annual_ppm=144_000, instalments=12, cap_ppm=240_000
    )
    assert document["penalty"] == {"annual": "21.6000%", "of": "overdue_principal"}
    plan = schedule.build(terms.parse(document))
    totals = [row.total for row in plan.rows]
    assert totals == [107_971] * 11 + [107_964]
    assert sum(totals) == 1_295_645


def test_it_keeps_penalty_interest_under_the_cap_on_the_whole_cost() -> None:
    document = PRODUCT.filled(
        principal="1000.00", disbursed_on="2026-07-12", annual_ppm=200_000, instalments=3, cap_ppm=240_000
    )
    assert document["penalty"] == {"annual": "24.0000%", "of": "overdue_principal"}


def test_it_puts_each_late_day_into_one_bucket() -> None:
    document = PRODUCT.filled(principal="1000.00", disbursed_on="2026-07-12", annual_ppm=0, instalments=3)
    delinquency = terms.parse(document).delinquency
    days = {1: "M1", 30: "M1", 31: "M2", 60: "M2", 61: "M3", 90: "M3", 91: "M4+", 4000: "M4+"}
    assert {day: delinquency.bucket(day) for day in days} == days
    assert delinquency.bucket(0) is None
