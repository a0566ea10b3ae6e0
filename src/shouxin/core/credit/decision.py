"""One decision, from facts and a grid: how much, at what rate, why not more, and what would change it.

The steps, in order:
1. the months asked for are offered, or the answer is no;
2. a stated, unverified income above the grid's line goes to a person first (`review`: no amount yet);
3. burden and employment give a band: its limit and rate. No band, no loan;
4. a rate above the legal cap is declined, never clipped: charging less than the risk costs is not a decision either;
5. the amount is the least of what was asked, the band, what is left of the line, and what the room in the month pays
   back; a lower offer is a multiple of the grid's step, and below the smallest loan it is a no;
6. each change that might help is tried by the same steps; only what they show to help is named.
The same facts, grid and caps give the same decision on any machine. The caller stores facts, grid hash and decision,
and owes the person a human review when asked (PIPL art. 24): `human_review` says so in every outcome.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from shouxin.core.credit.affordability import Affordability, affordability
from shouxin.core.credit.change import Change, changes
from shouxin.core.credit.facts import Facts
from shouxin.core.credit.grid import Band, Grid
from shouxin.core.credit.offer import instalment, most_for
from shouxin.core.credit.reasons import Reason, ReasonCode


class Outcome(StrEnum):
    """What was decided: as asked, less than asked, no, or a person looks first."""

    APPROVED = "approved"
    LESS = "less"
    DECLINED = "declined"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanReview:
    """The right to be decided on by a person: always there, costs nothing, changes nothing meanwhile."""

    may_be_asked: bool = True
    rule: str = "CN.PIPL.24"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision. `limit_minor`, `annual_ppm` and `instalment_minor` are 0 where nothing is offered; `band` is the code
    of the grid's band, or empty. `reasons` stand in the order of the closed list.
    """

    outcome: Outcome
    limit_minor: int
    annual_ppm: int
    instalment_minor: int
    band: str
    month: Affordability
    reasons: tuple[Reason, ...]
    would_change: tuple[Change, ...] = ()
    human_review: HumanReview = HumanReview()
    grid_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Caps:
    price_ppm: int
    line_minor: int


def decide(facts: Facts, grid: Grid, *, price_cap_ppm: int, line_cap_minor: int) -> Decision:
    """Return the decision on an application. `price_cap_ppm` is the legal cap of the day on the yearly all-in rate
    (equal to the contract rate here: no fee is charged), `line_cap_minor` the most that one person may owe.
    """
    caps = _Caps(price_ppm=price_cap_ppm, line_minor=line_cap_minor)
    decision = _judge(facts, grid, caps)
    if decision.outcome is Outcome.APPROVED:
        return decision
    return replace(decision, would_change=changes(facts, grid, judge=lambda other: _judge(other, grid, caps)))


def _judge(facts: Facts, grid: Grid, caps: _Caps) -> Decision:
    month = affordability(facts, grid)
    if facts.instalments not in grid.terms:
        return _nothing(grid, month, Reason(ReasonCode.TERM_NOT_OFFERED, {"instalments": facts.instalments}))
    if facts.income_minor >= grid.review_income_minor and not facts.income_verified:
        params = {"income_minor": facts.income_minor, "from_minor": grid.review_income_minor}
        reason = Reason(ReasonCode.INCOME_TO_BE_REVIEWED, params)
        return _nothing(grid, month, reason, outcome=Outcome.REVIEW)
    band = grid.band(burden_ppm=month.burden_ppm, employment_stated=facts.employment_stated)
    if band is None:
        return _nothing(grid, month, Reason(ReasonCode.BELOW_GRID, {"burden_ppm": month.burden_ppm}))
    if band.annual_ppm > caps.price_ppm:
        params = {"annual_ppm": band.annual_ppm, "cap_ppm": caps.price_ppm}
        return _nothing(grid, month, Reason(ReasonCode.OVER_PRICE_CAP, params))
    return _amount(facts, grid, caps, month, band)


def _nothing(grid: Grid, month: Affordability, reason: Reason, outcome: Outcome = Outcome.DECLINED) -> Decision:
    return Decision(
        outcome=outcome,
        limit_minor=0,
        annual_ppm=0,
        instalment_minor=0,
        band="",
        month=month,
        reasons=(reason,),
        grid_version=grid.version,
    )


def _amount(facts: Facts, grid: Grid, caps: _Caps, month: Affordability, band: Band) -> Decision:
    reasons = tuple(_ceilings(facts, grid, caps, month, band))
    left = max(0, caps.line_minor - facts.exposure_minor)
    limit = facts.requested_minor
    if reasons:
        limit = most_for(
            currency=grid.currency,
            room_minor=month.room_minor,
            annual_ppm=band.annual_ppm,
            instalments=facts.instalments,
            step_minor=grid.step_minor,
            most_minor=min(limit, band.limit_minor, left),
        )
    if limit < grid.least_minor:
        reasons += (Reason(ReasonCode.BELOW_LEAST, {"least_minor": grid.least_minor}),)
        return replace(_nothing(grid, month, reasons[0]), reasons=reasons, band=band.code)
    return Decision(
        outcome=Outcome.LESS if reasons else Outcome.APPROVED,
        limit_minor=limit,
        annual_ppm=band.annual_ppm,
        instalment_minor=_instalment(grid, band, limit, facts.instalments),
        band=band.code,
        month=month,
        reasons=reasons,
        grid_version=grid.version,
    )


def _ceilings(facts: Facts, grid: Grid, caps: _Caps, month: Affordability, band: Band) -> Iterator[Reason]:
    """Yield why the amount asked for is too much, in the order of the closed list."""
    needed = _instalment(grid, band, facts.requested_minor, facts.instalments)
    if needed > month.room_minor:
        params = {
            "ceiling_minor": month.ceiling_minor,
            "room_minor": month.room_minor,
            "instalment_minor": needed,
            "over_minor": needed - month.room_minor,
        }
        yield Reason(ReasonCode.NOT_AFFORDABLE, params)
    if facts.requested_minor > band.limit_minor:
        yield Reason(ReasonCode.OVER_BAND_LIMIT, {"limit_minor": band.limit_minor})
    left = max(0, caps.line_minor - facts.exposure_minor)
    if facts.requested_minor > left:
        yield Reason(ReasonCode.OVER_LINE, {"left_minor": left, "cap_minor": caps.line_minor})


def _instalment(grid: Grid, band: Band, principal_minor: int, instalments: int) -> int:
    return instalment(
        currency=grid.currency,
        principal_minor=principal_minor,
        annual_ppm=band.annual_ppm,
        instalments=instalments,
    )
