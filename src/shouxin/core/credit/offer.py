"""The instalment of an offer, and the most that a given instalment pays back: whole months, level payments.

An application has no dates yet; by whole periods an instalment doesn't depend on any.
"""

from datetime import date
from fractions import Fraction
from typing import Final

from shouxin.core.loan.agreed import Terms
from shouxin.core.loan.schedule import build, level_over

_ANY_DAY: Final = date(2000, 1, 1)
_MILLION: Final = 1_000_000


def instalment(*, currency: str, principal_minor: int, annual_ppm: int, instalments: int) -> int:
    """Return the level monthly amount in minor units."""
    terms = _terms(currency, principal_minor, annual_ppm, instalments)
    return level_over([terms.annual / terms.every.periods_a_year] * instalments, terms)


def interest(*, currency: str, principal_minor: int, annual_ppm: int, instalments: int) -> int:
    """Return the interest of the whole plan in minor units."""
    return build(_terms(currency, principal_minor, annual_ppm, instalments)).interest


def most_for(
    *, currency: str, room_minor: int, annual_ppm: int, instalments: int, step_minor: int, most_minor: int
) -> int:
    """Return the largest multiple of `step_minor`, not above `most_minor`, whose instalment fits `room_minor`."""
    low, high = 0, most_minor // step_minor
    while low < high:
        middle = (low + high + 1) // 2
        needed = instalment(
            currency=currency, principal_minor=middle * step_minor, annual_ppm=annual_ppm, instalments=instalments
        )
        low, high = (middle, high) if needed <= room_minor else (low, middle - 1)
    return low * step_minor


def _terms(currency: str, principal_minor: int, annual_ppm: int, instalments: int) -> Terms:
    return Terms(
        currency=currency,
        principal_minor=principal_minor,
        disbursed_on=_ANY_DAY,
        annual=Fraction(annual_ppm, _MILLION),
        instalments=instalments,
    )
