"""A contact person's own rights: to see what is held of them, and to be gone, without a word to whoever named them."""

import pytest

from tests.usecases.privacy.test_contact_notice import WEN, named, pass_in
from tests.usecases.story import kinds, must
from tests.web.account.conftest import h1


@pytest.fixture
def wen(lender, ai_li):
    return must(named(lender, ai_li)).chain


@pytest.fixture
def opened(site, wen, gateway):
    visitor = site()
    assert visitor.post("/contact", {"code": pass_in(gateway)}).url == "/contact/mine"
    return visitor


def test_they_see_what_is_held_of_them_after_the_code_once_more(opened, wen, gateway, lender):
    before = kinds(lender, wen)
    assert opened.post("/contact/copy", {"code": "wrong"}).status_code == 200 and kinds(lender, wen) == before
    page = opened.post("/contact/copy", {"code": pass_in(gateway)}).content.decode()
    assert all(value in page for value in (WEN["name"], WEN["phone"]))
    assert kinds(lender, wen)[-3:] == ["requested", "used", "answered"]


def test_they_are_gone_with_a_file_that_verifies_and_nobody_is_told(opened, wen, ai_li, gateway, lender):
    from shouxin.verify import Verified, verify

    key = opened.post("/contact/person.key").content
    before, code = kinds(lender, ai_li), pass_in(gateway)
    assert opened.get("/contact/erased").url == "/contact/mine"
    assert opened.get("/contact/last-file").status_code == opened.post("/contact/destroy").status_code == 404
    assert opened.post("/contact/erase", {"code": "wrong"}).status_code == 200
    assert lender.vault.history(wen).facts.held
    assert opened.post("/contact/erase", {"code": code}).url == "/contact/erased"
    assert h1(opened.get("/contact/erased")).startswith("You are deleted.")
    assert opened.get("/contact/mine").url == opened.get("/contact/erase").url == "/contact/erased"
    bundle, trust = opened.get("/contact/last-file").content, opened.get("/log/trust.json").content
    now = lender.vault.history(wen).facts.last_time
    assert isinstance(verify(bundle, trust, key, at_ms=now), Verified)
    assert opened.post("/contact/destroy").url == "/contact/gone"
    assert lender.vault.history(wen) is None and kinds(lender, ai_li) == before
    assert opened.get("/contact/mine").url == "/contact?next=/contact/mine"


def test_an_old_code_opens_nothing_afterwards(opened, wen, gateway, site):
    code = pass_in(gateway)
    opened.post("/contact/erase", {"code": code})
    opened.post("/contact/destroy")
    again = site().post("/contact", {"code": code})
    assert again.status_code == 200 and 'class="error"' in again.content.decode()


def test_guessing_the_code_is_slowed(opened, wen, gateway, lender):
    for _ in range(5):
        opened.post("/contact/erase", {"code": "abcd-2345-efgh"})
    opened.post("/contact/erase", {"code": pass_in(gateway)})
    assert lender.vault.history(wen).facts.held
