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


def test_it_ends_after_its_days_and_a_new_code_goes_to_the_same_number(site, wen, gateway, lender):
    from dataclasses import replace

    from shouxin.site import serving
    from tests.usecases.story import at

    old = pass_in(gateway)
    day_90, day_91 = (replace(at(lender, day), sms=lender.sms) for day in ("2027-02-22", "2027-02-23"))
    serving.serve(day_90)
    visitor = site()
    assert visitor.post("/contact", {"code": old}).url == "/contact/mine"
    assert "until 22 Feb 2027" in visitor.get("/contact/mine").content.decode()
    serving.serve(day_91)
    visitor = site()
    late = visitor.post("/contact", {"code": old}).content.decode()
    assert "This code is too old to open the page." in late and "for 90 days from the day it was sent" in late
    assert "House policy" not in late and "house policy" in late
    sent = visitor.post("/contact/again", {"code": old}).content.decode()
    assert "A new code is on its way to your number" in sent
    new = pass_in(gateway)
    assert new != old
    assert visitor.post("/contact", {"code": new}).url == "/contact/mine"
    for used_up in ("/contact", "/contact/again"):
        assert "No page opens with this code." in site().post(used_up, {"code": old}).content.decode()


def test_it_sends_nothing_to_who_has_no_code_that_ended(site, wen, gateway):
    before, code = len(gateway.messages()), pass_in(gateway)
    for typed in (code, "abcd-2345-efgh", "", "\0"):
        answer = site().post("/contact/again", {"code": typed})
        assert (answer.status_code, b'role="alert"' in answer.content) == (200, True), typed
    assert len(gateway.messages()) == before


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
