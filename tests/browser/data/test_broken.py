"""Each way in which the seal breaks: a changed bundle, an old one, one that does not continue what this device saw."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.data.steps import (
    FORK,
    LOOKS,
    SLOT,
    again,
    bundle,
    canonical,
    changed_record,
    check,
    flipped,
    outcome,
    press,
    remembering,
    said,
)


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


MEMORIES = [
    (FORK, "fork (checkpoint ", "it was forked"),
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
    remembering(look, FORK)
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
