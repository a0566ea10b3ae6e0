"""What a decision may know. There is no field for age, sex, marriage, place, contacts or behaviour on a phone."""

from dataclasses import dataclass, fields
from typing import Final

_MOST_MINOR: Final = 2**53
"""Far beyond any income; keeps every product of a decision within what a reader of JSON can hold."""


class FactsError(ValueError):
    """A fact that is no whole number of the right size; `where` names it."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One application. Amounts in minor units, income and obligations a month; `exposure_minor` is what this lender
    has already lent; `instalments` is the number of months asked for.
    """

    income_minor: int
    obligations_minor: int
    requested_minor: int
    instalments: int
    exposure_minor: int = 0
    employment_stated: bool = False
    income_verified: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool):
                continue
            if not isinstance(value, int) or not 0 <= value <= _MOST_MINOR:
                raise FactsError(field.name, f"must be a whole number from 0 to {_MOST_MINOR}")
        for name in ("requested_minor", "instalments"):
            if not getattr(self, name):
                raise FactsError(name, "must be more than zero")
