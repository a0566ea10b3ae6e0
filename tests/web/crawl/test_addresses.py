"""Every address has one door, and each audience gets what docs/reference/addresses.md says."""

from __future__ import annotations

import os
import re

from tests.web.crawl.addresses import PAGE, addresses, page

QUESTION = {"/apply/<name>": "income", "/example/<name>": "bundle.json"}


def paths(world):
    for one in addresses():
        sample = world.sample | ({"name": QUESTION[one.pattern]} if one.pattern in QUESTION else {})
        yield one, one.at(sample)


def test_it_has_a_door_before_every_view():
    assert [one.pattern for one in addresses() if not one.door] == []


def test_it_gives_each_audience_what_the_matrix_says(world):
    rows = {
        one.pattern: (one.door, {name: enter().get(path).status_code for name, enter in world.visitors.items()})
        for one, path in paths(world)
    }
    if os.environ.get("WRITE_ADDRESSES"):
        PAGE.write_text(page(rows), "utf-8")
    assert all(status < 500 for _, got in rows.values() for status in got.values())
    assert page(rows) == PAGE.read_text("utf-8")


def test_it_shows_nothing_of_a_person_to_anybody_else(world):
    """In the body, in a header, or in where it leads: as every audience but the person and who holds the case."""
    entitled = {"borrower", "collector with the case"}
    for name in world.visitors.keys() - entitled:
        for one, path in paths(world):
            answer = world.visitors[name]().get(path)
            said = answer.content.decode(errors="replace") if not answer.streaming else ""
            found = [value for value in world.values if value in said + repr(dict(answer.headers))]
            assert not found, f"{one.pattern} as {name}"


def test_it_says_the_same_of_what_is_missing_and_what_is_somebody_elses(world):
    nobody = "01a20bb5-0000-7000-8000-000000000000"
    missing = {
        "loan": nobody,
        "offer": nobody,
        "application": nobody,
        "case": "C-000000000000",
        "order": "none",
        "asked": nobody,
    }
    for one, path in paths(world):
        named = re.findall(r"<(\w+)>", one.pattern)
        if not set(named) & missing.keys() or one.pattern == "/pay/<order>":
            continue
        for name in ("another borrower", "collector without"):
            theirs = world.visitors[name]().get(path)
            none = world.visitors[name]().get(one.at(world.sample | missing))
            assert (theirs.status_code, stripped(theirs)) == (none.status_code, stripped(none)), one.pattern


def stripped(answer):
    """The bytes, less the token of the page's own form and, in a redirect, the path that was asked for."""
    text = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", answer.content)
    return re.sub(rb'name="next" value="[^"]*"', b"", text)


def test_it_makes_no_session_for_who_only_follows_links(world):
    from django.contrib.sessions.models import Session

    before = Session.objects.count()
    for one, path in paths(world):
        world.visitors["visitor"]().get(path, {"next": "/account"})
        assert Session.objects.count() == before, one.pattern


def test_it_keeps_every_page_to_itself(world):
    for _, path in paths(world):
        answer = world.visitors["borrower"]().get(path)
        assert "default-src 'none'" in answer["Content-Security-Policy"], path
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"] or path == "/verify.js", path
        assert "unsafe" not in answer["Content-Security-Policy"]
