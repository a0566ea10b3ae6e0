"""The contact person's page: opened by the code of a notice, and honest about what is held, used and left."""

import pytest

from tests.usecases.privacy.test_contact_notice import WEN, named, pass_in
from tests.usecases.story import AI_LI, must
from tests.web.account.conftest import h1, token


@pytest.fixture
def wen(lender, ai_li):
    """Wen, named by Ai Li and told."""
    return must(named(lender, ai_li)).chain


@pytest.fixture
def opened(site, wen, gateway):
    """A browser on Wen's page."""
    visitor = site()
    assert visitor.post("/contact", {"code": pass_in(gateway)}).url == "/contact/mine"
    return visitor


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_what_the_number_was_used_for(site, wen, gateway, lang):
    visitor = site(lang=lang)
    visitor.post("/contact", {"code": pass_in(gateway).upper()})
    page = visitor.get("/contact/mine")
    assert {"zh": "您的号码只用过一次", "en": "used for one thing: to tell you"}[lang] in h1(page)
    said = page.content.decode()
    for value in (*AI_LI.values(), *WEN.values(), "12,000", "12000"):
        assert value not in said


def test_it_refuses_for_good_with_one_button_and_one_repetition(opened, wen, lender):
    page = opened.get("/contact/mine").content.decode()
    assert "I refuse: delete my number" in page
    assert "taken back" in h1(opened.get("/contact/refuse"))
    assert opened.post("/contact/refuse").url == "/contact/mine"
    page = opened.get("/contact/mine")
    assert h1(page).startswith("You refused. Your number is deleted")
    assert "keyed digest" in page.content.decode(), "what is left is said"
    assert opened.post("/contact/refuse").url == "/contact/mine", "twice is once"
    assert opened.get("/contact/refuse").url == "/contact/mine"
    facts = lender.vault.history(wen).facts
    assert facts.opted_out and not facts.held


@pytest.mark.parametrize("typed", ["", "x", "abcd-2345-efgh", "a" * 61, "<b>", "'; --", "💥"])
def test_it_opens_nothing_by_another_code_and_keeps_what_was_typed(site, wen, typed):
    from html import escape

    page = site().post("/contact", {"code": typed})
    assert page.status_code == 200
    assert 'class="error"' in page.content.decode()
    assert not typed or f'value="{escape(typed)}"' in page.content.decode()


def test_it_is_open_to_nobody_without_a_code(site, ai_li, signed_in, wen):
    for visitor in (site(), signed_in()):
        for path in ("/contact/mine", "/contact/refuse"):
            assert visitor.get(path).url == f"/contact?next={path}"
    assert site().post("/contact/leave").status_code == 302


def test_it_shows_a_contact_person_no_borrowers_page(opened, site):
    for path in ("/account", "/account/phone"):
        assert opened.get(path).url.startswith("/sign-in?")


def test_it_closes_the_page(opened):
    assert opened.post("/contact/leave").url == "/contact"
    assert opened.get("/contact/mine").url == "/contact?next=/contact/mine"


def test_it_takes_no_form_without_its_token(site, wen, gateway, lender):
    visitor = site(csrf=True)
    page = visitor.get("/contact")
    assert visitor.post("/contact", {"code": pass_in(gateway)}).status_code == 403
    assert visitor.post("/contact", {"code": pass_in(gateway), "csrfmiddlewaretoken": token(page)}).status_code == 302
    for path in ("/contact/refuse", "/contact/leave"):
        assert visitor.post(path).status_code == 403
    assert not lender.vault.history(wen).facts.opted_out


def test_it_writes_no_entry_for_looking(opened, wen, lender):
    before = len(lender.vault.history(wen).entries)
    opened.get("/contact/mine")
    assert len(lender.vault.history(wen).entries) == before


def test_it_hands_over_files_that_anybody_can_check(opened, wen, lender):
    from shouxin.verify import Verified, verify
    from tests.usecases.story import NOON, last

    key = opened.post("/contact/person.key")
    assert last(lender, wen)["kind"] == "key_issued"
    bundle, trust = opened.get("/contact/bundle.json"), opened.get("/log/trust.json")
    for answer in (key, bundle):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith("attachment")
    at_ms = int(NOON.timestamp()) * 1000
    assert isinstance(verify(bundle.content, trust.content, key.content, at_ms=at_ms), Verified)


def test_it_hands_the_key_over_not_without_end(opened, wen, lender):
    answers = [opened.post("/contact/person.key").status_code for _ in range(6)]
    assert answers == [200] * 5 + [302]


def test_it_keeps_the_history_open_to_who_refused(opened):
    opened.post("/contact/refuse")
    assert opened.get("/contact/mine").status_code == 200
    assert opened.get("/contact/bundle.json").status_code == 200
