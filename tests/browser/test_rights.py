"""My rights in a real browser, on a phone and at a desk: asked, answered, my copy taken, and my account ended."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pyotp
import pytest

from shouxin.adapters.clock import SystemClock
from tests.browser.conftest import DESKTOP, PHONE

OWN = "four plain words here"
CAST = Path(__file__).resolve().parents[2] / "src" / "shouxin" / "assurance" / "demo" / "desk_day.toml"
BOTH = pytest.mark.parametrize(("lang", "screen"), [("zh", PHONE), ("en", DESKTOP)])


@pytest.fixture(scope="module")
def signed_in(chromium: Any, shop: Any) -> Any:
    """The cookies of a borrower who signed in by a code to this number."""

    def sign_in(phone: str) -> dict[str, Any]:
        context = chromium.new_context(base_url=shop.url)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("[name=phone]", phone)
        page.click("main button[type=submit]")
        page.fill("[name=code]", shop.code())
        page.click("main button[type=submit]")
        page.wait_for_url("**/me")
        state: dict[str, Any] = context.storage_state()
        context.close()
        shop.a_day_passes()
        return state

    return sign_in


@pytest.fixture(scope="module")
def borrower(signed_in: Any, shop: Any) -> dict[str, Any]:
    return dict(signed_in(shop.who("borrower")["phone"]))


def proved(look: Any, shop: Any, button: str) -> None:
    """Send the code, and type it."""
    look.page.click(f"text={button}")
    look.page.wait_for_url("**/code")
    look.page.fill("[name=typed]", shop.code())


@BOTH
def test_it_reads_well_on_a_phone_and_at_a_desk(visit, borrower, lang, screen):
    look = visit(lang=lang, screen=screen, storage_state=borrower)
    for path, name in (
        ("/me/rights", "rights"),
        ("/me/rights/correct?field=income", "rights-correct"),
        ("/me/rights/correct?field=name", "rights-document"),
        ("/me/rights/copy", "rights-copy"),
        ("/me/rights/delete?field=income", "rights-delete"),
        ("/me/rights/erase", "rights-erase"),
    ):
        look.page.goto(path)
        look.shot(name)


def test_a_copy_is_read_and_taken_away(visit, borrower, shop, tmp_path):
    look = visit(lang="zh", storage_state=borrower)
    look.page.goto("/me/rights/copy")
    proved(look, shop, "发送验证码")
    look.shot("rights-code")
    look.page.click("text=确认是我本人")
    look.shot("rights-ready")
    with look.page.expect_download() as saving:
        look.page.click("text=存成文件")
    path = tmp_path / "my-data.json"
    saving.value.save_as(path)
    assert json.loads(path.read_text("utf-8"))["fields"]["phone"] == shop.who("borrower")["phone"]
    look.page.goto("/me/rights/copy")
    look.page.click("text=在页面上看")
    look.page.wait_for_selector("dl")
    assert shop.who("borrower")["phone"] in look.page.inner_text("main")
    look.shot("rights-page")
    shop.a_day_passes()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_asked_waits_at_the_desk_and_is_answered(visit, borrower, shop, lang):
    look = visit(lang=lang, screen=PHONE, storage_state=borrower)
    right = {"zh": "Ai Lian", "en": "Ai Lien"}[lang]
    look.page.goto("/me/rights/correct?field=name")
    look.page.fill("[name=value]", right)
    look.page.click("main form button[type=submit]")
    look.page.wait_for_url("**/me/rights")
    look.shot("rights-waits")
    desk = visit(lang=lang, screen=DESKTOP)
    staff(desk, shop, "compliance:p1")
    desk.shot("desk-rights")
    desk.page.click("table a.btn")
    assert right not in desk.page.inner_text("main")
    desk.shot("desk-rights-one")
    desk.page.check("[name=outcome][value=done]")
    desk.page.fill("[name=seen]", "somebody else")
    desk.page.click("main button[type=submit]")
    desk.page.wait_for_selector(".error")
    desk.page.wait_for_load_state()
    desk.errors.clear()  # the browser notes the answer 400, as it should
    desk.shot("desk-rights-differ")
    desk.page.check("[name=outcome][value=done]")
    desk.page.fill("[name=seen]", right)
    desk.page.click("main button[type=submit]")
    desk.page.wait_for_url("**/desk/rights")
    assert desk.page.locator("table a.btn").count() == 0
    look.page.goto("/me/rights")
    look.shot("rights-answered")
    look.page.locator("[aria-labelledby=before-h] a").nth(1).click()
    look.page.wait_for_url("**/data/entry/*")
    look.shot("rights-entry")


@BOTH
def test_it_is_only_kept_and_used_again_by_one_press_each(visit, borrower, lang, screen):
    look = visit(lang=lang, screen=screen, storage_state=borrower)
    look.page.goto("/me/rights")
    for act in ("restrict", "lift"):
        look.page.locator(f"#restriction button[value={act}]").first.click()
        look.page.wait_for_selector(".flash")
        look.shot(f"rights-{act}")


@BOTH
def test_a_decision_by_machine_is_looked_at_by_a_person(visit, borrower, shop, lang, screen):
    look = visit(lang=lang, screen=screen, storage_state=borrower)
    look.page.goto("/me/rights")
    look.page.locator("#human_review button[name=application]").first.click()
    look.page.wait_for_selector(".flash")
    rule = {"zh": "本机构政策", "en": "house policy"}[lang]
    assert rule in look.page.locator("[aria-labelledby^=w]").inner_text(), "the clock names its rule"
    look.shot("rights-review-waits")
    desk = visit(lang=lang, screen=screen)
    staff(desk, shop, "underwriter:u1")
    desk.shot("desk-rights-underwriter")
    desk.page.click("table a.btn")
    desk.page.wait_for_selector("[name=outcome]")
    desk.shot("desk-rights-review")
    desk.page.check("[name=outcome][value=upheld]")
    desk.page.click("main button[type=submit]")
    desk.page.wait_for_url("**/desk/rights")
    desk.shot("desk-rights-reviewed")
    look.page.goto("/me/rights")
    said = {"zh": "维持原来的决定", "en": "The decision stands"}[lang]
    assert said in look.page.locator("[aria-labelledby=before-h]").inner_text()


@BOTH
def test_a_relative_asks_at_the_desk_and_the_history_tells(visit, borrower, shop, lang, screen):
    desk, look = visit(lang=lang, screen=screen), visit(lang=lang, screen=screen, storage_state=borrower)
    staff(desk, shop, "compliance:p1")
    desk.page.goto("/desk/rights/kin")
    desk.shot("desk-rights-kin")
    desk.page.fill("[name=id_number]", "110101199003071014")
    desk.page.click("main button[type=submit]")
    desk.page.wait_for_url("**/desk/rights")
    desk.shot("desk-rights-kin-waits")
    desk.page.click("table a.btn")
    desk.page.wait_for_selector("[name=outcome]")
    desk.shot("desk-rights-kin-one")
    look.page.goto("/me/rights")
    look.shot("rights-kin-waits")
    desk.page.check(f"[name=outcome][value={'death_not_shown' if lang == 'en' else 'copy_given'}]")
    desk.page.click("main button[type=submit]")
    desk.page.wait_for_load_state()
    desk.shot("desk-rights-kin-answered")
    look.page.goto("/me/rights")
    assert look.page.locator("[aria-labelledby^=w]").count() == 0, "answered"


def test_a_contact_person_sees_their_history_and_refuses_for_good(visit, shop):
    code = shop.notice(shop.who("borrower")["phone"], "13700000171")
    look = visit(lang="zh", screen=PHONE)
    page = look.page
    page.goto("/contact")
    page.fill("[name=code]", code.upper())
    page.click("main form button[type=submit]")
    page.wait_for_url("**/contact/mine")
    look.shot("contact-mine")
    page.goto("/contact/copy")
    look.shot("contact-copy")
    page.fill("[name=code]", code)
    page.click("main form button[type=submit]")
    page.wait_for_selector("dl.facts")
    assert "13700000171" in page.inner_text("main")
    look.shot("contact-copy-shown")
    page.goto("/contact/refuse")
    look.shot("contact-refuse")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/contact/mine")
    assert "您拒绝了" in page.inner_text("h1")
    look.shot("contact-refused")


def test_a_contact_person_has_a_new_code_sent_and_ends_their_history(visit, shop):
    old = shop.notice(cast("DD-1"), "13700000172", "en")
    shop.a_year_passes()
    look = visit(lang="en", screen=DESKTOP)
    page = look.page
    page.goto("/contact")
    page.fill("[name=code]", old)
    page.click("main form button[type=submit]")
    page.wait_for_selector("#again")
    look.shot("contact-late")
    page.locator("[aria-labelledby=again] button").click()
    page.wait_for_url("**/contact/again")
    look.shot("contact-again")
    shop.morning()
    assert shop.notice_code() != old
    page.goto("/contact")
    page.fill("[name=code]", shop.notice_code())
    page.click("main form button[type=submit]")
    page.wait_for_url("**/contact/mine")
    look.shot("contact-mine")
    page.goto("/contact/erase")
    look.shot("contact-erase")
    page.fill("[name=code]", shop.notice_code())
    page.click("main form button[type=submit]")
    page.wait_for_url("**/contact/erased")
    look.shot("contact-erased")
    page.locator("form[action$=destroy] button").click()
    page.wait_for_url("**/contact/gone")
    look.shot("contact-gone")


def test_with_a_contract_only_a_part_goes(visit, borrower, shop):
    look = visit(lang="en", screen=PHONE, storage_state=borrower)
    look.page.goto("/me/rights/erase")
    proved(look, shop, "Send me the code to delete it")
    look.shot("rights-erase-code")
    look.page.click("text=Delete what can go")
    look.page.wait_for_url("**/erased")
    look.shot("rights-erased")
    look.page.goto("/me")
    look.sound()


def test_when_all_is_paid_a_duty_keeps_a_part_until_its_last_day(visit, borrower, shop):
    shop.a_day_passes()
    look = visit(lang="zh", screen=PHONE, storage_state=borrower)
    page = look.page
    page.goto("/me")
    page.click("a[href$='/pay']")
    page.locator("[aria-labelledby=all] form button").click()
    page.click("main a.btn[href^='http']")
    page.click("button.pay")
    page.wait_for_url(f"{shop.url}/pay/*")
    for lang, screen in (("en", DESKTOP), ("zh", PHONE)):
        look = visit(lang=lang, screen=screen, storage_state=page.context.storage_state())
        look.page.goto("/me/rights/erase")
        kept = look.page.locator("[aria-labelledby=stays-h]").inner_text()
        assert "反洗钱法" in kept and {"zh": "到 20", "en": "until "}[lang] in kept
        look.shot("rights-erase-held")
    proved(look, shop, "发送删除用的验证码")
    look.page.locator("main form button[type=submit]").click()
    look.page.wait_for_url("**/erased")
    look.shot("rights-erased-held")
    look.page.goto("/me/rights")
    assert "反洗钱法" in look.page.locator("[aria-labelledby=kept-h]").inner_text()
    look.shot("rights-held")


def cast(ref: str) -> str:
    """The number of one of the demo's second cast."""
    return next(one["phone"] for one in tomllib.loads(CAST.read_text("utf-8"))["person"] if one["ref"] == ref)


SECRET: dict[str, Any] = {}


def staff(look: Any, shop: Any, actor: str) -> None:
    """Somebody at the desk of requests; the first time they choose a password."""
    who, page = shop.who(actor), look.page
    totp = pyotp.parse_uri(who["otpauth"])
    page.goto("/desk/rights")
    page.fill("input[name=actor]", actor)
    page.fill("input[name=password]", SECRET.get(actor, who["password"]))
    page.fill("input[name=code]", _fresh(page, totp, actor))
    page.click("main button[type=submit]")
    if page.url.endswith("/desk/password"):
        page.fill("input[name=password]", who["password"])
        page.fill("input[name=new]", OWN)
        page.click("main button[type=submit]")
        SECRET[actor] = OWN
    page.wait_for_url("**/desk/rights")


def _fresh(page: Any, totp: Any, actor: str) -> str:
    """A code of a time step that wasn't used yet, within what is taken."""
    while True:
        step = int(SystemClock().now().timestamp()) // 30
        for one in (step - 1, step, step + 1):
            if one > SECRET.get(f"{actor} used", 0):
                SECRET[f"{actor} used"] = one
                return str(totp.generate_otp(one))
        page.wait_for_timeout(1000)
