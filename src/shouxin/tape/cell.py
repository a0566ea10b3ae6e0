"""What a map may do to a cell before it is read: a few small, exact steps in a fixed order.

1. Trim spaces. 2. `empty`: these texts mean that nothing is there. 3. `values`: replace the whole
cell. 4. `prefix`, `suffix`: take them off; a cell without them is at fault. 5. `remove`: delete
these characters (thousands separators). 6. `date`: read by this pattern, write as ISO. 7. `divide`:
an amount by a whole number, to `places` decimals, half to even. 8. `append`: put at the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from shouxin.tape.fault import CellError


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The steps for one column, as the map gives them."""

    empty: tuple[str, ...] = ()
    values: Mapping[str, str] | None = None
    prefix: str = ""
    suffix: str = ""
    remove: str = ""
    date: str = ""
    divide: int = 1
    places: int = 2
    append: str = ""

    def apply(self, cell: str) -> str:
        """The cleaned text, empty when nothing was there. Raises `CellError`."""
        text = cell.strip()
        if not text or text in self.empty:
            return ""
        if self.values is not None:
            text = _replaced(text, self.values)
        text = _without(text, self.prefix, self.suffix)
        if self.remove:
            text = text.translate(str.maketrans("", "", self.remove))
        if self.date:
            text = _iso_date(text, self.date)
        if self.divide != 1:
            text = _divided(text, self.divide, places=self.places)
        return text + self.append


def _replaced(text: str, values: Mapping[str, str]) -> str:
    try:
        return values[text]
    except KeyError:
        raise CellError("is none of the values that the map names") from None


def _without(text: str, prefix: str, suffix: str) -> str:
    if not text.startswith(prefix):
        raise CellError(f'does not begin with "{prefix}"')
    if not text.endswith(suffix):
        raise CellError(f'does not end with "{suffix}"')
    return text[len(prefix) : len(text) - len(suffix)]


def _iso_date(text: str, pattern: str) -> str:
    try:
        return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007  a date only
    except ValueError:
        raise CellError(f'is not a date written "{pattern}"') from None


def _divided(text: str, by: int, *, places: int) -> str:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise CellError("is not a decimal number") from None
    if not amount.is_finite():
        raise CellError("is not a decimal number")
    scaled = round(Fraction(amount) * 10**places / by)
    return str(Decimal(scaled).scaleb(-places))
