"""One rule: what a text asks for, where it is written, how binding it is, and from when.

Rules are data. `check` names the piece of code that reads the rule's `params`; a rule without a
check is either cited (by a purpose, a field or a notice) or marked `informative`. A number that
no text gives is absent: it is never invented, and a house policy that sets one carries the force
`house_policy`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

FORCES = (
    "mandatory",
    "recommended_standard",
    "self_regulatory",
    "guidance",
    "court_practice",
    "draft",
    "informal",
    "platform_policy",
    "house_policy",
)
"""How binding: law first, the lender's own policy last."""
TOPICS = ("price", "contract", "collecting", "data", "rights", "record", "keeping", "complaint")
"""What a reader looks it up under."""
ACTIONS = ("block", "cap", "require", "retain", "compute", "define", "record", "warn", "info")
STATUSES = ("seen_primary", "seen_official_excerpt", "seen_secondary", "memory", "house")
"""How sure: whether the text itself was read, a part of it, a report of it, or nothing."""
LENDER_KINDS = (
    "bank",
    "bank_card",
    "consumer_finance_company",
    "microlender",
    "auto_finance",
    "platform",
    "collection_agency",
    "assignee",
    "private_lender",
)
"""Whom a rule may apply to; `all` stands for each of them."""
LANGUAGES = ("zh", "en")

CONFIDENCES = ("high", "medium_high", "medium", "low")

Param = int | bool | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A dated entry of a pack.

    `effective_from` and `effective_to` are both days in force; None means that no date was found
    (from) or that none is set (to). `title`, `sentence` and `citation` hold one text for each
    language, and so does `unseen`, which says what of the rule was not read in a source.
    """

    id: str
    title: Mapping[str, str]
    sentence: Mapping[str, str]
    citation: Mapping[str, str]
    force: str
    topic: str
    applies_to: tuple[str, ...]
    action: str
    status: str
    needs_legal_check: bool
    default_enabled: bool
    informative: bool
    effective_from: date | None = None
    effective_to: date | None = None
    check: str = ""
    params: Mapping[str, Param] = field(default_factory=dict)
    confidence: str = "high"
    unseen: Mapping[str, str] = field(default_factory=dict)

    def in_force(self, day: date) -> bool:
        """Whether the rule's dates hold `day`."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)

    def concerns(self, lender: tuple[str, ...]) -> bool:
        """Whether the rule speaks to one of these kinds of lender."""
        return "all" in self.applies_to or any(kind in self.applies_to for kind in lender)

    def whole(self, name: str) -> int:
        """The whole number `name`; the loader has seen to it that it stands."""
        value = self.params[name]
        assert isinstance(value, int), (self.id, name)
        assert not isinstance(value, bool), (self.id, name)
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """The list of words `name`."""
        value = self.params[name]
        assert isinstance(value, tuple), (self.id, name)
        return value

    def text(self, name: str) -> str:
        """The single word or text `name`."""
        value = self.params[name]
        assert isinstance(value, str), (self.id, name)
        return value

    def says(self, name: str) -> bool:
        """Whether the rule gives a value for `name` at all."""
        return name in self.params
