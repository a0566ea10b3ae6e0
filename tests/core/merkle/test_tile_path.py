"""The paths of C2SP tlog-tiles: the specification's own examples, and one spelling for each place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.merkle.tile_path import TileError, TilePath, bundle_of, pack, unpack

LEVELS = st.one_of(st.integers(0, 63), st.just("entries"))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("tile/0/x001/x234/067", TilePath(0, 1234067)),
        ("tile/0/273.p/112", TilePath(0, 273, 112)),
        ("tile/entries/000", TilePath("entries", 0)),
        ("tile/63/999", TilePath(63, 999)),
    ],
)
def test_it_reads_and_writes_the_specifications_paths(path, place):
    assert TilePath.parse(path) == place
    assert place.to_text() == path


@given(LEVELS, st.integers(0, 2**64 - 1), st.integers(1, 256))
def test_it_reads_what_it_writes(level, index, width):
    place = TilePath(level, index, width)
    assert TilePath.parse(place.to_text()) == place


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/67",
        "tile/0/0067",
        "tile/00/067",
        "tile/64/067",
        "tile/0/x000/067",
        "tile/0/001/067",
        "tile/0/x001/x067",
        "tile/0/067.p/0",
        "tile/0/067.p/256",
        "tile/0/067.p/012",
        "tile/0/067.p/",
        "tile/0/067/",
        "/tile/0/067",
        "tile/Entries/067",
        "tile/0/067\n",
        "tile/0/06٧",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
    ],
)
def test_it_takes_no_other_spelling(path):
    with pytest.raises(TileError):
        TilePath.parse(path)


def test_it_finds_the_bundle_that_holds_an_entry():
    assert bundle_of(69_999, size=70_000).to_text() == "tile/entries/273.p/112"
    assert bundle_of(255, size=256).to_text() == "tile/entries/000"
    assert bundle_of(256, size=257).to_text() == "tile/entries/001.p/1"


@given(st.lists(st.binary(max_size=70), min_size=1, max_size=256))
def test_it_unpacks_what_it_packed_and_nothing_that_is_cut_or_longer(entries):
    data = pack(entries)
    assert unpack(data) == entries
    for wrong in (data[:-1], data + b"\0"):
        if wrong:
            with pytest.raises(TileError):
                unpack(wrong)


def test_it_takes_no_empty_bundle_and_none_that_is_too_wide():
    for data in (b"", pack([b"x"] * 257)):
        with pytest.raises(TileError):
            unpack(data)
