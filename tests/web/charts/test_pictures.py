"""What holds of every picture, whatever its figures."""

import re
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.web.charts import balance, caps, day_band, months, stacked, strip, svg, weeks
from tests.web.charts import gallery

PICTURES = gallery.all_pictures()
GEOMETRY = {
    *("x", "y", "width", "height", "rx", "x1", "y1", "x2", "y2", "cx", "cy", "r", "d", "viewBox", "class", "role"),
    *("font-size", "font-weight", "text-anchor", "stroke-width", "stroke-linecap", "stroke-dasharray", "aria-label"),
}
PLACES = ("x", "y", "width", "height", "x1", "y1", "x2", "y2", "cx", "cy", "r", "stroke-width")


def root_of(picture: svg.Picture) -> ET.Element:
    return ET.fromstring(picture.svg)


def look(picture: svg.Picture) -> None:
    """The house rules of a picture: well formed, named, coloured by class, text large enough, inside its frame."""
    root = root_of(picture)
    assert root.get("role") == "img"
    assert root.get("aria-label") == picture.label
    width, height = (Fraction(root.get(name)) for name in ("width", "height"))
    for mark in root.iter():
        assert set(mark.attrib) <= GEOMETRY, mark.attrib
        for name in PLACES:
            assert re.fullmatch(r"-?\d+(\.\d)?", mark.get(name, "0")), (name, mark.attrib)
        if mark is not root:
            assert re.fullmatch(r"[fs]-[a-z0-9-]+( s-[a-z0-9-]+)?", mark.get("class", "")), mark.attrib
        if mark.tag.endswith("text"):
            assert int(mark.get("font-size", "0")) >= 12
            assert 0 <= Fraction(mark.get("y")) <= height
        if mark.tag.endswith("rect"):
            assert Fraction(mark.get("x")) >= 0
            assert Fraction(mark.get("x")) + Fraction(mark.get("width")) <= width + 1
            assert Fraction(mark.get("width")) >= 0
            assert Fraction(mark.get("height")) >= 0
    assert all(len(row) == len(picture.head) for row in picture.rows)


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_named_coloured_by_class_and_large_enough_to_read(name):
    look(PICTURES[name])


@pytest.mark.parametrize("name", PICTURES)
def test_it_has_a_table_beside_it(name):
    assert PICTURES[name].rows


def test_it_is_escaped_whatever_the_words_say():
    cap = caps.Cap(name='<b onload="x">', used=1, most=2, said="&")
    picture = caps.draw(caps.Caps(label='"><script>', caps=(cap,), head=("a", "b")))
    assert "<script" not in picture.svg
    assert "<b" not in picture.svg
    look(picture)


amounts = st.integers(min_value=0, max_value=2**63 - 1)


@given(st.lists(st.sampled_from("plnc"), max_size=60))
def test_it_draws_any_strip(states):
    look(strip.draw(gallery.strip_of("".join(states))))


@given(st.lists(st.lists(amounts, max_size=3), max_size=4), st.none() | amounts)
def test_it_draws_any_bars(bars, limit):
    drawn = stacked.draw(
        stacked.Stacked(
            label="x",
            bars=tuple(
                stacked.Bar(
                    title="t",
                    segments=tuple(
                        stacked.Segment(kind=stacked.Kind.ACT, name="n", value=v, said=str(v)) for v in values
                    ),
                )
                for values in bars
            ),
            head=("a", "b", "c"),
            limit=None if limit is None else stacked.Limit(value=limit, said="limit"),
        )
    )
    look(drawn)


@given(st.lists(st.tuples(amounts, amounts), max_size=40))
def test_it_draws_any_balance(steps):
    made = tuple(balance.Step(when="11月", principal=p, interest=i, row=("a", "b", "c")) for p, i in steps)
    look(balance.draw(balance.Balance(label="x", steps=made, names=("p", "i"), head=("a", "b", "c"))))


@given(st.lists(st.tuples(amounts, amounts), max_size=40))
def test_it_draws_any_two_plans(values):
    look(months.draw(gallery.plans(tuple(old for old, _ in values), tuple(new for _, new in values))))


@given(st.none() | st.integers(0, 1439), st.lists(st.tuples(st.integers(0, 1439), st.booleans()), max_size=8))
def test_it_draws_any_day(now, tries):
    look(day_band.draw(gallery.day(now=now, tries=tuple(tries))))


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 3), max_size=60))
def test_it_draws_any_weeks_and_says_how_many_marks_it_left_out(counts):
    picture = weeks.draw(gallery.weeks_of(counts))
    look(picture)
    texts = [mark.text for mark in root_of(picture).iter() if mark.tag.endswith("text")]
    over = sum(max(0, sum(row) - 9) for row in counts)
    assert sum(int(said[1:]) for said in texts if said.startswith("+")) == over


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4))
def test_it_writes_a_coordinate_within_a_twentieth_of_its_value(top, bottom):
    value = Fraction(top, bottom)
    assert abs(Fraction(svg.num(value)) - value) <= Fraction(1, 20)


def test_it_gives_each_part_its_share_of_the_whole():
    """956.45 of 12,956.45 is 7.38 % of the bar: 23.9 of 324 units."""
    rects = [mark for mark in root_of(PICTURES["get_repay"]).iter() if mark.tag.endswith("rect")]
    assert [mark.get("width") for mark in rects] == ["299.1", "299.1", "22.9"]


def test_it_puts_the_limit_where_its_value_lies():
    lines = [mark for mark in root_of(PICTURES["afford"]).iter() if mark.tag.endswith("line")]
    assert {mark.get("x1") for mark in lines} == {svg.num(Fraction(326800 * 324, 394951) + 1)}


def test_it_marks_a_late_instalment_by_shape_and_not_by_colour_alone():
    shapes = {
        state: len(root_of(strip.draw(gallery.strip_of(sign))).findall(".//"))
        for state, sign in (("late", "l"), ("coming", "c"))
    }
    assert shapes["late"] > shapes["coming"]


def test_it_shows_the_window_of_the_day_where_it_lies():
    rects = [mark for mark in root_of(PICTURES["day_wide"]).iter() if mark.tag.endswith("rect")]
    assert (rects[1].get("x"), rects[1].get("width")) == ("320", "560")
