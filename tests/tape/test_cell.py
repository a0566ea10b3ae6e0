"""What a map may do to a cell."""

import pytest

from shouxin.tape.cell import Cleaning
from shouxin.tape.fault import CellError


@pytest.mark.parametrize(
    ("cleaning", "cell", "text"),
    [
        (Cleaning(), "  12000 ", "12000"),
        (Cleaning(prefix="term_"), "term_36", "36"),
        (Cleaning(append="%"), "13.99", "13.99%"),
        (Cleaning(prefix="¥", remove=","), "¥12,000.00", "12000.00"),
        (Cleaning(suffix="%"), "14.4%", "14.4"),
        (Cleaning(date="%Y/%m/%d"), "2026/3/1", "2026-03-01"),
        (Cleaning(divide=12), "35000.0", "2916.67"),
        (Cleaning(divide=12), "0.06", "0.00"),  # half a cent goes to the even one
        (Cleaning(divide=12), "0.18", "0.02"),
        (Cleaning(divide=100, places=0), "120000", "1200"),
        (Cleaning(values={"36 months": "36"}), "36 months", "36"),
        (Cleaning(empty=("NA",), append="%"), "NA", ""),
        (Cleaning(append="%"), "", ""),
    ],
)
def test_it_cleans_a_cell(cleaning: Cleaning, cell: str, text: str) -> None:
    assert cleaning.apply(cell) == text


@pytest.mark.parametrize(
    ("cleaning", "cell"),
    [
        (Cleaning(prefix="term_"), "36"),
        (Cleaning(suffix="%"), "14.4"),
        (Cleaning(date="%Y/%m/%d"), "2026/2/30"),
        (Cleaning(divide=12), "Ai Li"),
        (Cleaning(divide=12), "NaN"),
        (Cleaning(divide=12), "Infinity"),
        (Cleaning(values={"36 months": "36"}), "48 months"),
    ],
)
def test_it_blames_a_cell_without_repeating_it(cleaning: Cleaning, cell: str) -> None:
    with pytest.raises(CellError) as caught:
        cleaning.apply(cell)
    assert cell not in str(caught.value)
