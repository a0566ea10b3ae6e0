"""A template and opened values become a text, and values can do no harm in it."""

import tomllib
from pathlib import Path

import pytest

from shouxin.outbound.render import RenderError, Text, money, render, short_checkpoint

VALUES = {
    "lender": "守信小贷",
    "name": "李艾",
    "number": "5",
    "due_on": "11月20日",
    "amount": "¥1,079.71",
    "entry": "41",
    "code": "123456",
    "minutes": "5",
    "months": "1",
    "extra": "¥10.80",
    "total": "¥12,956.45",
    "address": "https://lender.example/contact",
    "checkpoint": "lender.example/log · 1024 · q1w2e3r4t5y6",
}
TEMPLATES = sorted((Path(__file__).parents[2] / "src/shouxin/policy/messages").glob("*.toml"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_fills_every_template_in_both_languages(path: Path, lang: str) -> None:
    template = tomllib.loads(path.read_text("utf-8"))[lang]
    text = render(template["subject"], template["body"], VALUES)
    assert "{" not in text.subject + text.body
    assert text.subject.startswith("守信小贷"), "the lender is named first"
    assert "守信小贷" in text.body.splitlines()[0]
    for secret in ("李艾", "¥1,079.71"):
        assert secret not in text.subject, "a passer-by may read the subject line"


def test_it_fills_each_place_once() -> None:
    assert render("x", "{name}", {"name": "{amount}", "amount": "¥1"}).body == "{amount}\n"


def test_it_keeps_a_subject_on_one_line() -> None:
    assert render("to {name}", "b", {"name": "Ai\r\nBcc: bo@x.example"}).subject == "to Ai Bcc: bo@x.example"


def test_it_names_the_place_that_has_no_value() -> None:
    with pytest.raises(RenderError, match=r"\{amount\}"):
        render("s", "{amount}", {"name": "Ai Li"})


def test_it_shows_no_text_when_printed() -> None:
    assert "Ai Li" not in repr(Text("Ai Li", "Ai Li"))


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(107971, "CNY", "¥1,079.71"), (0, "CNY", "¥0.00"), (1200000, "JPY", "JPY 1,200,000"), (5, "CHF", "CHF 0.05")],
)
def test_it_writes_money_as_letters_do(minor: int, currency: str, text: str) -> None:
    assert money(minor, currency) == text


def test_it_shortens_a_checkpoint() -> None:
    note = "lender.example/log\n1024\nq1w2e3r4t5y6u7i8o9p0==\n\n— lender.example/log abc\n"
    assert short_checkpoint(note) == VALUES["checkpoint"]
