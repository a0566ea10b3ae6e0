"""Products: terms that a lender offers, with what the loan still fills in left open."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shouxin.policy.table import PolicyError, Table, read_toml

MILLION = 1_000_000
FILLED_IN = ("principal", "disbursed_on", "rate", "instalments", "first_due", "penalty")
"""Keys of the terms that a product may leave to the loan."""


@dataclass(frozen=True, slots=True)
class Product:
    """One product. `terms` has the shape of the outside contract, less the keys that a loan fills
    in; amounts are decimal strings in the terms' currency, like `least` and `most`.
    `penalty_of_rate_ppm` is penalty interest as a part of the contract rate, in millionths.
    """

    key: str
    version: str
    title: Mapping[str, str]
    least: str
    most: str
    instalments: tuple[int, ...]
    penalty_of_rate_ppm: int
    terms: Mapping[str, object]

    def filled(
        self, *, principal: str, disbursed_on: str, annual_ppm: int, instalments: int, cap_ppm: int | None = None
    ) -> dict[str, object]:
        """The whole terms of one loan in the shape of the outside contract. Penalty interest on
        late principal never exceeds `cap_ppm`, the cap on the whole cost of that day.
        """
        penalty_ppm = annual_ppm * self.penalty_of_rate_ppm // MILLION
        if cap_ppm is not None:
            penalty_ppm = min(penalty_ppm, cap_ppm)
        return {
            **self.terms,
            "principal": principal,
            "disbursed_on": disbursed_on,
            "instalments": instalments,
            "rate": {"annual": percent(annual_ppm)},
            "penalty": {"annual": percent(penalty_ppm), "of": "overdue_principal"},
        }


def percent(ppm: int) -> str:
    """Parts per million as an exact percentage: 144000 is 14.4000%."""
    return f"{ppm // 10_000}.{ppm % 10_000:04d}%"


def read_products(folder: Path) -> Mapping[str, Product]:
    """All files of `products/`, by their names. Raises `PolicyError`."""
    found = sorted((folder / "products").glob("*.toml"))
    if not found:
        raise PolicyError("products", "holds no product")
    return {path.stem: _product(folder, path.stem) for path in found}


def _product(folder: Path, key: str) -> Product:
    file = f"products/{key}.toml"
    table = Table(file, key, read_toml(folder, file))
    product = Product(
        key=key,
        version=table.text("version"),
        title=table.texts("title"),
        least=table.text("least"),
        most=table.text("most"),
        instalments=_numbers(table),
        penalty_of_rate_ppm=table.whole("penalty_of_rate_ppm"),
        terms=_terms(table),
    )
    table.close()
    return product


def _numbers(table: Table) -> tuple[int, ...]:
    value = table.raw("instalments")
    if not isinstance(value, list) or not value or not all(type(item) is int for item in value):
        raise table.fail("instalments must be a list of whole numbers")
    return tuple(value)


def _terms(table: Table) -> Mapping[str, object]:
    value = table.raw("terms")
    if not isinstance(value, dict) or not value:
        raise table.fail("terms must be a table")
    settled = sorted(value.keys() & set(FILLED_IN))
    if settled:
        raise table.fail(f"terms.{settled[0]} is filled in by the loan")
    return value
