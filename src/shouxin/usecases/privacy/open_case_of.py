"""Which case is meant when only the borrower is named."""

from __future__ import annotations

from shouxin.usecases.lender import Lender


def open_case_of(lender: Lender, name: str) -> str:
    """The borrower's one open case, by the borrower's id; a case's own name, or anything else, is given back as it is.

    What isn't a case is refused later, by the same answer as one that doesn't exist.
    """
    history = lender.vault.history(name)
    cases = list(history.facts.cases.values()) if history else []
    return cases[0] if len(cases) == 1 else name
