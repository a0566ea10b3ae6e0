import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.core.credit import ChangeKind, Facts, FactsError, Outcome, ReasonCode, decide, document
from shouxin.core.credit.grid import parse
from tests.core.credit.test_grid import GRID, changed

CAP, LINE = 240_000, 20_000_000

AI_LI = {
    "income_minor": 860_000,
    "obligations_minor": 215_000,
    "requested_minor": 2_000_000,
    "instalments": 12,
    "employment_stated": True,
}


def decided(grid=GRID, *, cap=CAP, line=LINE, **facts):
    return decide(Facts(**AI_LI | facts), parse(grid), price_cap_ppm=cap, line_cap_minor=line)


def codes(decision):
    return [reason.code.value for reason in decision.reasons]


def test_it_lends_ai_li_what_fits_her_month_and_says_why_not_more():
    decision = decided()
    month = decision.month
    assert (month.counted_minor, month.ceiling_minor, month.room_minor) == (817_000, 326_800, 111_800)
    assert (decision.outcome, decision.limit_minor, decision.annual_ppm) == (Outcome.LESS, 1_200_000, 144_000)
    assert decision.instalment_minor == 107_971
    assert [(reason.code, reason.params["over_minor"]) for reason in decision.reasons] == [
        (ReasonCode.NOT_AFFORDABLE, 68_151)
    ]


def test_it_names_only_changes_that_it_tried():
    changes = {change.kind: change for change in decided().would_change}
    verified = changes[ChangeKind.VERIFY_INCOME]
    longer = changes[ChangeKind.OTHER_TERM]
    fewer = changes[ChangeKind.FEWER_OBLIGATIONS]
    assert (verified.limit_minor, verified.complete) == (1_400_000, False)
    assert (longer.amount, longer.limit_minor, longer.instalment_minor) == (24, 2_000_000, 96_404)
    assert (longer.interest_minor, longer.complete) == (313_699, True)
    assert (fewer.amount, fewer.limit_minor) == (68_200, 2_000_000)
    assert changes[ChangeKind.MORE_INCOME].amount == 179_400
    assert decided(obligations_minor=215_000 - fewer.amount).outcome is Outcome.APPROVED
    assert decided(obligations_minor=215_000 - fewer.amount + 100).outcome is Outcome.LESS


# facts that differ from Ai Li's → outcome, limit, reasons
@pytest.mark.parametrize(
    ("facts", "outcome", "limit", "reasons"),
    [
        ({"requested_minor": 1_200_000}, "approved", 1_200_000, []),
        ({"requested_minor": 1_234_567}, "approved", 1_234_567, []),
        ({"requested_minor": 50_000}, "declined", 0, ["below_least"]),
        ({"instalments": 24}, "approved", 2_000_000, []),
        ({"instalments": 18}, "declined", 0, ["term_not_offered"]),
        ({"income_minor": 5_000_000}, "review", 0, ["income_to_be_reviewed"]),
        ({"income_minor": 5_000_000, "income_verified": True}, "approved", 2_000_000, []),
        ({"obligations_minor": 300_000}, "declined", 0, ["below_grid"]),
        ({"obligations_minor": 240_000}, "less", 900_000, ["not_affordable"]),
        ({"income_minor": 0}, "declined", 0, ["below_grid"]),
        # an instalment that takes the room to the last fen still fits
        ({"income_minor": 807_428, "income_verified": True}, "less", 1_200_000, ["not_affordable"]),
        # 30.00003 % is heavier than 30 %
        ({"income_minor": 3_000_000, "obligations_minor": 900_000, "income_verified": True}, "approved", 2_000_000, []),
        (
            {"income_minor": 3_000_000, "obligations_minor": 900_001, "income_verified": True},
            "declined",
            0,
            ["below_grid"],
        ),
        ({"employment_stated": False}, "declined", 0, ["below_grid"]),
        (
            {"employment_stated": False, "obligations_minor": 0},
            "less",
            1_000_000,
            ["over_band_limit"],
        ),
        ({"exposure_minor": 19_500_000, "obligations_minor": 0}, "less", 500_000, ["over_line"]),
        ({"exposure_minor": 30_000_000, "obligations_minor": 0}, "declined", 0, ["over_line", "below_least"]),
        (
            {"requested_minor": 9_000_000, "exposure_minor": 19_500_000},
            "less",
            500_000,
            ["not_affordable", "over_band_limit", "over_line"],
        ),
    ],
)
def test_it_decides(facts, outcome, limit, reasons):
    decision = decided(**facts)
    assert (decision.outcome.value, decision.limit_minor, codes(decision)) == (outcome, limit, reasons)
    assert decision.human_review.may_be_asked


def test_it_declines_a_price_above_the_cap_instead_of_clipping_it():
    decision = decided(cap=143_999)
    assert codes(decision) == ["over_price_cap"]
    assert dict(decision.reasons[0].params) == {"annual_ppm": 144_000, "cap_ppm": 143_999}
    assert decided(cap=144_000).outcome is Outcome.LESS


def test_it_has_nothing_to_change_when_it_gives_all_that_was_asked():
    assert decided(requested_minor=1_000_000).would_change == ()


def test_it_says_that_stating_employment_would_help():
    kinds = [change.kind for change in decided(employment_stated=False).would_change]
    assert ChangeKind.STATE_EMPLOYMENT in kinds
    assert kinds == sorted(kinds, key=list(ChangeKind).index)


def test_it_says_which_term_is_offered_instead():
    changes = {change.kind: change.amount for change in decided(instalments=18).would_change}
    assert changes[ChangeKind.OTHER_TERM] == 24


@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"income_minor": -1}, "income_minor"),
        ({"obligations_minor": 1.5}, "obligations_minor"),
        ({"requested_minor": 0}, "requested_minor"),
        ({"instalments": 0}, "instalments"),
        ({"exposure_minor": 2**60}, "exposure_minor"),
    ],
)
def test_it_refuses_a_fact_that_is_no_whole_number(facts, where):
    with pytest.raises(FactsError) as refused:
        decided(**facts)
    assert refused.value.where == where


def test_it_writes_whole_numbers_and_names_only():
    text = json.dumps(document.to_doc(decided()), sort_keys=True)
    assert text == json.dumps(document.to_doc(decided()), sort_keys=True)
    assert "." not in text.replace("CN.PIPL.24", "")


FACTS = st.builds(
    Facts,
    income_minor=st.integers(0, 6_000_000),
    obligations_minor=st.integers(0, 1_000_000),
    requested_minor=st.integers(1, 6_000_000),
    instalments=st.sampled_from([3, 6, 12, 18, 24]),
    exposure_minor=st.integers(0, 21_000_000),
    employment_stated=st.booleans(),
    income_verified=st.booleans(),
)


def judged(facts):
    return decide(facts, parse(GRID), price_cap_ppm=CAP, line_cap_minor=LINE)


def _with(facts, **changes):
    return judged(Facts(**{name: getattr(facts, name) for name in Facts.__slots__} | changes))


@settings(max_examples=80, deadline=None)
@given(FACTS)
def test_it_never_lends_more_than_any_limit_allows(facts):
    decision = judged(facts)
    assert decision.limit_minor <= facts.requested_minor
    assert decision.limit_minor + min(facts.exposure_minor, LINE) <= max(LINE, facts.exposure_minor)
    assert decision.instalment_minor <= decision.month.room_minor
    assert (decision.limit_minor == 0) == (decision.outcome in (Outcome.DECLINED, Outcome.REVIEW))
    assert bool(decision.reasons) == (decision.outcome is not Outcome.APPROVED)
    order = [list(ReasonCode).index(reason.code) for reason in decision.reasons]
    assert order == sorted(set(order))


@settings(max_examples=60, deadline=None)
@given(FACTS)
def test_it_does_what_it_said_a_change_would_do(facts):
    for change in judged(facts).would_change:
        again = {
            ChangeKind.VERIFY_INCOME: {"income_verified": True},
            ChangeKind.STATE_EMPLOYMENT: {"employment_stated": True},
            ChangeKind.OTHER_TERM: {"instalments": change.amount},
            ChangeKind.FEWER_OBLIGATIONS: {"obligations_minor": facts.obligations_minor - change.amount},
            ChangeKind.MORE_INCOME: {"income_minor": facts.income_minor + change.amount},
        }[change.kind]
        decision = _with(facts, **again)
        assert (decision.limit_minor, decision.annual_ppm) == (change.limit_minor, change.annual_ppm)
        assert decision.limit_minor > judged(facts).limit_minor
        assert change.complete == (decision.outcome is Outcome.APPROVED)


@settings(max_examples=60, deadline=None)
@given(FACTS, st.integers(1, 500_000))
def test_it_never_lends_more_for_a_heavier_burden(facts, more):
    assert _with(facts, obligations_minor=facts.obligations_minor + more).limit_minor <= judged(facts).limit_minor


def test_it_is_the_same_decision_whatever_the_order_of_the_grid():
    turned = changed(band=None) | {"band": GRID["band"][::-1]}
    assert decided(turned) == decided()
