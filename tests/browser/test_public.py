"""The public pages before a reader: on a phone and a desk, in both languages, in light and dark, with and without script."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESKTOP, PHONE

PAGES = {
    "home": "/",
    "how": "/how",
    "check": "/check",
    "log": "/log",
    "partners": "/partners",
    "rules": "/rules",
    "rules-topic": "/rules?topic=collecting",
    "terms": "/terms",
    "notice": "/terms/enrolment",
    "cost": "/cost",
    "help": "/help",
}
FILES = ("bundle.json", "trust.json", "person.key")
BY_PHONE = {"lang": "zh", "screen": PHONE}
TIMES_OUT = 10_000


PAIRWISE = [("zh", PHONE, "light"), ("zh", DESKTOP, "dark"), ("en", PHONE, "dark"), ("en", DESKTOP, "light")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "screen", "theme"), PAIRWISE, ids=lambda one: one if isinstance(one, str) else str(one["width"])
)
def test_it_can_be_read_by_everybody(visit, lang, screen, theme):
    look = visit(lang=lang, screen=screen, theme=theme)
    for name, address in PAGES.items():
        look.page.goto(address)
        look.shot(f"public-{name}")


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_fits_the_smallest_screen_and_the_largest_letters(visit, shop, lang):
    look = visit(lang=lang, screen={"width": 320, "height": 640})
    look.page.context.add_cookies([{"name": "size", "value": "large", "url": shop.url}])
    for address in PAGES.values():
        look.page.goto(address)
        look.sound()


def test_it_works_the_example_out_and_never_lights_the_seal_of_a_persons_own(visit):
    look = visit(**BY_PHONE)
    look.page.goto("/")
    look.page.get_by_role("button", name="在这台设备上验证").click()
    look.page.wait_for_selector(".seal-box.is-example", timeout=TIMES_OUT)
    assert look.page.locator(".seal-box.is-whole").count() == 0
    said = look.page.locator(".seal-box").inner_text()
    assert "示例算得通" in said
    assert "完整，没有被改写" not in said
    assert "钥匙就是登记时的那一把" not in said
    look.shot("public-home-checked")


@pytest.fixture
def files(visit, tmp_path):
    """The example's three files, as somebody would have saved them."""
    look = visit()
    for name in FILES:
        answer = look.page.request.get(f"/example/{name}")
        (tmp_path / name).write_bytes(answer.body())
    return tmp_path


def _choose(page, folder):
    for kind, name in zip(("bundle", "trust", "key"), FILES, strict=True):
        page.locator(f"#{kind}").set_input_files(folder / name)
    page.locator("[data-verify=start]").click()
    page.wait_for_selector(".seal-box:is(.is-whole, .is-old, .is-broken, .is-unknown)", timeout=TIMES_OUT)


def test_it_checks_files_that_never_leave_the_device(visit, files):
    look, sent = visit(lang="en"), []
    look.page.goto("/check")
    look.page.on("request", lambda request: sent.append(request.post_data))
    _choose(look.page, files)
    assert look.page.locator(".seal-box:is(.is-whole, .is-old)").count() == 1, "old once its week is over"
    assert not any(sent)
    look.shot("public-check-done")


@pytest.mark.parametrize("name", FILES)
def test_it_notices_one_changed_sign_in_any_file(visit, files, name):
    data = bytearray((files / name).read_bytes())
    data[len(data) // 2] ^= 1
    (files / name).write_bytes(bytes(data))
    look = visit(lang="en")
    look.page.goto("/check")
    _choose(look.page, files)
    assert look.page.locator(".seal-box.is-broken").count() == 1
    if name == FILES[0]:
        look.shot("public-check-broken")


def test_it_works_without_script(visit):
    look = visit(**BY_PHONE, java_script_enabled=False)
    look.page.goto("/check")
    assert "不用脚本也行" in look.page.locator("main").inner_text()
    assert not look.page.locator("[data-verify=start]").is_visible()
    look.page.goto("/")
    look.page.get_by_text("菜单", exact=True).click()
    look.page.locator(".menu").get_by_role("link", name="借款与成本").click()
    look.page.locator("#amount").fill("5000")
    look.page.locator("#instalments").select_option("6")
    look.page.get_by_role("button", name="算出成本").click()
    assert "借 ¥5,000.00" in look.page.locator("h1").inner_text()


def test_it_keeps_what_was_typed_and_leads_to_the_field(visit):
    look = visit(**BY_PHONE)
    look.page.goto("/cost?amount=lots&instalments=12")
    look.errors.clear()  # the browser notes the status 400
    look.shot("public-cost-error")
    look.page.get_by_role("link", name="金额请填数字，例如 12000").click()
    assert look.page.evaluate("document.activeElement.id") == "amount"
    assert look.page.locator("#amount").input_value() == "lots"


def test_it_changes_language_letters_and_colours_and_stays_on_the_page(visit):
    look = visit(lang="zh", screen=DESKTOP)
    look.page.goto("/rules")
    look.page.get_by_role("button", name="English").click()
    assert look.page.url.endswith("/rules")
    assert look.page.locator("html").get_attribute("lang") == "en"
    look.page.get_by_role("button", name="Dark page").click()
    assert look.page.locator("html").get_attribute("data-theme") == "dark"
    look.page.get_by_role("button", name="Large letters").click()
    assert look.page.locator("html").get_attribute("data-size") == "large"
    assert look.page.url.endswith("/rules")
    look.shot("public-rules-large")


def test_it_can_be_gone_through_by_keyboard_alone(visit):
    look = visit(lang="en", screen=DESKTOP)
    look.page.goto("/")
    look.page.keyboard.press("Tab")
    assert look.page.evaluate("document.activeElement.className") == "skip"
    look.page.keyboard.press("Enter")
    look.page.keyboard.press("Tab")
    assert look.page.evaluate("document.activeElement.innerText") == "How to check"
    look.page.keyboard.press("Enter")
    look.page.wait_for_url("**/how")


def test_it_says_the_same_of_what_is_missing_on_every_screen(visit):
    look = visit(**BY_PHONE)
    look.page.goto("/nothing")
    look.errors.clear()  # the browser notes the status 404
    look.shot("public-missing")


def test_it_asks_no_other_host(visit, shop):
    look, asked = visit(lang="en"), []
    look.page.on("request", lambda request: asked.append(request.url))
    for address in PAGES.values():
        look.page.goto(address)
    assert asked
    assert [one for one in asked if not one.startswith(shop.url)] == []
