"""How much of a month's income all instalments together may take, and what room that leaves.

A stated income that nobody verified is counted for less; both shares are house policy and come with the grid.
All divisions round down, against the lender.
"""

from dataclasses import dataclass

from shouxin.core.credit.facts import Facts
from shouxin.core.credit.grid import Grid

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Affordability:
    """A month in minor units: income as counted, the most that instalments may take of it, obligations, the room left.

    `burden_ppm` is obligations over counted income before this loan (2,000,000 when there is no income).
    """

    counted_minor: int
    ceiling_minor: int
    obligations_minor: int
    burden_ppm: int

    @property
    def room_minor(self) -> int:
        """Return what is left for this loan's instalment, never below zero."""
        return max(0, self.ceiling_minor - self.obligations_minor)


def affordability(facts: Facts, grid: Grid) -> Affordability:
    """Return the month of an applicant under the grid's shares."""
    kept_ppm = MILLION if facts.income_verified else MILLION - grid.unverified_off_ppm
    counted = facts.income_minor * kept_ppm // MILLION
    burden = -(-facts.obligations_minor * MILLION // counted) if counted else 2 * MILLION
    return Affordability(
        counted_minor=counted,
        ceiling_minor=counted * grid.most_share_ppm // MILLION,
        obligations_minor=facts.obligations_minor,
        burden_ppm=burden,
    )
