"""What is done on the page about one's data, and what is changed behind its back."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from tests.browser.conftest import DESKTOP, PHONE

SEAL = "[data-verify=box]"
DONE = ".is-whole, .is-example, .is-broken, .is-old, .is-unknown"
START, KEY = "[data-verify=start]", "[data-verify=key]"
SLOT = "Object.keys(localStorage).find((key) => key.startsWith('shouxin.2.'))"
LOOKS = [("zh", PHONE, "light"), ("en", DESKTOP, "light"), ("zh", PHONE, "dark"), ("en", PHONE, "light")]
FORK = "memory.root = 'A'.repeat(43) + '='"
"""A device that remembers another log of the same size."""


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


def changed_record(made):
    made["openings"][9]["record"] = flipped(made["openings"][9]["record"])


def remembering(look: Any, change: str) -> None:
    """Change what the device remembers of the last time, and have the same bundle come again."""
    look.page.evaluate(
        f"const slot = {SLOT}; const memory = JSON.parse(localStorage[slot]); {change}; localStorage[slot] = JSON.stringify(memory)"
    )
