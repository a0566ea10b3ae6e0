"""A real browser (Debian's Chromium) before a real server: `shouxin serve` on a demo lender, one for each file.

The tests know the pages only, like any visitor; nothing of the lender runs in their process.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"

OPENED = """
import sys
from pathlib import Path
from shouxin.site import wiring
wiring.set_up_django()
from shouxin.records.outreach.models import Outbox
from shouxin.usecases.privacy.contact_notice import name_contact
from shouxin.usecases.privacy.contact_person import ContactPerson, Named
from shouxin.usecases.privacy.send_texts import send_texts
lender = wiring.open_lender(Path(sys.argv[1]))
"""
NAMING = """
borrower, phone, lang = sys.argv[2:]
subject = lender.vault.holders("phone", borrower)[0]
named = name_contact(lender, ContactPerson(subject=subject, name="Wen", phone=phone, relation="friend"), lang=lang)
assert isinstance(named, Named), named
"""
"""A naming as an application brings it."""
MORNING = """
Outbox.objects.filter(not_before__gt=lender.clock.now()).update(not_before=lender.clock.now())
send_texts(lender, limit=10)
"""


@dataclass(frozen=True)
class Served:
    """A served demo lender: its addresses and its sign-ins, as `shouxin serve --json` prints them."""

    url: str
    messages: str
    sign_ins: list[dict[str, str]]
    book: Path
    """The book's database, in which `a_day_passes` moves what lies behind further back."""
    person_key: Path | None = None
    """The key that the demo's borrower saved at enrolment, on their own disk."""

    def who(self, name: str) -> dict[str, str]:
        """How this one signs in."""
        return next(one for one in self.sign_ins if one["who"] == name)

    def code(self) -> str:
        """The six digits of the newest text message that holds a code, read where the demo shows it."""
        with urllib.request.urlopen(self.messages, timeout=10) as answer:
            found = re.findall(r"\b[0-9]{6}\b", answer.read().decode())
        assert found, "no message with a code arrived"
        return found[0]

    def notice(self, borrower: str, phone: str, lang: str = "zh") -> str:
        """Whoever has the number `borrower` names a contact person, whose notice arrives (were it night, by day).

        Gives the code in it.
        """
        self._run(NAMING, borrower, phone, lang)
        self.morning()
        return self.notice_code()

    def morning(self) -> None:
        """What waits for the day is sent."""
        self._run(MORNING)

    def _run(self, program: str, *said: str) -> None:
        subprocess.run([sys.executable, "-c", OPENED + program, str(self.book.parent), *said], check=True, timeout=60)

    def notice_code(self) -> str:
        """The code of the newest notice to a contact person."""
        with urllib.request.urlopen(self.messages, timeout=10) as answer:
            return re.findall(r"\b[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}\b", answer.read().decode())[0]

    def a_year_passes(self) -> None:
        """For the codes of notices: they open no page any more."""
        with contextlib.closing(sqlite3.connect(self.book, timeout=20)) as book, book:
            book.execute("UPDATE access_contactpass SET made_at = datetime(made_at, '-366 days')")

    def a_day_passes(self) -> None:
        """A minute lies between two codes to one number, and pressing often makes one wait: not today's tests."""
        with contextlib.closing(sqlite3.connect(self.book, timeout=20)) as book, book:
            book.execute("UPDATE access_onetimecode SET sent_at = datetime(sent_at, '-25 hours')")
            book.execute("UPDATE access_tries SET not_before = NULL, count = 0")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo lender, open: one for each file, since what one walk pays another would miss at the desk."""
    with _serving(tmp_path_factory.mktemp("shop") / "lender") as served:
        yield served


@contextlib.contextmanager
def _serving(data_dir: Path) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "shouxin", "serve", "--json", "--port", str(port), "--data-dir", str(data_dir)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        _wait_for(said["addresses"]["pages"])
        addresses, keys = said["addresses"], data_dir.parent.glob(f"{data_dir.name}-outside-*/person/person.key")
        url, messages = addresses["pages"].rstrip("/"), addresses.get("messages", "")
        yield Served(url, messages, said["sign_ins"], data_dir / "book.sqlite3", next(keys, None))
    finally:
        process.terminate()
        process.wait(timeout=20)
        if process.stdout is not None:
            process.stdout.close()


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert time.monotonic() < until, "the pages don't come up"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser, once a file: while it runs, its event loop keeps Django's tables from the tests of this process."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    assert path, "these tests need Debian's chromium: make system"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Look:
    """A page in one browser of its own, and what is done with each: a picture, and axe's findings."""

    page: Any
    name: str
    errors: list[str]

    def shot(self, name: str) -> None:
        """Keep a picture of the whole page, and find nothing wrong with it."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_load_state()  # a click comes back when the next page has begun, not when it is there
        before = self.page.viewport_size
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": before["width"], "height": max(before["height"], min(height, 12_000))})
        self.page.screenshot(path=SHOTS / f"{name}-{self.name}.png", full_page=True)
        self.page.set_viewport_size(before)
        self.sound()

    def sound(self) -> None:
        """axe-core finds no violation, and nothing is wider than the screen."""
        from axe_playwright_python.sync_playwright import Axe

        self.page.wait_for_load_state()
        found = Axe().run(self.page).response["violations"]
        assert not found, [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found]
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels wider than the screen"
        assert not self.errors, self.errors


@pytest.fixture
def visit(chromium: Any, shop: Served) -> Iterator[Any]:
    """Opens a browser of its own: `look = visit(lang="zh", screen=PHONE)`, then `look.page.goto(…)`."""
    opened = []

    def open_one(*, lang: str = "en", screen: dict[str, int] | None = None, theme: str = "light", **more: Any) -> Look:
        screen = screen or PHONE
        context = chromium.new_context(viewport=screen, color_scheme=theme, base_url=shop.url, **more)
        context.add_cookies([{"name": "lang", "value": lang, "url": shop.url}])
        page, errors = context.new_page(), []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        opened.append(context)
        size = "phone" if screen == PHONE else "desktop"
        return Look(page, f"{size}-{lang}-{theme}", errors)

    yield open_one
    for context in opened:
        context.close()
