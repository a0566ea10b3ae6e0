"""The catalogue: every field the platform may hold, and what it may be used for.

There is no field for an address book, a call log, a location or an album, and nothing accepts
one (CN.APP.NECESSARY, CN.APP.TC260).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

FORMS = ("plain", "masked", "token")
SUBJECT_KINDS = ("borrower", "contact_person")
MAX_CONTACT_PERSONS = 2
"""TC260 practice guide of 2019 (CN.APP.TC260): at most two, typed in by hand, never required."""
NEVER_HELD = frozenset(
    {
        "address_book",
        "contacts",
        "contact_list",
        "phone_book",
        "phonebook",
        "emergency_contacts",
        "call_log",
        "call_logs",
        "sms",
        "sms_content",
        "location",
        "location_track",
        "album",
        "photos",
        "app_list",
    }
)
"""Names under which an address book or the like is offered: refused by name (CN.APP.NECESSARY)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One kind of datum: whose it is, how sensitive, what it is necessary for, how it is shown.

    `home` is where the value lives: `vault` (sealed) or `book` (computed from the loan's events).
    `shown` gives the form a role sees; a role that isn't named sees nothing.
    """

    whose: str
    name: str
    classification: str
    home: str
    purposes: frozenset[str]
    shown: Mapping[str, str]
    retention: str
    rules: tuple[str, ...]

    @property
    def key(self) -> str:
        """`whose.name`, as files and reports write it."""
        return f"{self.whose}.{self.name}"


class Catalogue:
    """All fields by (whose, name)."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._fields = {(field.whose, field.name): field for field in fields}

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def get(self, whose: str, name: str) -> Field | None:
        """The field, or None: what isn't in the catalogue doesn't exist here."""
        return self._fields.get((whose, name))
