"""Living with a loan, in a real browser: what is owed, the schedule, paying through the gateway, and putting off.

The people are the demo's second cast; whoever is changed here is changed by these tests alone.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, PHONE

CAST = Path(__file__).resolve().parents[2] / "src" / "shouxin" / "assurance" / "demo" / "desk_day.toml"
LATE, PAYS, PUTS_OFF, PUT_OFF = "DD-1", "DD-2", "DD-4", "DD-3"
LOOKS = [
    ("zh", PHONE, "light"),
    ("en", PHONE, "light"),
    ("zh", DESKTOP, "light"),
    ("en", DESKTOP, "light"),
    ("zh", PHONE, "dark"),
]


@pytest.fixture(scope="module")
def states(chromium: Any, shop: Any) -> Any:
    """Signs each of the cast in once, by a code; gives the cookies."""
    phones = {one["ref"]: one["phone"] for one in tomllib.loads(CAST.read_text("utf-8"))["person"]}
    kept: dict[str, Any] = {}

    def sign_in(ref: str) -> Any:
        if ref not in kept:
            context = chromium.new_context(base_url=shop.url)
            context.add_cookies([{"name": "lang", "value": "en", "url": shop.url}])
            page = context.new_page()
            page.goto("/sign-in")
            page.fill("[name=phone]", phones[ref])
            page.click("main button[type=submit]")
            page.fill("[name=code]", shop.code())
            page.click("main button[type=submit]")
            page.wait_for_url("**/me")
            kept[ref] = context.storage_state()
            context.close()
        return kept[ref]

    return sign_in


@pytest.fixture
def who(visit: Any, states: Any) -> Any:
    """Opens the pages as one of the cast: `look = who("DD-1", lang="zh")`."""

    def open_one(ref: str, **how: Any) -> Any:
        look = visit(storage_state=states(ref), **how)
        look.page.goto("/me")
        return look

    return open_one


def heading(look: Any) -> str:
    return str(look.page.locator("h1").inner_text())


@pytest.mark.parametrize(("lang", "screen", "theme"), LOOKS)
def test_it_shows_what_is_late_and_what_it_costs(who, lang, screen, theme):
    look = who(LATE, lang=lang, screen=screen, theme=theme)
    assert "还没收到" in heading(look) or "has not been received yet" in heading(look)
    look.shot("home-late")
    look.page.click("a[href*='?row=']")
    assert look.page.locator("#row").is_visible()
    look.page.click(".picture summary")
    look.shot("schedule-row")
    look.page.goto("/me")
    look.page.click("a[href$='/pay']")
    look.shot("pay")
    look.page.goto("/me")
    look.page.click("a[href$='/defer']")
    look.shot("defer")
    look.page.click("a[href^='?by=2']")
    assert look.page.locator("#chosen a.btn").count() == 1
    look.shot("defer-two")
    look.page.click("#chosen a.btn")
    assert look.page.locator("button[name=send]").count() == 1
    look.shot("put-off-confirm")


@pytest.mark.parametrize(("lang", "screen"), [("zh", PHONE), ("en", DESKTOP)])
def test_it_shows_that_a_deferral_is_kept(who, lang, screen):
    look = who(PUT_OFF, lang=lang, screen=screen)
    assert look.page.locator(".pause").count() >= 1
    look.shot("home-put-off")
    look.page.click("main a[href$='/defer']")
    assert look.page.locator("main a[href^='tel:']").count() == 1, (
        "a person can be reached where no second one is agreed"
    )
    look.shot("put-off-kept")
    look.page.goto("/schedule")
    look.shot("schedule-put-off")


def test_it_says_what_is_wrong_with_an_amount_and_keeps_it(who):
    look = who(LATE, lang="zh")
    look.page.click("a[href$='/pay']")
    look.page.fill("[name=amount]:not([type=hidden])", "五百")
    look.page.click("text=看看还的是什么")
    assert look.page.locator(".errors").is_visible()
    assert look.page.input_value("[name=amount]:not([type=hidden])") == "五百"
    look.errors.clear()  # the browser notes the status 400 of a form that was not understood
    look.shot("pay-wrong")
    look.page.fill("[name=amount]:not([type=hidden])", "￥５００")
    look.page.click("text=看看还的是什么")
    assert "¥500.00" in look.page.locator("#repays").inner_text()
    look.shot("pay-other")


def test_it_pays_through_the_gateway_and_shows_each_thing_that_can_happen(who, shop):
    look = who(PAYS, lang="zh")
    page = look.page
    owed = page.locator(".amount").first.inner_text()
    page.click("a[href$='/pay']")
    page.click(f"main form button:has-text('还 {owed}') >> nth=0")
    assert heading(look) == f"{owed} 等您去付"
    look.shot("payment-waiting")
    page.click("main a.btn[href^='http']")
    assert not page.url.startswith(shop.url)
    assert "演示网关" in page.locator("main").inner_text()
    look.shot("gateway")
    page.click("button.decline")
    page.wait_for_url(f"{shop.url}/pay/*")
    assert heading(look) == "没有付成，什么也没有扣"
    look.shot("payment-declined")
    page.click("main a[href$='/pay']")
    page.click(f"main form button:has-text('还 {owed}') >> nth=0")
    page.click("main a.btn[href^='http']")
    page.click("button.pay")
    page.wait_for_url(f"{shop.url}/pay/*")
    assert heading(look) == f"收到 {owed}，谢谢"
    look.shot("payment-paid")
    page.set_viewport_size(DESKTOP)
    look.name = "desktop-zh-light"
    look.shot("payment-paid")
    page.goto("/me")
    assert "还没收到" not in heading(look)
    look.shot("home-paid")


def test_it_puts_off_by_a_code_without_script_and_says_so(who, shop):
    look = who(PUTS_OFF, lang="en", java_script_enabled=False)
    page = look.page
    page.click("a[href$='/defer']")
    page.click("a[href^='?by=1']")
    page.click("#chosen a.btn")
    assert heading(look).startswith("Put off by 1 month: ")
    shop.a_day_passes()
    page.click("button[name=send]")
    page.fill("[name=typed]", "000000")
    page.click("main form.card button:not([name])")
    assert page.locator(".errors").is_visible()
    page.fill("[name=typed]", shop.code())
    page.click("main form.card button:not([name])")
    assert heading(look).startswith("Agreed: the next payment is on")
    look = who(PUTS_OFF, lang="en")  # the tool that looks for faults needs script
    page = look.page
    page.click("main a[href$='/defer']")
    look.shot("put-off")
    page.goto("/me")
    assert page.locator(".pause").count() == 1
    look.shot("home-just-put-off")


def test_it_keeps_the_way_to_a_person_on_every_page_in_large_letters(who):
    look = who(LATE, lang="zh")
    look.page.click("button[name=size]")
    for path in ("/me", "/schedule", "/data", "/help", "/rules", "/nowhere"):
        look.page.goto(path)
        assert look.page.locator("header a[href='tel:400-000-0000']").is_visible(), path
        look.errors.clear()  # the browser notes the 404
        if path in ("/me", "/rules"):
            look.shot("large" + path.replace("/", "-"))


def test_it_works_without_script_and_on_the_narrowest_screen(visit, states):
    look = visit(storage_state=states(LATE), lang="en", screen={"width": 320, "height": 700}, java_script_enabled=False)
    page = look.page
    page.goto("/me")
    page.click("a[href$='/pay']")
    page.fill("[name=amount]:not([type=hidden])", "12.34")
    page.click("text=See what it repays")
    assert "¥12.34" in page.locator("#repays").inner_text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_fits_the_narrowest_screen(who, lang):
    look = who(LATE, lang=lang, screen={"width": 320, "height": 700})
    look.name = f"narrow-{lang}-light"
    for path in ("/me", "/schedule", "pay", "defer?by=3"):
        if not path.startswith("/"):
            look.page.goto("/schedule")
            look.page.goto(look.page.url + "/" + path)
        else:
            look.page.goto(path)
        look.shot("narrow-" + path.strip("/").partition("?")[0])
