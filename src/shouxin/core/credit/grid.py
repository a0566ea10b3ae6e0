"""The rule grid: which burden and which statement of employment gives which limit and which yearly rate.

It is data that a compliance officer edits (`policy/grid.toml`), house policy and not law; the caller hashes the file
and stores hash and version with every decision. `parse` checks what a reader would expect of it: a heavier burden
never gets a higher limit or a lower rate, and stating one's employment never makes an offer worse.

    version = "2026-01"         currency = "CNY"
    step = "1000.00"            what a lower offer is a multiple of
    least = "1000.00"           the smallest loan
    most_share = "40%"          of the counted income that all instalments together may take
    unverified_off = "5%"       what a stated, unverified income is counted less
    review_income = "50000.00"  a stated monthly income from which a person looks at the application first
    terms = [3, 6, 12, 24]      months offered
    [[band]]                    burden_to = "30%" (obligations ÷ counted income, this included), code = "B",
                                employment = "stated" or "not_stated", limit = "20000.00", annual = "14.4%"
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shouxin.core.loan.reading import Reader
from shouxin.core.money import MoneyError, minor_digits, whole_ppm

_MOST_TERM = 120
_MILLION = 1_000_000


class GridError(ValueError):
    """A grid that cannot be read or that contradicts itself; `where` names the key."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Burdens up to and including `burden_to_ppm`, for one statement of employment."""

    code: str
    burden_to_ppm: int
    employment_stated: bool
    limit_minor: int
    annual_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The grid of one version. Amounts in minor units of `currency`, shares and rates in parts per million."""

    version: str
    currency: str
    step_minor: int
    least_minor: int
    most_share_ppm: int
    unverified_off_ppm: int
    review_income_minor: int
    terms: tuple[int, ...]
    bands: tuple[Band, ...]

    def band(self, *, burden_ppm: int, employment_stated: bool) -> Band | None:
        """Return the lightest band that holds the burden, or None when it is heavier than all."""
        fitting = (
            band
            for band in self.bands
            if band.employment_stated is employment_stated and burden_ppm <= band.burden_to_ppm
        )
        return min(fitting, key=lambda band: band.burden_to_ppm, default=None)


def parse(doc: object, *, where: str = "grid") -> Grid:
    """Return the grid of a document as read from TOML. Raises `GridError`."""
    reader = Reader(doc, where=where, refuse=GridError)
    currency = _text(reader, "currency")
    if minor_digits(currency) is None:
        raise reader.error("currency", "unknown ISO 4217 currency code")
    bands = [
        _band(Reader(item, where=f"{reader.where('band')}[{n}]", refuse=GridError), currency)
        for n, item in enumerate(reader.items("band"))
    ]
    grid = Grid(
        version=_text(reader, "version"),
        currency=currency,
        step_minor=reader.amount("step", currency),
        least_minor=reader.amount("least", currency),
        most_share_ppm=_share(reader, "most_share"),
        unverified_off_ppm=_share(reader, "unverified_off"),
        review_income_minor=reader.amount("review_income", currency),
        terms=_terms(reader),
        bands=tuple(bands),
    )
    reader.finish()
    _check(reader, grid)
    return grid


def _band(reader: Reader, currency: str) -> Band:
    code, employment = _text(reader, "code"), _text(reader, "employment")
    if employment not in ("stated", "not_stated"):
        raise reader.error("employment", "must be one of stated, not_stated")
    band = Band(
        code=code,
        burden_to_ppm=_share(reader, "burden_to"),
        employment_stated=employment == "stated",
        limit_minor=reader.amount("limit", currency),
        annual_ppm=_ppm(reader, "annual"),
    )
    reader.finish()
    return band


def _text(reader: Reader, key: str) -> str:
    value = reader.text(key)
    if value is None:
        raise reader.error(key, "is missing")
    return value


def _ppm(reader: Reader, key: str) -> int:
    rate = reader.rate(key)
    try:
        return whole_ppm(rate, where=reader.where(key))
    except MoneyError as error:
        raise GridError(error.where, error.message) from None


def _share(reader: Reader, key: str) -> int:
    ppm = _ppm(reader, key)
    if ppm > _MILLION:
        raise reader.error(key, "must be at most 100%")
    return ppm


def _terms(reader: Reader) -> tuple[int, ...]:
    stated = reader.items("terms")
    terms = [n for n in stated if type(n) is int and 1 <= n <= _MOST_TERM]
    if not terms or terms != sorted(set(terms)) or len(terms) != len(stated):
        raise reader.error("terms", f"must be ascending whole numbers of months from 1 to {_MOST_TERM}")
    return tuple(terms)


def _check(reader: Reader, grid: Grid) -> None:
    if not grid.bands:
        raise reader.error("band", "is missing")
    if len({band.code for band in grid.bands}) != len(grid.bands):
        raise reader.error("band", "each needs a code of its own")
    for stated in (True, False):
        _check_order(reader, sorted((b for b in grid.bands if b.employment_stated is stated), key=_burden))
    for band in grid.bands:
        better = grid.band(burden_ppm=band.burden_to_ppm, employment_stated=True)
        if not band.employment_stated and (better is None or _worse(better, band)):
            raise reader.error("band", f"{band.code}: stating employment must not make the offer worse")


def _check_order(reader: Reader, bands: Sequence[Band]) -> None:
    for lighter, heavier in pairwise(bands):
        if lighter.burden_to_ppm == heavier.burden_to_ppm or _worse(lighter, heavier):
            raise reader.error(
                "band", f"{heavier.code}: a heavier burden must not get a better offer than {lighter.code}"
            )


def _burden(band: Band) -> int:
    return band.burden_to_ppm


def _worse(first: Band, second: Band) -> bool:
    return first.limit_minor < second.limit_minor or first.annual_ppm > second.annual_ppm
