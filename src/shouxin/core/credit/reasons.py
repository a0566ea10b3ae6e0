"""Why a decision is not simply yes: a closed list, in order of precedence.

Names are stored with decisions, so one is never renamed or reused. Sentences for people live in `policy/sentences`
under `credit.<name>`, with the parameters named here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ReasonCode(StrEnum):
    """The reasons, the weightiest first; in brackets the parameters, `_minor` in minor units, `_ppm` per million."""

    TERM_NOT_OFFERED = "term_not_offered"
    """The number of months is not one of those offered [instalments]."""
    INCOME_TO_BE_REVIEWED = "income_to_be_reviewed"
    """A stated income this high is looked at by a person first [income_minor, from_minor]."""
    BELOW_GRID = "below_grid"
    """Obligations already take more of the income than any band allows [burden_ppm]."""
    OVER_PRICE_CAP = "over_price_cap"
    """The rate of the band is above what may be charged: declined, never clipped [annual_ppm, cap_ppm]."""
    NOT_AFFORDABLE = "not_affordable"
    """The instalment asked for does not fit [ceiling_minor, room_minor, instalment_minor, over_minor]."""
    OVER_BAND_LIMIT = "over_band_limit"
    """More than the band lends [limit_minor]."""
    OVER_LINE = "over_line"
    """More than is left of the most that one person is lent [left_minor, cap_minor]."""
    BELOW_LEAST = "below_least"
    """What would be left is less than the smallest loan [least_minor]."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with its numbers, all whole."""

    code: ReasonCode
    params: Mapping[str, int]
