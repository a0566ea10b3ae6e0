"""Why something is asked, as a page shows it: every word of it comes from the catalogue, the notices and the rules."""

from __future__ import annotations

from collections.abc import Iterable

from shouxin.usecases.credit.asking import Asked, WhyAsked, why_asked
from shouxin.web.shell.visit import Visit


def why(request: Visit, names: Iterable[str], *, whose: str = "borrower") -> list[Asked]:
    """What the policy says of these fields."""
    return [why_asked(request.lender, WhyAsked(whose=whose, field=name)) for name in names]
