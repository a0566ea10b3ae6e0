from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.loan import cost, schedule
from shouxin.core.loan.annual_rate import Flow, RateError, apr, solve
from tests.core.loan.loans import agreed, yuan


def test_it_says_the_cost_of_twelve_thousand_over_twelve_months():
    sheet = cost.cost_sheet(agreed())
    assert [yuan(n) for n in (sheet.borrow, sheet.repay, sheet.cost)] == ["12,000.00", "12,956.45", "956.45"]
    assert (sheet.percent, sheet.compound_percent, sheet.late_percent) == ("14.40", "15.39", "21.60")
    assert (yuan(sheet.level), yuan(sheet.last)) == ("1,079.71", "1,079.64")
    interest = {early.after: yuan(early.interest) for early in sheet.early}
    assert [interest[after] for after in (3, 6, 9, 12)] == ["398.18", "692.85", "880.25", "956.45"]


def test_it_lists_every_fee_although_none_is_charged():
    items = cost.to_doc(cost.cost_sheet(agreed()))["items"]
    assert [(item["code"], item["amount"], item["annual_percent"]) for item in items] == [
        ("interest", "956.45", "14.40"),
        ("guarantee", "0.00", "0.00"),
        ("service", "0.00", "0.00"),
        ("membership", "0.00", "0.00"),
        ("early_repayment", "0.00", "0.00"),
    ]


def test_it_puts_the_yearly_rate_beside_the_schedule():
    assert cost.schedule_doc(agreed())["apr"] == {"method": "cn_simple", "percent": "14.40"}


def test_it_names_no_late_rate_where_none_is_agreed():
    assert cost.cost_sheet(agreed(penalty=None)).late_percent is None


@pytest.mark.parametrize(
    ("document", "percent_9"),
    [
        ({"flows": [{"t": "0", "amount": "-100"}, {"t": "1", "amount": "101"}]}, "12.000000000"),
        ({"flows": [{"t": "0", "amount": "-100"}, {"t": "1", "amount": "100"}]}, "0.000000000"),
        ({"flows": [{"t": "0", "amount": "-100"}, {"t": "1", "amount": "50"}]}, "-600.000000000"),
        ({"flows": [{"t": "0", "amount": "-100"}, {"t": "2", "amount": "121"}], "every": "1 year"}, "10.000000000"),
        (
            {"flows": [{"t": "0", "amount": "-3500"}, {"t": "10", "amount": "10000"}], "method": "irr_period"},
            "11.069085371",
        ),
        (
            {
                "flows": [{"t": "0", "amount": "-100"}]
                + [{"t": str(n), "amount": a} for n, a in enumerate(("39", "59", "55", "20"), start=1)],
                "method": "irr_period",
            },
            "28.094842116",
        ),
        (
            {"flows": [{"t": "0", "amount": "-1/3"}, {"t": "1", "amount": "1/2"}], "method": "irr_period"},
            "50.000000000",
        ),
        (
            {"flows": [{"t": "0", "amount": "-100"}, {"t": "1/2", "amount": "110"}], "method": "irr_period"},
            "21.000000000",
        ),
        ({"flows": [{"t": "0", "amount": "100"}, {"t": "1", "amount": "-101"}]}, "12.000000000"),
    ],
)
def test_it_solves_for_the_rate_to_nine_decimals(document, percent_9):
    assert apr({"method": "cn_simple"} | document)["percent_9"] == percent_9


def test_it_repeats_a_payment_as_often_as_stated():
    flows = [{"t": "0", "amount": "-12000"}, {"t": "1", "amount": "1079.71", "repeat": 12, "step": "1"}]
    assert apr({"method": "cn_simple", "flows": flows})["percent_9"] == "14.400849263"


def test_it_says_no_root_when_money_flows_one_way_only():
    flows = [{"t": "0", "amount": "1"}, {"t": "1", "amount": "2"}]
    assert apr({"method": "irr_period", "flows": flows}) == {"percent": None, "reason": "no_root"}
    assert apr({"method": "irr_period", "flows": []})["percent"] is None


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({"flows": []}, "method"),
        ({"method": "uk_apr", "flows": []}, "method"),
        ({"method": "best", "flows": []}, "method"),
        ({"method": "cn_simple", "flows": [{"t": "0", "amount": 1}]}, "flows[0].amount"),
        ({"method": "cn_simple", "flows": [{"on": "2026-01-01", "amount": "1"}]}, "flows[0].on"),
        ({"method": "cn_simple", "flows": [{"t": "0", "amount": "1", "repeat": 3}]}, "flows[0].step"),
        ({"method": "cn_simple", "flows": [{"t": "-1", "amount": "1"}]}, "flows[0].t"),
        ({"method": "cn_simple", "flows": [{"t": "99999", "amount": "1"}]}, "flows[0].t"),
        ({"method": "cn_simple", "flows": {}, "every": "1 month"}, "flows"),
        ({"method": "cn_simple", "flows": [], "every": "monthly"}, "every"),
        ({"method": "cn_simple", "flows": [], "colour": "red"}, "colour"),
        (
            {"method": "cn_simple", "flows": [{"t": str(n), "amount": a} for n, a in enumerate(("-1", "3", "-2"))]},
            "flows",
        ),
    ],
)
def test_it_names_what_is_wrong_with_a_stream(document, where):
    with pytest.raises(RateError) as refused:
        apr(document)
    assert refused.value.where == where


@given(
    st.integers(1, 10**7),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any),
    st.sampled_from([Fraction(0), Fraction(17, 31)]),
)
def test_it_finds_a_rate_at_which_the_stream_is_worth_nothing(got, paid, odd):
    flows = [Flow(Fraction(0), Fraction(-got))] + [
        Flow(odd + n, Fraction(amount)) for n, amount in enumerate(paid, start=1)
    ]
    rate = solve(flows)
    half = Fraction(1, 2 * 10**11)

    def worth(growth):
        last = flows[-1].t
        return sum(float(flow.amount) * float(growth) ** float(last - flow.t) for flow in flows)

    if odd == 0 and rate > -1 + half:
        below, above = (_exact_worth(flows, 1 + rate - half), _exact_worth(flows, 1 + rate + half))
        assert below >= 0 > above or below == 0
    elif rate < 10:
        scale = sum(abs(float(flow.amount)) for flow in flows) * max(1.0, float(1 + rate)) ** float(flows[-1].t)
        assert abs(worth(1 + rate)) <= scale * 1e-6


def _exact_worth(flows, growth):
    last = flows[-1].t
    return sum(flow.amount * growth ** int(last - flow.t) for flow in flows)


@given(st.integers(1, 3600), st.integers(2, 48))
def test_it_finds_the_contract_rate_again_where_rounding_is_small(points, instalments):
    loan = agreed(
        principal="9000000.00", rate={"annual": f"{points // 100}.{points % 100:02d}%"}, instalments=instalments
    )
    rate = cost.annual_rate(schedule.build(loan))
    assert abs(rate - loan.annual) < Fraction(1, 10**6)


def test_it_counts_an_odd_first_period_by_its_part_of_a_month():
    long_first = cost.cost_sheet(agreed(first_due="2026-07-20"))
    assert long_first.items[0].amount > cost.cost_sheet(agreed()).items[0].amount
    assert abs(long_first.rate - Fraction(144, 1000)) < Fraction(1, 1000)
