"""Whatever is posted to whichever address, as whomever: plain words, nothing broken, nothing believed."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.crawl.addresses import addresses
from tests.web.crawl.test_addresses import paths

FIELD = re.compile(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"')
MARKUP = '"><script>alert(1)</script>{{ 7*7 }}{% csrf_token %}'
NASTY = st.one_of(
    st.sampled_from([
        "", " ", MARKUP, "\x00", "\r\nSet-Cookie: a=b", "../../etc/passwd", "' OR 1=1 --", "-1", "1e9", "NaN", "٣", "１２",
        "9" * 400, "2026-02-30", "9999-12-31", "\u202e\u200b", "𝟙𝟚𝟛", "%00", "null", "[]", "0.001", "12,000",
    ]),
    st.text(max_size=60),
    st.decimals(allow_nan=False).map(str),
)  # fmt: skip


def names(answer):
    return sorted(set(FIELD.findall(answer.content.decode(errors="replace"))) - {"csrfmiddlewaretoken"})


@pytest.mark.parametrize("who", ["visitor", "borrower", "contact person", "collector with the case"])
def test_it_answers_every_hostile_form(world, who):
    """A page that broke, or repeated markup as markup, would be a 500 or hold the script."""
    targets = [(path, names(world.visitors[who]().get(path))) for one, path in paths(world) if one.door != "machine"]

    @settings(max_examples=3, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def posted(data):
        visitor = world.visitors[who]()
        for path, fields in targets:
            form = {name: data.draw(NASTY, label=name) for name in fields}
            answer = visitor.post(path, form)
            assert answer.status_code < 500 or answer.status_code == 503, path  # no gateway stands here
            assert b"<script>alert(1)" not in answer.content, path
            if path.startswith(("/sign-out", "/desk/sign-out", "/contact/leave", "/account/end")):
                visitor = world.visitors[who]()

    posted()


def test_it_takes_no_ten_megabytes(world):
    visitor, loan = world.visitors["borrower"](), world.sample["loan"]
    for path in ("/apply/income", f"/loan/{loan}/pay", "/account/phone", "/sign-in", "/look", "/desk/sign-in"):
        answer = visitor.post(path, {"text": "x" * 10_000_000})
        assert answer.status_code in (302, 400), path


def test_it_changes_nothing_without_the_pages_own_token(world, site):
    for one, path in paths(world):
        if one.door == "machine":  # it asks for a signature instead; here no gateway is set up at all
            continue
        answer = site(csrf=True).post(path, {"text": "x"})
        assert answer.status_code in (403, 404, 405), one.pattern


def test_it_knows_no_language_that_does_not_exist(site, lender):
    answer = site().post("/look", {"lang": "xx", "next": "/"})
    assert answer.status_code == 400 and "lang" not in answer.cookies
    assert site().post("/look", {"lang": "zh", "next": "//evil.example/"})["Location"] == "/"
    assert addresses()
