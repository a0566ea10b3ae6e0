"""Every public page, asked for as anybody would."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

PAGES = (
    "/",
    "/how",
    "/check",
    "/log",
    "/partners",
    "/rules",
    "/rules?q=contact",
    "/terms",
    "/terms/reminder",
    "/cost",
    "/cost?amount=5000&instalments=6",
    "/help",
)
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "rect", "circle", "line", "ellipse", "use"}


class Page(HTMLParser):
    """What a browser would see of the page: its outline, and whether each element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.landmarks: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.labelled: list[str] = []
        self.html: dict[str, str | None] = {}
        self.title = ""
        self.feed(text)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            self.html = said
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(tag)
        if tag in ("header", "main", "footer", "nav"):
            self.landmarks.append(tag)
        if tag == "script":
            self.scripts.append(said)
        if said.get("id"):
            self.ids.append(str(said["id"]))
        self.labelled += (
            str(said.get("aria-labelledby") or "").split() + str(said.get("aria-describedby") or "").split()
        )
        self.labelled += [str(said["for"])] if said.get("for") else []
        self.addresses += [str(said[key]) for key in ("href", "src", "action") if said.get(key)]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert tag in VOID or self.open[-1] == tag, f"</{tag}> closes {self.open[-1]}"
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_it_is_a_sound_page_in_both_languages(site, address, lang):
    answer = site(lang=lang).get(address)
    assert answer.status_code == 200
    page = Page(answer.content.decode())
    assert page.html["lang"] == {"zh": "zh-Hans", "en": "en"}[lang]
    assert page.headings.count("h1") == 1
    assert page.headings[0] == "h1", "the heading that answers comes first"
    assert page.landmarks.count("main") == 1
    assert {"header", "main", "footer", "nav"} <= set(page.landmarks)
    assert len(page.ids) == len(set(page.ids)), "an id is used twice"
    assert set(page.labelled) <= set(page.ids), "a label names what isn't there"
    assert page.title.strip()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_it_asks_no_other_host(site, address, lang):
    page = Page(site(lang=lang).get(address).content.decode())
    outside = [one for one in page.addresses if not one.startswith(("/", "#", "tel:"))]
    assert not outside
    assert all(script.get("src") for script in page.scripts)


@pytest.mark.parametrize("address", PAGES)
def test_it_is_written_twice_and_not_left_in_the_other_language(site, address):
    zh, en = (site(lang=lang).get(address).content.decode() for lang in ("zh", "en"))
    marked = re.sub(
        r'<(\w+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', "", en
    )  # sources are cited in the language of the source
    assert not re.findall("[一-鿿]+", marked)
    assert sum("一" <= sign <= "鿿" for sign in zh) > 150


@pytest.mark.parametrize("address", ["/", "/how", "/check", "/help"])
def test_it_shows_the_same_to_everybody_but_the_way_home(site, ai_li, address):
    stranger, borrower = site().get(address), site().as_borrower(ai_li).get(address)
    assert borrower.status_code == stranger.status_code == 200
    for value in ("Ai Li", "13800000101", "110101199003071014", ai_li):
        assert value not in borrower.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_it_only_reads(site, address):
    assert site().post(address).status_code in (403, 405)
    assert site().head(address).status_code == 200


def test_it_writes_no_entry_when_it_is_read(site, lender):
    before = lender.vault.checkpoint()
    for address in PAGES:
        site().get(address)
    assert lender.vault.checkpoint() == before


@pytest.mark.parametrize("address", ["/nothing", "/terms/nothing", "/example/nothing", "/example/..%2f..%2ftrust.json"])
def test_it_says_of_what_is_missing_what_it_says_of_what_is_not_yours(site, address):
    answer = site().get(address)
    assert answer.status_code == 404
    assert answer.content == site().get("/nowhere").content


def test_it_leads_nowhere_that_is_not_there(site):
    """Every link of every public page is answered, or leads to a sign-in."""
    seen = set()
    for address in PAGES:
        page = Page(site().get(address).content.decode())
        seen |= {one.split("#")[0] for one in page.addresses if one.startswith("/") and not one.startswith("/static/")}
    for address in sorted(seen - {"", "/look"}):
        assert site().get(address).status_code in (200, 302), address


def test_it_leads_to_places_of_the_page_that_are_there(site):
    ids = {address: set(Page(site().get(address).content.decode()).ids) for address in ("/help", "/how")}
    for address in PAGES:
        for one in Page(site().get(address).content.decode()).addresses:
            path, hash_, place = one.partition("#")
            if hash_ and path in ids:
                assert place in ids[path], one
