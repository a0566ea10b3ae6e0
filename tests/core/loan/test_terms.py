from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.loan import terms
from shouxin.core.loan.agreed import CIVIL_CODE_561, Group, Part
from shouxin.core.loan.terms import TermsError
from tests.core.loan.loans import AI_LI, agreed


def refused(**changed):
    with pytest.raises(TermsError) as caught:
        agreed(**changed)
    return caught.value


def test_it_reads_the_terms_of_a_loan():
    loan = agreed()
    assert loan.principal_minor == 1_200_000
    assert loan.annual == Fraction(144, 1000)
    assert loan.disbursed_on == date(2026, 6, 10)
    assert loan.delinquency.bucket(14) == "M1"


def test_it_allocates_by_the_civil_code_unless_agreed_otherwise():
    costs_first = (Part.FEE, Part.PENALTY, Part.INTEREST, Part.PRINCIPAL)
    assert tuple((group, part) for group in Group for part in costs_first) == CIVIL_CODE_561
    assert agreed().allocation == CIVIL_CODE_561


@pytest.mark.parametrize(
    ("changed", "where", "says"),
    [
        ({"principal": 12000}, "principal", "not a number"),
        ({"principal": "0"}, "principal", "more than zero"),
        ({"principal": "12000.001"}, "principal", "2 decimals"),
        ({"principal": None}, "principal", "missing"),
        ({"currency": None}, "currency", "missing"),
        ({"currency": "cny"}, "currency", "ISO 4217"),
        ({"disbursed_on": "10 June"}, "disbursed_on", "date"),
        ({"instalments": "12"}, "instalments", "whole number"),
        ({"instalments": True}, "instalments", "whole number"),
        ({"instalments": 0}, "instalments", "whole number"),
        ({"instalments": None}, "instalments", "missing"),
        ({"every": "monthly"}, "every", "must be such as"),
        ({"rate": None}, "rate.annual", "exactly one"),
        ({"rate": {"annual": 0.144}}, "rate.annual", "not a number"),
        ({"rate": {"annual": "14.4%", "daily": "0.04%"}}, "rate.annual", "exactly one"),
        ({"rate": {"annual": "14.4%", "weekly": "1%"}}, "rate.weekly", "unknown key"),
        ({"rate": "14.4%"}, "rate", "object"),
        ({"colour": "red"}, "colour", "unknown key"),
        ({"first_due": "2026-06-09"}, "first_due", "before disbursed_on"),
        ({"disbursed_on": "9999-06-10"}, "instalments", "9999"),
        ({"month_end": "roll"}, "month_end", "one of"),
        ({"month_end": "next_month", "every": "2 weeks"}, "month_end", "says nothing"),
        ({"every": "half month"}, "first_due", "16th"),
        ({"rounding": {"unit": "0.001"}}, "rounding.unit", "2 decimals"),
        ({"rounding": {"digits": 2}}, "rounding.digits", "unknown key"),
        ({"allocation": ["due.fee"]}, "allocation", "each once"),
        ({"allocation_by": "row"}, "allocation_by", "one of"),
        ({"penalty": {"annual": "21.6%"}}, "penalty.of", "missing"),
        ({"penalty": {"of": "overdue"}}, "penalty.annual", "exactly one"),
        ({"delinquency": {"buckets": [{"from": 1}]}}, "delinquency.buckets[0].code", "missing"),
        ({"delinquency": {"buckets": [{"code": "M1", "from": "1"}]}}, "delinquency.buckets[0].from", "whole number"),
        (
            {"delinquency": {"buckets": [{"code": "A", "from": 5}, {"code": "B", "from": 1}]}},
            "delinquency.buckets",
            "asc",
        ),
        ({"due_dates": ["2026-07-10"]}, "instalments", "replaces"),
    ],
)
def test_it_names_the_key_that_is_wrong_and_what_is_wrong_with_it(changed, where, says):
    error = refused(**changed)
    assert error.where == where
    assert says in error.message


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"amortisation": "equal_principal"}, "amortisation"),
        ({"amortisation": "bullet"}, "amortisation"),
        ({"amortisation": "flat"}, "amortisation"),
        ({"amortisation": "fixed_payment"}, "amortisation"),
        ({"amortisation": "add_on"}, "amortisation"),
        ({"day_count": "ACT/ACT"}, "day_count"),
        ({"odd_days": "spread"}, "odd_days"),
        ({"after_due": "accrues"}, "after_due"),
        ({"advance": "re_amortise"}, "advance"),
        ({"advance": "credit"}, "advance"),
        ({"rate": {"annual": "14%", "changes": [{"from": "2026-09-01", "annual": "12%"}]}}, "rate.changes"),
        ({"rounding": {"residual": "fitted"}}, "rounding.residual"),
        ({"rounding": {"interest_when": "day"}}, "rounding.interest_when"),
        ({"rounding": {"interest_unit": "0.01"}}, "rounding.interest_unit"),
        ({"draws": [{"on": "2026-07-01", "amount": "1.00"}]}, "draws"),
        ({"down_payment": "25%"}, "down_payment"),
        ({"grace": {"principal": 1}}, "grace"),
        ({"fees": [{"code": "x", "amount": "1.00", "at": "each_due"}]}, "fees"),
        ({"late_fee": {"amount": "5.00"}}, "late_fee"),
        ({"bounce_fee": {"amount": "5.00"}}, "bounce_fee"),
        ({"caps": {"daily": "0.8%"}}, "caps"),
        ({"recalculate": {"rest": "daily"}}, "recalculate"),
        ({"payment": "100.00"}, "payment"),
        ({"instalments": None, "due_dates": ["2026-07-10"]}, "due_dates"),
    ],
)
def test_it_says_so_when_it_knows_a_key_and_cannot_compute_it_yet(changed, where):
    error = refused(**changed)
    assert error.where == where
    assert "not supported yet" in error.message


def test_it_puts_the_name_of_the_document_before_the_key():
    with pytest.raises(TermsError, match=r"^line 3\.principal: "):
        terms.parse(AI_LI | {"principal": 5}, where="line 3")


@pytest.mark.parametrize("document", [None, [], "terms", 5, {1: 2}])
def test_it_refuses_what_is_no_object(document):
    with pytest.raises(TermsError):
        terms.parse(document)


def test_it_takes_an_empty_list_of_fees_for_what_it_says():
    assert agreed(fees=[]) == agreed()


@pytest.mark.parametrize(
    ("rate", "day_count", "annual"),
    [
        ({"annual": "14.40%"}, "period", Fraction(144, 1000)),
        ({"period": "1.2%"}, "period", Fraction(144, 1000)),
        ({"daily": "0.04%"}, "ACT/365F", Fraction(4 * 365, 10_000)),
        ({"daily": "0.04%"}, "ACT/360", Fraction(4 * 360, 10_000)),
        ({"annual": "0.08/12"}, "period", Fraction(8, 1200)),
    ],
)
def test_it_keeps_one_exact_yearly_rate(rate, day_count, annual):
    assert agreed(rate=rate, day_count=day_count).annual == annual


@pytest.mark.parametrize(("days", "code"), [(0, "M0"), (1, "M1"), (30, "M1"), (31, "M2"), (400, None)])
def test_it_puts_a_day_of_two_buckets_into_the_later_one(days, code):
    edges = [
        {"code": "M0", "from": 0, "to": 1},
        {"code": "M1", "from": 1, "to": 31},
        {"code": "M2", "from": 31, "to": 61},
    ]
    assert agreed(delinquency={"buckets": edges}).delinquency.bucket(days) == code


LOANS = st.fixed_dictionaries(
    {
        "principal": st.integers(1, 10**9).map(lambda minor: f"{minor // 100}.{minor % 100:02d}"),
        "instalments": st.integers(1, 36),
        "every": st.sampled_from(["1 month", "2 weeks", "15 days", "3 months"]),
        "day_count": st.sampled_from(["period", "ACT/365F", "ACT/360", "30/360", "30E/360"]),
        "rate": st.integers(0, 3600).map(lambda points: {"annual": f"{points // 100}.{points % 100:02d}%"}),
        "advance": st.sampled_from(["next", "last"]),
        "level_from": st.sampled_from(["exact", "whole_periods"]),
        "allocation_by": st.sampled_from(["instalment", "component"]),
        "rounding": st.fixed_dictionaries({"mode": st.sampled_from(["half_even", "half_up", "up", "down"])}),
    }
)


@given(LOANS)
def test_it_writes_terms_that_it_reads_back_equal(changed):
    loan = agreed(**changed)
    assert terms.parse(terms.to_doc(loan)) == loan


def test_it_writes_dates_of_their_own_back_too():
    loan = agreed(instalments=None, due_dates=["2026-07-01", "2026-07-20"], day_count="ACT/365F", first_due=None)
    assert terms.parse(terms.to_doc(loan)) == loan
    assert loan.instalments == 2
