"""Does a column hold other people's contacts? Then the whole tape is refused (CN.APP.NECESSARY).

Three signs, each enough: the heading names an address book, a call log, messages or contact
persons; a cell holds more than one telephone number; at least half of a column's cells are
telephone numbers and the column is not the borrower's own phone. A borrower's contact persons
are typed in by the borrower (CN.APP.TC260), so no tape may bring them.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

RULES = ("CN.APP.NECESSARY", "CN.APP.TC260")

_LATIN = re.compile(
    r"contacts?|emergency|address_?books?|phone_?books?|call_?(?:logs?|records?|history)"
    r"|(?:sms|text)_?(?:logs?|messages?|records?)|relatives?|friends?|colleagues?|next_?of_?kin"
    r"|kin|referees?|references?_?(?:phone|name|tel)"
)
_CHINESE = re.compile("联系人|通讯录|电话本|号码簿|通话记录|通话详单|短信|紧急|亲属|亲友|朋友|同事|家属|家人")
_PHONE = re.compile(
    r"(?<![\w.+-])(?:"
    r"(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
    r"|\+[1-9]\d{0,2}[ -]?(?:\(\d{1,4}\)[ -]?)?\d{2,4}(?:[ -]?\d{2,4}){1,3}"
    r"|\(?\d{3}\)?[ -]\d{3}-\d{4}"
    r"|0\d{2,3}-\d{7,8}"
    r")(?![\w-])"
)
_SHORTEST = 10
"""No pattern above matches a shorter text."""


@dataclass(frozen=True, slots=True)
class Strangers:
    """The column that holds other people's contacts, and how that showed."""

    column: str
    why: str


def in_heading(columns: Iterable[str]) -> Strangers | None:
    """The first column whose heading says so by itself."""
    for column in columns:
        if _names_contacts(column):
            return Strangers(column, "its heading names other people's contacts")
    return None


class Watch:
    """Looks at every cell of a tape as it streams by, and keeps two counts a column."""

    def __init__(self, columns: Sequence[str], *, own_phone: Iterable[str]) -> None:
        self._columns = columns
        self._own = frozenset(own_phone)
        self._filled = [0] * len(columns)
        self._phones = [0] * len(columns)
        self._several: int | None = None

    def see(self, cells: Sequence[str]) -> None:
        """Count one row."""
        for index, cell in enumerate(cells[: len(self._columns)]):
            if not cell:
                continue
            self._filled[index] += 1
            if len(cell) < _SHORTEST:
                continue
            found = len(_PHONE.findall(unicodedata.normalize("NFKC", cell)))
            self._phones[index] += found > 0
            if found > 1 and self._several is None:
                self._several = index

    def found(self) -> Strangers | None:
        """What the rows seen so far give away, if anything."""
        if self._several is not None:
            return Strangers(self._columns[self._several], "a cell holds several phone numbers")
        for column, filled, phones in zip(self._columns, self._filled, self._phones, strict=True):
            if phones and 2 * phones >= filled and column not in self._own:
                return Strangers(column, "it holds phone numbers and is not the borrower's phone")
        return None


def _names_contacts(heading: str) -> bool:
    plain = unicodedata.normalize("NFKC", heading)
    if _CHINESE.search(plain):
        return True
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain).casefold()
    words = [word for word in re.split(r"[^a-z0-9]+", snake) if word]
    runs = ("_".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, i + 4))
    return any(_LATIN.fullmatch(re.sub(r"\d+$", "", run)) for run in runs)
