"""The borrower's own page about their data, open in a browser that is signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


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
