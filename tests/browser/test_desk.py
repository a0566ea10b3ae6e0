"""One desk day in a real browser: sign in, the first case, a reminder, a try, a promise, and a look that is refused.

The demo is served at the hour that it is. At night the rules refuse what this walk does by day, and then the walk
asserts that instead.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pyotp
import pytest

from shouxin.adapters.clock import SystemClock
from tests.browser.conftest import DESKTOP, PHONE

SHANGHAI = ZoneInfo("Asia/Shanghai")
OWN = "blue kettle on the hob"
PROMISED = "[aria-labelledby=may-not] a[href$='#HOUSE.PROMISE']"
"""The house rule where it stands beside what it forbids now."""
WORDS = {
    "en": {"open": "Open", "why": "See why", "said": "The reminder was sent"},
    "zh": {"open": "打开", "why": "看原因", "said": "提醒已发到对方留的邮箱"},
}


def now() -> datetime:
    """The real time: the served lender keeps it too."""
    return SystemClock().now().astimezone(SHANGHAI)


def quiet() -> bool:
    """Do the rules forbid contact at this hour in Shanghai?"""
    return not 8 <= now().hour < 22


@pytest.fixture(scope="module")
def secrets(shop):
    """Bo's credential; its password is replaced by one of his own at the first sign-in of the module."""
    who = shop.who("collector:k31")
    return {"password": who["password"], "totp": pyotp.parse_uri(who["otpauth"]), "used": set()}


def fresh_code(page, secrets) -> str:
    """A code that wasn't used yet: each is good once, for half a minute and a little around it."""
    totp = secrets["totp"]
    while True:
        moment = now()
        for steps in (-1, 0, 1):
            code = totp.at(moment + timedelta(seconds=30 * steps))
            step = int((moment + timedelta(seconds=30 * steps)).timestamp()) // 30
            if step > max(secrets["used"], default=0):
                secrets["used"].add(step)
                return code
        page.wait_for_timeout(1000)


def signed_in(look, secrets) -> None:
    """Bo at his desk; the first time he has to choose a password."""
    page = look.page
    page.goto("/desk")
    assert "/desk/sign-in" in page.url
    look.shot("desk-sign-in")
    page.fill("input[name=actor]", "collector:k31")
    page.fill("input[name=password]", secrets["password"])
    page.fill("input[name=code]", fresh_code(page, secrets))
    page.click("main button[type=submit]")
    if page.url.endswith("/desk/password"):
        look.shot("desk-password")
        page.fill("input[name=password]", secrets["password"])
        page.fill("input[name=new]", OWN)
        page.click("main button[type=submit]")
        secrets["password"] = OWN
    page.wait_for_url("**/desk")


@pytest.mark.parametrize(
    ("lang", "screen", "theme"),
    [("en", DESKTOP, "light"), ("zh", PHONE, "light"), ("zh", DESKTOP, "dark"), ("en", PHONE, "dark")],
    ids=["desktop-en", "phone-zh", "desktop-zh-dark", "phone-en-dark"],
)
def test_it_walks_through_a_day_at_the_desk(visit, secrets, lang, screen, theme):
    look = visit(lang=lang, screen=screen, theme=theme)
    page = look.page
    signed_in(look, secrets)
    look.shot("desk-today")
    rows = page.locator("tr[data-case]")
    assert rows.count() == 4
    page.locator("tr[data-case] a.btn").first.click()
    case = page.url
    assert "/desk/case/C-" in case
    assert page.locator("dd[data-field=balance]").count() == 1
    look.shot("desk-case")
    _remind(look, lang)
    _number(look)
    _try(look, case)
    _wrong_promise(look, case)
    _promise(look, case)
    _rests(look, lang)


def _noted(look, status: int) -> None:
    """The browser's own line about a page's status comes a moment later; it is no fault of the page."""
    for _ in range(100):
        if look.errors:
            break
        look.page.wait_for_timeout(50)
    assert [f" {status} " in line for line in look.errors] == [True]
    look.errors.clear()


def _remind(look, lang: str) -> None:
    """Once a day to one person: the first walk sends it, the later ones find it on the other side with its rule."""
    page = look.page
    button = page.locator("form[action$=reminder] button")
    if not button.count():
        assert page.locator("[aria-labelledby=may-not] .due").count()
        return
    button.click()
    assert WORDS[lang]["said"] in page.locator("[role=status]").inner_text()
    look.shot("desk-reminded")


def _number(look) -> None:
    page = look.page
    button = page.locator("form[action$=number] button")
    if quiet() or page.locator(PROMISED).count():
        assert not button.count()
        return
    button.click()
    assert page.locator("[data-field=phone]").inner_text().startswith("138")
    look.shot("desk-number")


def _try(look, case: str) -> None:
    page = look.page
    page.goto(f"{case}/try")
    page.click("main button[type=submit]")
    _noted(look, 400)
    look.shot("desk-try-error")
    page.check("input[value=no_answer]")
    page.click("main button[type=submit]")
    assert page.url == case and page.locator("[role=status]").count() == 1
    look.shot("desk-tried")


def _wrong_promise(look, case: str) -> None:
    page = look.page
    page.goto(f"{case}/promise")
    page.fill("input[name=amount]", "soon")
    page.click("main button[type=submit]")
    assert page.locator("input[name=amount]").input_value() == "soon"
    _noted(look, 400)
    look.shot("desk-promise-error")


def _promise(look, case: str) -> None:
    page = look.page
    tomorrow = (now() + timedelta(days=1)).date()
    page.fill("input[name=amount]", "600")
    page.fill("input[name=by]", tomorrow.isoformat())
    page.click("main button[type=submit]")
    assert page.url == case and page.locator("[role=status]").count() == 1
    assert page.locator(PROMISED).count() >= 2, "neither a call nor a letter before that day is over"
    look.shot("desk-promised")


def _rests(look, lang: str) -> None:
    """A refused look: the case of somebody who is left in peace."""
    page = look.page
    page.goto("/desk")
    page.get_by_text(WORDS[lang]["why"]).first.click()
    assert page.locator("[data-field]").count() == 0
    _noted(look, 403)
    look.shot("desk-at-rest")
