"""What no template may hold, of whichever face: the policy of the headers would break it, or the seal would lie."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import shouxin.web

WEB = Path(shouxin.web.__file__).parent
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
BANNED = {
    "inline style": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline handler": r"\son[a-z]+\s*=\s*[\"']",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "another host": r"(?:src|href|action)\s*=\s*[\"']?\s*(?:https?:)?//",
    "a javascript: address": r"javascript:",
    "text that is not escaped": r"\|\s*safe\b|\{%\s*autoescape\s+off",
    "a tick before it was ticked": r"<input[^>]*(?<!%\})\schecked\b",  # `{% if … %} checked` keeps what was answered
}
SAVED = "portal/data/templates/data/offline.html"
"""Not a page: a file that the reader saves, which must carry all that it needs and is opened from a disk."""
LIT = ("is-whole", "seal-whole", 'data-state="whole"')


def _id(path: Path) -> str:
    return str(path.relative_to(WEB))


def _without_comments(text: str) -> str:
    return re.sub(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}", "", text, flags=re.DOTALL)


def test_it_finds_the_templates():
    assert len(TEMPLATES) > 20


@pytest.mark.parametrize("path", TEMPLATES, ids=_id)
def test_it_holds_nothing_that_the_headers_forbid(path):
    if _id(path) == SAVED:
        return
    text = _without_comments(path.read_text("utf-8"))
    found = [what for what, pattern in BANNED.items() if re.search(pattern, text, re.IGNORECASE)]
    assert not found


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ('<p style="x">', "inline style"),
        ("<style>p{}</style>", "a style element"),
        ('<a onclick="x()">', "an inline handler"),
        ("<script>x()</script>", "an inline script"),
        ('<script src="//cdn.example/x.js">', "another host"),
        ('<link href="https://fonts.example/x.css">', "another host"),
        ("{{ name|safe }}", "text that is not escaped"),
        ('<input type="checkbox" checked>', "a tick before it was ticked"),
    ],
)
def test_it_would_notice(bad, what):
    assert re.search(BANNED[what], bad, re.IGNORECASE)


@pytest.mark.parametrize("path", [*TEMPLATES, *sorted(WEB.rglob("*.py"))], ids=_id)
def test_it_has_no_lit_seal_on_the_server(path):
    text = path.read_text("utf-8")
    assert not [word for word in LIT if word in text]


def test_it_forbids_no_paste_and_no_zoom():
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        assert "user-scalable" not in text, path
        assert "maximum-scale" not in text, path


@pytest.mark.parametrize("path", TEMPLATES, ids=_id)
def test_it_sends_a_token_with_every_form_that_changes_something(path):
    text = _without_comments(path.read_text("utf-8"))
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.DOTALL | re.IGNORECASE):
        assert "{% csrf_token %}" in form
