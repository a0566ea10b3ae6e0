"""Who used my data, in a real browser: the seal as the reader's own device finds it, the key, the consents."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser.conftest import SHOTS
from tests.browser.data.steps import KEY, LOOKS, SEAL, START, bundle, check, outcome, press, said


@pytest.mark.parametrize(("lang", "screen", "theme"), LOOKS)
def test_it_is_unlit_until_the_readers_own_device_has_looked(data, person_key, lang, screen, theme):
    look = data(lang=lang, screen=screen, theme=theme)
    assert look.page.locator(".is-whole").count() == 0
    look.page.wait_for_selector(START)
    look.shot("data-unlit")
    assert check(look, person_key) == "whole"
    look.shot("data-whole")


def test_it_ticks_what_it_has_checked_and_no_more(data, person_key):
    look = data(lang="en")
    check(look, person_key)
    found = said(look)
    entries = len(bundle(look)["openings"])
    assert f"all {entries} entries agree" in found
    assert f"There is no hidden entry {entries + 1}" in found
    assert "no witness cosigns yet" in found
    assert "The key is the one of your enrolment" in found
    assert look.page.locator(".ticks .off").count() == 0


def test_it_issues_the_key_again_by_a_code_and_says_what_that_cannot_prove(data, shop):
    look = data("/data/key", lang="en")
    shop.a_day_passes()
    look.page.click("main form:not(.switches) button[type=submit]")
    look.page.wait_for_url("**/data/key/code")
    look.shot("data-key-code")
    look.page.fill("[name=typed]", shop.code())
    look.page.click("main button[type=submit]")
    look.page.wait_for_url("**/data#ask-key")
    look.page.click("text=Issue my key again")
    assert outcome(look) == "whole"
    assert "can't prove that it is your first key" in said(look)
    assert "Entries added since you opened this page: 1" in said(look)


def test_it_asks_for_the_key_when_the_device_has_none(data):
    look = data(lang="en")
    assert press(look) == "unknown"
    assert look.page.is_visible(KEY)
    assert look.page.evaluate("document.activeElement.dataset.verify") == "key"
    look.shot("data-no-key")


def test_it_keeps_the_key_only_by_a_press_and_forgets_it_by_another(data, person_key):
    look = data(lang="en")
    check(look, person_key)
    secret = json.loads(person_key.read_text())["keys"][0]["key"]
    stored = "JSON.stringify(localStorage)"
    assert secret not in look.page.evaluate(stored)
    look.page.click("text=Keep the key on this device")
    assert secret in look.page.evaluate(stored)
    look.page.reload()
    assert press(look) == "whole"
    assert "It continues what this device saw last time" in said(look)
    look.page.click("text=Remove my key from this device")
    assert secret not in look.page.evaluate(stored)
    assert press(look) == "unknown"


@pytest.mark.parametrize(("lang", "words"), [("en", "can't be caught by it"), ("zh", "靠它自己查不出来")])
def test_it_says_what_it_cannot_catch_and_where_else_to_take_the_verifier(data, lang, words):
    look = data(lang=lang)
    assert words in said(look)
    assert look.page.locator(f"{SEAL} a[href='/log']").count() == 1


def test_it_says_so_where_the_browser_is_too_old(data, person_key):
    look = data(lang="en")
    look.page.evaluate(
        "for (const name of ['generateKey', 'importKey'])"
        " crypto.subtle[name] = () => Promise.reject(new DOMException('no', 'NotSupportedError')); null"
    )
    assert check(look, person_key) == "unknown"
    assert "Chrome 137" in said(look)
    look.shot("data-unsupported")


def test_it_says_so_without_a_network(data, person_key):
    look = data(lang="en")
    look.page.context.set_offline(offline=True)
    assert check(look, person_key) == "unknown"
    assert "can't be fetched now" in said(look)
    look.errors.clear()  # the browser's own line about the network


def test_it_works_without_script_but_for_the_seal(visit, signed_in):
    look = visit(storage_state=signed_in, lang="zh", java_script_enabled=False)
    look.page.goto("/data")
    assert not look.page.is_visible(START)
    assert not look.page.is_visible("#key"), "nothing would be done with the file"
    text = look.page.inner_text("main")
    assert "没有脚本，这一页验不了" in text
    assert "下载证据包" in text
    assert look.page.locator("a[href='/data/bundle.json']").count() == 1
    look.page.screenshot(path=SHOTS / "data-no-script-phone-zh-light.png", full_page=True)


PAGES = [
    ("/data/entry/21", "left"),
    ("/data/entry/27", "refused"),
    ("/data/entry/1", "first"),
    ("/data/consents", "consents"),
    ("/data/key", "key"),
]


@pytest.mark.parametrize(("lang", "screen", "theme"), LOOKS[:3])
@pytest.mark.parametrize("shown", PAGES, ids=[row[1] for row in PAGES])
def test_it_looks_sound(data, shown, lang, screen, theme):
    address, name = shown
    data(address, lang=lang, screen=screen, theme=theme).shot(f"data-{name}")


def test_it_takes_a_consent_back_with_one_press(data):
    look = data("/data/consents", lang="en")
    for _ in range(2):
        states = look.page.locator("section.card .tag").all_inner_texts()
        button = look.page.get_by_role("button", name=re.compile("Allow it again|Take this consent back")).first
        button.click()
        look.page.wait_for_selector(".flash")
        assert look.page.locator("section.card .tag").all_inner_texts() != states
    look.shot("data-consents-changed")


def test_it_checks_three_files_on_the_public_page(visit, signed_in, person_key, tmp_path):
    look = visit(storage_state=signed_in, lang="en")
    for name in ("bundle", "trust"):
        (tmp_path / f"{name}.json").write_bytes(look.page.context.request.get(f"/data/{name}.json").body())
    look.page.goto("/check")
    assert press(look) == "unknown"
    for name in ("bundle", "trust"):
        look.page.set_input_files(f"[data-verify={name}]", tmp_path / f"{name}.json")
    look.page.set_input_files(KEY, person_key)
    assert press(look) == "whole"
    assert look.page.evaluate("localStorage.length") == 0
