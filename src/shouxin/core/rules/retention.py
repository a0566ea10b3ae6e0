"""How long a field is kept: from which event on, for how many years, and by whose word.

Written as `loan_end` (gone when the loan ends) or `relationship_end + 10 years by CN.AML.34`
(kept that long because the rule asks for it; nothing but storage meanwhile, CN.PIPL.47).
"""

import re
from dataclasses import dataclass
from datetime import date

EVENTS = ("decision", "loan_end", "relationship_end", "transaction_end", "consent_end")
_TEXT = re.compile(r"([a-z_]+)(?: \+ ([1-9][0-9]?) years by ([A-Z][A-Z0-9._]*))?")


class RetentionError(ValueError):
    """A retention that isn't `event` or `event + N years by RULE`."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Kept until `event`, and `years` longer where `rule` asks for it (0 and "" where none does)."""

    event: str
    years: int = 0
    rule: str = ""

    def until(self, happened_on: date) -> date:
        """The last day of keeping when the event was on `happened_on`; 29 February becomes 28."""
        year = happened_on.year + self.years
        try:
            return happened_on.replace(year=year)
        except ValueError:
            return happened_on.replace(year=year, day=28)


def parse_retention(text: str) -> Retention:
    """Read a retention. Raises `RetentionError`."""
    found = _TEXT.fullmatch(text)
    if found is None or found[1] not in EVENTS:
        raise RetentionError(f"a retention is EVENT or EVENT + N years by RULE: {text}")
    return Retention(found[1], int(found[2] or 0), found[3] or "")
