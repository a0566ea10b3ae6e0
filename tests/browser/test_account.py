"""A borrower's way in, and their account, as a browser shows it on a phone and on a desk."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESKTOP, PHONE

WORDS = {
    "zh": {
        "send": "发送验证码",
        "enter": "登录",
        "wrong": "请对照短信",
        "out": "退出登录",
        "refuse": "打开我的页面",
    },
    "en": {
        "send": "Send me the code",
        "enter": "Sign in",
        "wrong": "compare it with",
        "out": "Sign out",
        "refuse": "Open my page",
    },
}
LOOKS = [("zh", PHONE, "light"), ("en", DESKTOP, "light"), ("zh", DESKTOP, "dark"), ("en", PHONE, "dark")]
STRANGERS = iter(f"1390000{n:04}" for n in range(1000, 9999))


def button(page, words, name):
    return page.get_by_role("button", name=words[name], exact=True)


@pytest.mark.parametrize(("lang", "screen", "theme"), LOOKS)
def test_it_leads_in_by_a_code(visit, shop, lang, screen, theme):
    words, look = WORDS[lang], visit(lang=lang, screen=screen, theme=theme)
    page = look.page
    page.goto("/sign-in")
    look.shot("sign-in")
    page.locator("#id_phone").fill("138")
    button(page, words, "send").click()
    look.shot("sign-in-wrong")
    assert page.locator("#id_phone").input_value() == "138"
    page.locator("#id_phone").fill(next(STRANGERS))
    button(page, words, "send").click()
    look.shot("sign-in-code")
    page.locator("#id_code").fill("000000")
    button(page, words, "enter").click()
    assert words["wrong"] in page.locator(".errors").inner_text()
    look.shot("sign-in-code-wrong")
    page.locator("#id_code").fill(shop.code())
    button(page, words, "enter").click()
    assert "/apply" in page.url, "a number that no borrower has goes on to the application"


def test_it_shows_a_borrower_their_sign_ins_and_lets_them_out(visit, shop):
    """One sign-in for both looks: a number gets one code a minute."""
    phone = shop.who("borrower")["phone"]
    look = visit(lang="zh", screen=PHONE)
    page = look.page
    page.goto("/account")
    assert page.url.endswith("/sign-in?next=/account")
    page.locator("#id_phone").fill(phone)
    button(page, WORDS["zh"], "send").click()
    page.locator("#id_code").fill(shop.code())
    button(page, WORDS["zh"], "enter").click()
    page.wait_for_url("**/account")
    look.shot("account")
    page.goto("/account/phone")
    look.shot("account-phone")
    page.set_viewport_size(DESKTOP)
    page.context.add_cookies([{"name": "lang", "value": "en", "url": shop.url}])
    look.name = "desktop-en-light"
    page.goto("/account")
    look.shot("account")
    button(page, WORDS["en"], "out").click()
    look.shot("signed-out")
    page.goto("/account")
    assert "/sign-in" in page.url


@pytest.mark.parametrize(("lang", "screen", "theme"), LOOKS[:2])
def test_it_opens_a_contact_persons_door_without_an_account(visit, lang, screen, theme):
    look = visit(lang=lang, screen=screen, theme=theme)
    look.page.goto("/contact")
    look.shot("contact")
    look.page.locator("#id_code").fill("abcd-2345-efgh")
    button(look.page, WORDS[lang], "refuse").click()
    look.shot("contact-wrong")
    assert look.page.locator("#id_code").input_value() == "abcd-2345-efgh"


def test_it_can_be_done_by_keyboard_alone(visit, shop):
    look = visit(lang="en", screen=DESKTOP)
    page = look.page
    page.goto("/sign-in")
    page.locator("#id_phone").focus()
    page.keyboard.type(next(STRANGERS))
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code")
    page.locator("#id_code").focus()
    page.keyboard.type(shop.code())
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply**")
