"""A map is read strictly: every key known, every column in one place."""

import tomllib
from pathlib import Path

import pytest

from shouxin.tape.fault import TapeError
from shouxin.tape.mapping import parse

FIELDS = ("name", "phone", "id_number", "income")
EXAMPLES = Path(__file__).parents[2] / "examples"

GOOD = """
v = 1
[terms]
currency = "CNY"
[column.amount]
to = "terms.principal"
"""

BAD = {
    "v": "v = 2",
    "map": 'v = 1\ncolour = "red"',
    "encoding": 'v = 1\nencoding = "latin-1"',
    "delimiter": 'v = 1\ndelimiter = ";;"',
    "terms": "v = 1\nterms = 3",
    "terms.rate.annual": "v = 1\n[terms.rate]\nannual = 0.144",
    "terms.first_due": "v = 1\n[terms]\nfirst_due = 2026-11-24T10:00:00",
    "column.a": "v = 1\ncolumn.a = 3",
    "column.a.to": 'v = 1\n[column.a]\nto = "borrower.shoe_size"',
    "column.b.to": 'v = 1\n[column.a]\nto = "borrower.name"\n[column.b]\nto = "borrower.name"',
    "column.a.prefix": 'v = 1\n[column.a]\nto = "borrower.name"\nprefix = 3',
    "column.a.optional": 'v = 1\n[column.a]\nto = "borrower.name"\noptional = 1',
    'drop."old"': 'v = 1\n[drop]\nold = "a"',
    "drop.a": 'v = 1\n[column.a]\nto = "borrower.name"\n[drop]\nold = ["a"]',
    "payments.column": 'v = 1\n[column.a]\nto = "loan.ref"\n[payments]\nfile = "p.csv"',
}


@pytest.mark.parametrize(("where", "text"), BAD.items(), ids=BAD.keys())
def test_it_names_the_key_that_is_wrong(where: str, text: str) -> None:
    with pytest.raises(TapeError) as caught:
        parse(tomllib.loads(text), fields=FIELDS)
    assert caught.value.where == where


def test_it_has_no_place_for_a_contact_person() -> None:
    with pytest.raises(TapeError, match="no such place"):
        parse(tomllib.loads('v = 1\n[column.a]\nto = "contact_person.phone"'), fields=FIELDS)


def test_it_reads_a_date_with_and_without_quotes() -> None:
    for day in ("2026-11-24", '"2026-11-24"'):
        mapping = parse(tomllib.loads(f"v = 1\n[terms]\ndisbursed_on = {day}"), fields=FIELDS)
        assert mapping.terms == {"disbursed_on": "2026-11-24"}


def test_it_reads_a_good_one() -> None:
    mapping = parse(tomllib.loads(GOOD), fields=FIELDS)
    assert mapping.terms == {"currency": "CNY"}
    assert mapping.loans.column_of("terms.principal") == "amount"


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.toml")), ids=lambda path: path.name)
def test_it_reads_each_example(path: Path) -> None:
    doc = tomllib.loads(path.read_text(encoding="utf-8"))
    if "column" in doc:
        assert parse(doc, fields=FIELDS).loans.columns
