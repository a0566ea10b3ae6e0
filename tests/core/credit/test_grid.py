import tomllib
from copy import deepcopy
from pathlib import Path

import pytest

from shouxin.core.credit import GridError
from shouxin.core.credit.grid import parse

ROOT = Path(__file__).resolve().parents[3]

GRID = {
    "version": "t1",
    "currency": "CNY",
    "step": "1000.00",
    "least": "1000.00",
    "most_share": "40%",
    "unverified_off": "5%",
    "review_income": "50000.00",
    "terms": [3, 6, 12, 24],
    "band": [
        {"code": "A2", "employment": "stated", "burden_to": "30%", "limit": "30000.00", "annual": "14.4%"},
        {"code": "A1", "employment": "stated", "burden_to": "10%", "limit": "50000.00", "annual": "12%"},
        {"code": "B1", "employment": "not_stated", "burden_to": "10%", "limit": "10000.00", "annual": "16.8%"},
    ],
}


def changed(band=None, **keys):
    grid = deepcopy(GRID) | {key: value for key, value in keys.items() if value is not None}
    for key in [key for key, value in keys.items() if value is None]:
        del grid[key]
    if band:
        grid["band"][band[0]] |= band[1]
    return grid


@pytest.mark.parametrize(
    ("burden", "stated", "code"),
    [
        (0, True, "A1"),
        (100_000, True, "A1"),
        (100_001, True, "A2"),
        (300_000, True, "A2"),
        (300_001, True, None),
        (100_000, False, "B1"),
        (100_001, False, None),
    ],
)
def test_it_finds_the_lightest_band_that_holds_the_burden(burden, stated, code):
    band = parse(GRID).band(burden_ppm=burden, employment_stated=stated)
    assert (band and band.code) == code


@pytest.mark.parametrize(
    ("document", "where", "says"),
    [
        (changed(version=None), "grid.version", "missing"),
        (changed(currency="yuan"), "grid.currency", "ISO 4217"),
        (changed(step="0"), "grid.step", "more than zero"),
        (changed(step=1000), "grid.step", "not a number"),
        (changed(most_share="140%"), "grid.most_share", "at most 100%"),
        (changed(most_share="1/3"), "grid.most_share", "parts per million"),
        (changed(terms=[12, 6]), "grid.terms", "ascending"),
        (changed(terms=[]), "grid.terms", "ascending"),
        (changed(terms=["12"]), "grid.terms", "ascending"),
        (changed(terms=[6, 12.0]), "grid.terms", "ascending"),
        (changed(age=[]), "grid.age", "unknown key"),
        (changed(band=(0, {"sex": "f"})), "grid.band[0].sex", "unknown key"),
        (changed(band=(0, {"employment": "maybe"})), "grid.band[0].employment", "one of"),
        (changed(band=(0, {"annual": 0.144})), "grid.band[0].annual", "not a number"),
        (changed(band=(0, {"code": "A1"})), "grid.band", "code of its own"),
        (changed(band=(0, {"annual": "11%"})), "grid.band", "A2: a heavier burden"),
        (changed(band=(0, {"limit": "60000.00"})), "grid.band", "A2: a heavier burden"),
        (changed(band=(0, {"burden_to": "10%"})), "grid.band", "a heavier burden"),
        (changed(band=(2, {"annual": "11%"})), "grid.band", "B1: stating employment"),
        (changed(band=(2, {"burden_to": "50%"})), "grid.band", "B1: stating employment"),
    ],
)
def test_it_refuses_a_grid_that_cannot_be_read_or_contradicts_itself(document, where, says):
    with pytest.raises(GridError) as refused:
        parse(document)
    assert refused.value.where == where
    assert says in refused.value.message


def test_it_refuses_two_bands_for_one_burden_whichever_comes_first():
    twice = changed(band=(0, {"burden_to": "10%"}))
    with pytest.raises(GridError, match="a heavier burden"):
        parse(twice | {"band": twice["band"][::-1]})


def test_it_needs_a_band():
    with pytest.raises(GridError, match=r"grid\.band: is missing"):
        parse(changed(band=None) | {"band": []})


def test_it_reads_the_grid_that_comes_with_the_project():
    text = (ROOT / "src/shouxin/policy/grid.toml").read_text(encoding="utf-8")
    grid = parse(tomllib.loads(text))
    assert grid.band(burden_ppm=263_158, employment_stated=True).annual_ppm == 144_000
    assert "house policy, not law" in text
