"""Who used my data, in a real browser: the seal as the reader's own device finds it, and each way in which it breaks."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, PHONE

SEAL = "[data-verify=box]"
DONE = ".is-whole, .is-example, .is-broken, .is-old, .is-unknown"
START, KEY = "[data-verify=start]", "[data-verify=key]"
SLOT = "Object.keys(localStorage).find((key) => key.startsWith('shouxin.2.'))"


@pytest.fixture(scope="module")
def signed_in(chromium: Any, shop: Any) -> dict[str, Any]:
    """The cookies of the demo's borrower, who signed in by a code once."""
    context = chromium.new_context(base_url=shop.url)
    context.add_cookies([{"name": "lang", "value": "en", "url": shop.url}])
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=phone]", shop.who("borrower")["phone"])
    page.click("main button[type=submit]")
    page.fill("[name=code]", shop.code())
    page.click("main button[type=submit]")
    page.wait_for_url("**/me")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="module")
def person_key(shop: Any) -> Path:
    """The file that the borrower saved at enrolment."""
    assert shop.person_key, "the demo hands its borrower a key"
    return shop.person_key


@pytest.fixture
def data(visit: Any, signed_in: dict[str, Any]) -> Any:
    """Opens the page as the borrower: `look = data(lang="zh")`."""

    def open_it(address: str = "/data", **how: Any) -> Any:
        look = visit(storage_state=signed_in, **how)
        look.page.goto(address)
        return look

    return open_it


def check(look: Any, person_key: Path) -> str:
    """Choose the key's file, which starts the check; gives the state that it ends in."""
    look.page.set_input_files(KEY, person_key)
    return outcome(look)


def press(look: Any) -> str:
    """Press the button and wait for the end."""
    look.page.evaluate("document.querySelector('[data-verify=box]').className = 'seal-box st'")
    look.page.click(START)
    return outcome(look)


def outcome(look: Any) -> str:
    look.page.wait_for_selector(DONE)
    classes = look.page.get_attribute(SEAL, "class")
    return re.search(r"is-(whole|example|broken|old|unknown)", classes)[1]


def said(look: Any) -> str:
    return re.sub(r"\s+", " ", look.page.inner_text(SEAL))


def again(look: Any, body: bytes) -> None:
    """From now on the same bundle comes, whatever else happens to the log."""
    look.page.unroute("**/data/bundle.json")
    look.page.route("**/data/bundle.json", lambda route: route.fulfill(body=body, content_type="application/json"))


def bundle(look: Any) -> dict[str, Any]:
    return json.loads(look.page.context.request.get("/data/bundle.json").body())


def canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def flipped(text: str) -> str:
    """Base64 with one bit of its first byte turned."""
    raw = bytearray(base64.b64decode(text))
    raw[0] ^= 1
    return base64.b64encode(raw).decode()


LOOKS = [("zh", PHONE, "light"), ("en", DESKTOP, "light"), ("zh", PHONE, "dark"), ("en", PHONE, "light")]


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


def changed_record(made):
    made["openings"][9]["record"] = flipped(made["openings"][9]["record"])


def changed_salt(made):
    made["openings"][4]["salt"] = flipped(made["openings"][4]["salt"])


def dropped_last(made):
    made["openings"].pop()


def dropped_middle(made):
    del made["openings"][6]


def changed_note(made):
    made["note"] = made["note"].replace("\n", "\n1", 1)


def changed_statement(made):
    made["statement"]["as_of"] -= 1


FORGED = [
    (changed_record, "Entry 10 does not agree", "chain_broken (entry 10)"),
    (changed_salt, "Entry 5 does not agree", "chain_broken (entry 5)"),
    (dropped_last, "does not agree", "missing_entry (entry "),
    (dropped_middle, "Entry 7 does not agree", "missing_entry (entry 7)"),
    (changed_note, "Not verified", "bad_signature (note.signatures[0])"),
    (changed_statement, "Not verified", "bad_signature (statement)"),
]


@pytest.mark.parametrize(("forge", "title", "why"), FORGED, ids=[row[0].__name__ for row in FORGED])
def test_it_breaks_where_the_bundle_was_changed_and_says_that_it_is_ours(data, person_key, forge, title, why):
    look = data(lang="en")
    made = bundle(look)
    forge(made)
    again(look, canonical(made))
    assert check(look, person_key) == "broken"
    found = said(look)
    assert title in found
    assert why in found
    assert "it is nothing that you did" in found
    assert "Don't take what stands below as proved." in look.page.inner_text("[data-verify=lead]")
    assert look.page.locator(".is-whole").count() == 0


@pytest.mark.parametrize(("lang", "screen", "theme"), LOOKS[:3])
def test_it_shows_a_broken_history_and_what_to_do(data, person_key, lang, screen, theme):
    look = data(lang=lang, screen=screen, theme=theme)
    made = bundle(look)
    changed_record(made)
    again(look, canonical(made))
    assert check(look, person_key) == "broken"
    look.shot("data-broken")


def test_it_saves_a_result_for_a_witness_without_a_record_in_it(data, person_key):
    look = data(lang="en")
    made = bundle(look)
    changed_record(made)
    again(look, canonical(made))
    check(look, person_key)
    with look.page.expect_download() as saving:
        look.page.click("text=Save this result for a witness")
    result = json.loads(Path(saving.value.path()).read_text())
    assert {key: result[key] for key in ("ok", "reason", "where")} == {
        "ok": False,
        "reason": "chain_broken",
        "where": "entry 10",
    }
    assert result["note"] == made["note"]
    assert set(result) <= {"v", "ok", "reason", "where", "at", "note", "last_time"}


def test_it_is_whole_again_once_the_true_bundle_comes(data, person_key):
    look = data(lang="en")
    made = bundle(look)
    changed_record(made)
    again(look, canonical(made))
    check(look, person_key)
    look.page.unroute("**/data/bundle.json")
    look.page.evaluate("document.querySelector('[data-verify=box]').className = 'seal-box st'")
    look.page.click("text=Download again and verify")
    assert outcome(look) == "whole"


def test_it_refuses_the_history_of_another_log(data, person_key):
    look = data(lang="en")
    again(look, look.page.context.request.get("/example/bundle.json").body())
    assert check(look, person_key) == "broken"
    assert "unknown_signature" in said(look)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_calls_an_old_checkpoint_old(data, person_key, lang):
    look = data(lang=lang)
    look.page.clock.set_fixed_time("2036-01-01T00:00:00Z")
    assert check(look, person_key) == "old"
    look.shot("data-old")


def remembering(look: Any, change: str) -> None:
    """Change what the device remembers of the last time, and have the same bundle come again."""
    look.page.evaluate(
        f"const slot = {SLOT}; const memory = JSON.parse(localStorage[slot]); {change}; localStorage[slot] = JSON.stringify(memory)"
    )


MEMORIES = [
    ("memory.root = 'A'.repeat(43) + '='", "fork (checkpoint ", "it was forked"),
    ("memory.size += 1000", "smaller (checkpoint ", "a log only grows"),
    ("memory.entries += 1000", "fewer (", "fewer entries than last time"),
    ("memory.tip = 'A'.repeat(43) + '='", "rewritten (entry ", "is another one now"),
    ("memory.trust = memory.trust.replace(/\\+[0-9a-f]{8}\\+/, '+00000000+')", "other_log (trust)", "was replaced"),
    (
        "const t = JSON.parse(memory.trust); t.max_age = 60; memory.trust = JSON.stringify(t)",
        "other_log (trust)",
        "asks for less",
    ),
]


@pytest.mark.parametrize(
    ("change", "why", "words"), MEMORIES, ids=[row[1].split()[0] + str(n) for n, row in enumerate(MEMORIES)]
)
def test_it_names_what_does_not_continue_the_last_time(data, person_key, change, why, words):
    look = data(lang="en")
    body = look.page.context.request.get("/data/bundle.json").body()
    again(look, body)
    assert check(look, person_key) == "whole"
    remembering(look, change)
    assert press(look) == "broken"
    assert why in said(look)
    assert words in said(look)


def test_it_shows_a_fork(data, person_key):
    look = data(lang="zh")
    again(look, look.page.context.request.get("/data/bundle.json").body())
    check(look, person_key)
    remembering(look, MEMORIES[0][0])
    assert press(look) == "broken"
    assert "日志分叉了" in said(look)
    look.shot("data-fork")


def another_person(look: Any) -> None:
    """This device remembers what it did, of another key."""
    look.page.evaluate(
        f"const slot = {SLOT}; const memory = JSON.parse(localStorage[slot]); delete localStorage[slot];"
        " memory.print = '00'; localStorage['shouxin.2.00'] = JSON.stringify(memory)"
    )


def test_it_knows_another_key_than_last_time(data, person_key):
    look = data(lang="en")
    check(look, person_key)
    another_person(look)
    assert press(look) == "old"
    assert "This is not the key of last time" in said(look)
    look.shot("data-other-key")


def test_it_takes_a_second_person_of_a_device_by_a_press_and_remembers_both(data, person_key):
    look = data(lang="en")
    check(look, person_key)
    another_person(look)
    press(look)
    look.page.evaluate("document.querySelector('[data-verify=box]').className = 'seal-box st'")
    look.page.click("text=Somebody else used this device before")
    assert outcome(look) == "whole"
    look.page.reload()
    assert check(look, person_key) == "whole"
    assert "This device remembers 2 keys" in said(look)
    assert "It continues what this device saw last time" in said(look)


def test_it_never_passes_over_another_log_for_a_second_person(data, person_key):
    look = data(lang="en")
    check(look, person_key)
    remembering(look, MEMORIES[4][0])
    another_person(look)
    press(look)
    look.page.evaluate("document.querySelector('[data-verify=box]').className = 'seal-box st'")
    look.page.click("text=Somebody else used this device before")
    assert outcome(look) == "broken"
    assert "other_log (trust)" in said(look)


# A server that serves this script as it is, and lies in its HTML.


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
    remembering(keeping, MEMORIES[0][0])
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


@pytest.mark.parametrize(("lang", "words"), [("en", "can't be caught by it"), ("zh", "靠它自己查不出来")])
def test_it_says_what_it_cannot_catch_and_where_else_to_take_the_verifier(data, lang, words):
    look = data(lang=lang)
    assert words in said(look)
    assert look.page.locator(f"{SEAL} a[href='/log']").count() == 1


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
    text = look.page.inner_text("main")
    assert "没有脚本，这一页验不了" in text
    assert "下载证据包" in text
    assert look.page.locator("a[href='/data/bundle.json']").count() == 1
    look.page.screenshot(
        path=Path(__file__).parents[2] / "build" / "screenshots" / "data-no-script-phone-zh-light.png", full_page=True
    )


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
