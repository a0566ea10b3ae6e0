"""A server that serves the script as it is and lies in its HTML; and the page as a saved file, which needs no server."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.data.steps import (
    FORK,
    KEY,
    again,
    bundle,
    canonical,
    changed_record,
    check,
    press,
    remembering,
    said,
)


def lying(look: Any, *changes: tuple[str, str], address: str = "/data?all=1") -> None:
    """The page once more, with the server's HTML rewritten by patterns; each of them has to be there."""

    def rewrite(route: Any) -> None:
        answer = route.fetch()
        html = answer.text()
        for pattern, instead in changes:
            html, found = re.subn(pattern, instead, html)
            assert found, pattern
        route.fulfill(response=answer, body=html)

    look.page.route(re.compile(r"/data(\?.*)?$"), rewrite)
    look.page.goto(address)


@pytest.fixture
def keeping(data: Any, person_key: Path) -> Any:
    """A device on which the whole history was verified and the key kept."""
    look = data(lang="en")
    assert check(look, person_key) == "whole"
    look.page.click("text=Keep the key on this device")
    return look


def test_it_checks_a_persons_own_history_as_of_now_whatever_the_page_says(keeping):
    as_of = bundle(keeping)["statement"]["as_of"]
    lying(keeping, ('data-mode="own"', f'data-mode="own" data-at="{as_of}"'))
    keeping.page.clock.set_fixed_time("2036-01-01T00:00:00Z")
    assert press(keeping) == "old"


def test_it_never_shows_the_example_as_a_persons_own(keeping):
    asked = []
    keeping.page.on("request", lambda request: asked.append(request.url.split("/", 3)[3]))
    own = 'data-bundle="/data/bundle.json" data-key="/data/key" data-trust="/data/trust.json"'
    as_of = json.loads(keeping.page.context.request.get("/example/bundle.json").body())["statement"]["as_of"]
    lying(keeping, ('data-mode="own"', f'data-mode="example" {own} data-at="{as_of}"'))
    assert press(keeping) == "example"
    assert "The made-up example agrees" in said(keeping)
    assert "Whole, and not rewritten" not in said(keeping)
    assert "The key is the one of your enrolment" not in said(keeping)
    assert "data/bundle.json" not in asked
    assert {f"example/{name}" for name in ("bundle.json", "trust.json", "person.key")} <= set(asked)


def test_it_finds_what_it_remembers_under_whatever_name_the_page_gives(keeping):
    remembering(keeping, FORK)
    body = keeping.page.context.request.get("/data/bundle.json").body()
    again(keeping, body)
    remembering(keeping, f"memory.size = {size_of(body)}")
    lying(keeping, ('data-mode="own"', 'data-mode="own" data-whose="nobody"'))
    assert press(keeping) == "broken"
    assert "it was forked" in said(keeping)


def size_of(body: bytes) -> int:
    """The size of the log in a bundle's signed note."""
    return int(json.loads(body)["note"].splitlines()[1])


def test_it_says_so_where_the_history_is_not_the_one_of_the_key_it_keeps(keeping):
    for name in ("bundle", "trust"):
        body = keeping.page.context.request.get(f"/example/{name}.json").body()
        keeping.page.route(f"**/data/{name}.json", lambda route, _, body=body: route.fulfill(body=body))
    keeping.page.reload()  # from here on the key is the one that the device keeps, not the file that was chosen
    assert press(keeping) == "broken"
    assert "is not the one that this device verified last time" in said(keeping)


COUNTS = [
    (r'(<b data-count="refused )\d+(">)\d+', r"\g<1>0\g<2>0", "page_differs (count refused)"),
    (r'(<b data-count="used \d+">)\d+', r"\g<1>0", "page_differs (count used)"),
    (r'<b data-count="left \d+">\d+', "<b>0", "page_differs (count left)"),
    (r'(<b data-count="held )\d+(">)\d+', r"\g<1>1\g<2>1", "page_differs (count held)"),
    (r'(?s)(<h1 data-verify="heading">).*?</h1>', r"\g<1>Nobody has used your data</h1>", "page_differs (heading)"),
    (r'(?s)<h1 data-verify="heading">.*?</h1>', "<h1>Nobody has used your data</h1>", "page_differs (heading)"),
]


@pytest.mark.parametrize(("pattern", "instead", "why"), COUNTS, ids=[f"{n}" for n in range(len(COUNTS))])
def test_it_counts_itself_what_the_page_has_counted(keeping, pattern, instead, why):
    lying(keeping, (pattern, instead))
    assert press(keeping) == "broken"
    assert why in said(keeping)


def test_it_explains_no_missing_entry_as_a_new_one_that_is_older_than_the_page(keeping):
    entries = len(bundle(keeping)["openings"])
    told = entries // 2
    lying(keeping, (rf'data-entries="{entries}" data-whole="yes"', f'data-entries="{told}" data-whole="no"'))
    assert press(keeping) == "broken"
    assert f"page_differs (entry {told + 1})" in said(keeping)
    assert "Entries added since" not in said(keeping)


def test_it_compares_the_page_with_what_it_has_verified(data, person_key):
    look = data("/data?all=1", lang="en")
    look.page.evaluate(
        "const one = document.querySelector('.events [data-entries]'); one.dataset.content = one.dataset.content.replace('|', 'x|')"
    )
    assert check(look, person_key) == "broken"
    assert "This page says something else than the verified records" in said(look)


def test_it_notices_an_entry_that_the_page_leaves_out(data, person_key):
    look = data("/data?all=1", lang="en")
    look.page.evaluate("document.querySelectorAll('[data-entries=\"12\"]').forEach((one) => one.remove())")
    assert check(look, person_key) == "broken"
    assert "page_differs (entry 12)" in said(look)


@pytest.fixture
def offline_page(visit, shop, signed_in, tmp_path) -> Path:
    """The page that works offline, saved."""
    context = visit(storage_state=signed_in, lang="en").page.context
    path = tmp_path / "who-used-my-data.html"
    path.write_bytes(context.request.get("/data/offline.html").body())
    return path


def opened_offline(visit, path: Path, **how: Any) -> Any:
    look = visit(**how)
    look.page.context.set_offline(offline=True)
    look.page.goto(path.as_uri())
    return look


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_verifies_itself_as_a_saved_file_without_a_network(visit, offline_page, person_key, theme):
    look = opened_offline(visit, offline_page, theme=theme)
    look.page.set_input_files(KEY, person_key)
    assert press(look) == "whole"
    look.shot("data-offline")


def test_it_breaks_as_a_saved_file_that_somebody_changed(visit, offline_page, person_key):
    page = offline_page.read_text("utf-8")
    kept = re.search(r'saved-bundle">([^<]*)<', page)[1]
    made = json.loads(base64.b64decode(kept))
    changed_record(made)
    offline_page.write_text(page.replace(kept, base64.b64encode(canonical(made)).decode()), "utf-8")
    look = opened_offline(visit, offline_page)
    look.page.set_input_files(KEY, person_key)
    assert press(look) == "broken"
    assert "Entry 10 does not agree" in said(look)


def test_it_asks_for_the_key_as_a_saved_file(visit, offline_page):
    look = opened_offline(visit, offline_page)
    assert press(look) == "unknown"
