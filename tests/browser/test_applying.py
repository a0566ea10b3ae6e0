"""Applying in a real browser: from the phone number to the receipt, and a decline."""

from __future__ import annotations

import re
import urllib.request
from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, PHONE

CARD = "6222 0210 1112 2220 003"
WALKS = [
    ("zh", PHONE, "light", "13800000201", "110101199003071102"),
    ("en", DESKTOP, "light", "13800000202", "110101199003071110"),
    ("zh", DESKTOP, "dark", "13800000203", "110101199003071129"),
    ("en", PHONE, "dark", "13800000204", "110101199003071137"),
]


ACTS = "form:not([action$='/apply/key'])"
"""Saving the key is a download: it leads nowhere."""


def press(page: Any, name: str = "", place: int = 0) -> None:
    """Press the `place`-th button of the page's own content, of those that carry `name` if that is given."""
    found = page.locator(f"main button[name={name}]" if name else f"main {ACTS} button[type=submit]")
    with page.expect_navigation():
        found.nth(place).click()


def follow(page: Any, path: str) -> None:
    """Follow the first link that looks like a button and whose address begins so."""
    with page.expect_navigation():
        page.locator(f"main a.btn[href^='{path}']").first.click()


def newest_text(shop: Any) -> str:
    """The newest text message, as the demo shows it."""
    with urllib.request.urlopen(shop.messages, timeout=10) as answer:
        found = re.search(r"<article>(.*?)</article>", answer.read().decode(), re.DOTALL)
    assert found, "no message arrived"
    return found[1]


def begin(look: Any, shop: Any, number: str) -> None:
    """From the start page through the code to the first question."""
    page = look.page
    page.goto("/apply")
    look.shot("apply-start")
    follow(page, "/sign-in")
    page.fill("[name=phone]", number)
    press(page)
    page.fill("[name=code]", shop.code())
    press(page)
    assert page.url.endswith("/apply/amount"), page.url


def answer(look: Any, shots: bool, obligations: str, id_number: str) -> None:
    """All questions; with `shots` a picture of each, and of what a slip looks like."""
    page = look.page
    shot = look.shot if shots else lambda _name: None
    page.fill("[name=amount]", "20000")
    press(page, "look")
    shot("apply-amount")
    page.check("[name=instalments][value='12']")
    press(page, place=1)
    page.fill("[name=name]", "李爱丽")
    page.fill("[name=id_number]", id_number[:-1])
    press(page)
    shot("apply-identity-slip")
    page.fill("[name=id_number]", id_number)
    page.fill("[name=id_valid_until]", "2036-03-06")
    press(page)
    page.fill("[name=income]", "八千多")
    press(page)
    assert page.locator("[name=income]").input_value() == "八千多"
    shot("apply-income-slip")
    page.fill("[name=income]", "8600")
    press(page)
    page.fill("[name=monthly_obligations]", obligations)
    press(page)
    page.fill("[name=employer]", "北斗面包房")
    shot("apply-employer")
    press(page)
    page.fill("[name=bank_card]", CARD)
    shot("apply-card")
    press(page)
    press(page, "leave_out")
    shot("apply-contacts")
    press(page, "leave_out")


def agree(look: Any, shots: bool) -> None:
    """Read the answers over, enrol, and answer the three consents."""
    page = look.page
    shot = look.shot if shots else lambda _name: None
    shot("apply-check")
    press(page)
    assert page.url.endswith("/apply/consents"), page.url
    shot("apply-consents")
    follow(page, "/apply/consents/credit_decision")
    for purpose, place in (("credit_decision", 0), ("credit_reporting", 0), ("marketing", 1)):
        assert page.url.endswith(purpose), page.url
        assert page.locator("main input:checked").count() == 0
        shot(f"apply-consent-{purpose}")
        press(page, "choice", place)
    shot("apply-consents-answered")
    press(page)


def understand(look: Any) -> None:
    """The cost sheet and its three questions, the first one wrong at first."""
    page = look.page
    follow(page, "/cost/")
    look.shot("cost")
    follow(page, "/quiz/")
    page.check("[value=borrow]")
    press(page)
    look.shot("quiz-wrong")
    for right in ("repay", "added", "me"):
        page.check(f"[value={right}]")
        press(page)
        look.shot(f"quiz-{right}")
        follow(page, "/quiz/" if right != "me" else "/sign/")


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: f"{walk[0]}-{walk[1]['width']}-{walk[2]}")
def test_it_leads_from_the_first_question_to_the_receipt(visit, shop, walk) -> None:
    lang, screen, theme, number, id_number = walk
    look = visit(lang=lang, screen=screen, theme=theme)
    page = look.page
    begin(look, shop, number)
    answer(look, True, "2150", id_number)
    agree(look, True)
    assert "¥12,000" in page.locator("h1").inner_text()
    look.shot("decision")
    decision = page.url
    page.goto("/me")
    assert page.locator("#offer").is_visible(), "an offer that waits is on the first page"
    look.shot("home-offer")
    page.goto(decision)
    understand(look)
    assert page.url.split("/")[-2] == "sign", page.url
    look.shot("sign")
    page.click("a[href$='/contract']")
    assert page.locator(".contract section").count() == 12
    look.shot("contract")
    page.click("main a.btn[href*='/sign/']")
    if theme == "light":
        sign(look, shop)


def sign(look: Any, shop: Any) -> None:
    """Ask for the code; bring back a wrong one, then the right one."""
    page = look.page
    shop.a_day_passes()
    press(page, "send")
    assert "¥12,000.00" in newest_text(shop)
    page.fill("[name=typed]", "".join(str(9 - int(digit)) for digit in shop.code()))
    press(page)
    look.shot("sign-wrong-code")
    page.fill("[name=typed]", shop.code())
    press(page)
    assert page.url.endswith("/done"), page.url
    look.shot("signed")
    page.click("a[href$='/contract']")
    assert page.locator(".notice.proof").is_visible()
    look.shot("contract-signed")
    page.goto(page.url.removesuffix("/contract"))
    assert page.url.endswith("/done"), page.url


def test_it_declines_without_shame(visit, shop) -> None:
    look = visit(lang="zh", screen=PHONE)
    begin(look, shop, "13800000205")
    answer(look, False, "6000", "110101199003071145")
    agree(look, False)
    assert look.page.locator("main .wrong, main .errors").count() == 0
    look.shot("decision-declined")
    look.page.goto("/apply")
    look.shot("apply-start-after-a-decline")


def test_it_works_without_script(visit, shop) -> None:
    look = visit(lang="en", screen=PHONE, java_script_enabled=False)
    begin_without_axe(look, shop, "13800000206")
    look.page.fill("[name=amount]", "20000")
    look.page.check("[name=instalments][value='12']")
    press(look.page, place=1)
    assert look.page.url.endswith("/apply/identity"), look.page.url


def begin_without_axe(look: Any, shop: Any, number: str) -> None:
    """As `begin`, where no script of ours or of a tool can run."""
    page = look.page
    page.goto("/apply")
    follow(page, "/sign-in")
    page.fill("[name=phone]", number)
    press(page)
    page.fill("[name=code]", shop.code())
    press(page)
