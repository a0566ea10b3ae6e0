"""The contrasts of WCAG 2.2, computed from the tokens in app.css."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import shouxin.web

SHEET = (Path(shouxin.web.__file__).parent / "static" / "app.css").read_text("utf-8")
TEXTS = ("ink", "ink-2", "ink-3", "act", "proof", "due", "left", "wrong")
GROUNDS = ("paper", "surface", "sunken")


def _block(selector: str) -> dict[str, str]:
    """The first block of this selector that sets colours."""
    found = re.search(re.escape(selector) + r"\s*\{(\s*--paper:.*?)\}", SHEET, re.DOTALL)
    assert found, selector
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})\s*;", found[1]))


LIGHT, DARK = _block(":root"), _block("[data-theme=dark]")


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(one * 2 for one in digits)
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_it_computes_contrast_as_the_standard_does():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("text", TEXTS)
def test_it_can_be_read_on_every_ground_and_on_its_own_tint(theme, text):
    grounds = [theme[name] for name in GROUNDS] + ([theme[f"{text}-tint"]] if f"{text}-tint" in theme else [])
    assert min(contrast(theme[text], ground) for ground in grounds) >= 4.99


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_it_can_be_read_in_ink_on_every_tint(theme):
    tints = [value for name, value in theme.items() if name.endswith("-tint")]
    assert len(tints) == 5
    assert min(contrast(theme["ink"], tint) for tint in tints) >= 7
    assert min(contrast(theme["ink-2"], tint) for tint in tints) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_it_can_be_read_on_a_button_and_on_a_chosen_chip(theme):
    assert contrast(theme["act-ink"], theme["act"]) >= 6.5
    assert contrast(theme["proof-ink"], theme["proof"]) >= 6.5
    assert contrast(theme["paper"], theme["ink"]) >= 7


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_it_shows_the_edge_of_a_control_and_the_ring_of_focus(theme):
    for ground in GROUNDS:
        assert contrast(theme["edge"], theme[ground]) >= 3
        assert contrast(theme["focus"], theme[ground]) >= 3


def test_it_has_the_same_dark_with_and_without_a_choice():
    assert _block(":root:not([data-theme])") == DARK


def test_it_uses_no_colour_that_is_no_token():
    rules = SHEET[SHEET.index("/* ---- elements ---- */") : SHEET.index("/* ---- print")]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", rules)


def test_it_asks_no_other_host_and_stays_short():
    assert "url(" not in SHEET
    assert "@import" not in SHEET
    assert len(SHEET.splitlines()) < 600


def test_it_measures_in_rem():
    rules = SHEET[SHEET.index("/* ---- elements ---- */") : SHEET.index("/* ---- print")]
    sizes = {size for size in re.findall(r"\b(\d+(?:\.\d+)?)px", rules) if float(size) > 11}
    assert not sizes, "only hairlines, rings and nudges are in px"
