"""Signing in by the pages: the way in, what is said when something is wrong, and what is never said."""

import re

import pytest

from tests.usecases.privacy.texts import PHONE, code_in, wrong
from tests.usecases.story import enrolled
from tests.web.account.conftest import h1, token

STRANGER = "13900000001"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_leads_a_borrower_in(site, ai_li, gateway, signed_in, lang):
    visitor = signed_in(lang=lang)
    assert visitor.led_to == "/me"
    assert visitor.get("/account").status_code == 200
    assert visitor.get("/sign-in").url == "/me"


def test_it_leads_a_number_that_nobody_has_to_the_application(signed_in, lender):
    from shouxin.usecases.privacy.draft import proven_phone

    visitor = signed_in(STRANGER)
    assert visitor.led_to == "/apply"
    kept = visitor.session
    assert proven_phone(lender, kept["visitor"], kept["phone_proven"]) == STRANGER
    assert visitor.get("/account").url.startswith("/sign-in?")


def test_it_asks_which_of_two_is_there(lender, ai_li, gateway, site, signed_in):
    enrolled(lender, id_number="110101198009090909")
    visitor = signed_in()
    assert visitor.led_to == "/sign-in/id"
    refused = visitor.post("/sign-in/id", {"id_number": "110101197001010000"})
    assert (refused.status_code, "has this ID number" in refused.content.decode()) == (200, True)
    assert 'value="110101197001010000"' in refused.content.decode(), "what was typed is kept"
    assert visitor.post("/sign-in/id", {"id_number": "110101199003071014"}).url == "/me"
    assert visitor.get("/account").status_code == 200


def test_it_leads_back_to_the_page_that_was_wanted(site, ai_li, gateway):
    visitor = site()
    asked = visitor.get("/account")
    assert asked.url == "/sign-in?next=/account"
    form = re.search(r'<form method="post" action="(/sign-in[^"]*)"', visitor.get(asked.url).content.decode())[1]
    visitor.post(form, {"phone": PHONE})
    assert visitor.post("/sign-in/code", {"code": code_in(gateway)}).url == "/account"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", ""])
def test_it_leads_nowhere_else(site, ai_li, gateway, wanted):
    visitor = site()
    form = re.search(r'action="(/sign-in[^"]*)"', visitor.get("/sign-in", {"next": wanted}).content.decode())[1]
    visitor.post(form, {"phone": PHONE})
    assert visitor.post("/sign-in/code", {"code": code_in(gateway)}).url in ("/me", "/")


@pytest.mark.parametrize("typed", ["", "123", "x" * 199, "<b>13800000101</b>", "' OR 1=1", "\u202e13800000101"])
def test_it_says_what_a_number_looks_like_and_keeps_what_was_typed(site, typed):
    from html import escape

    page = site().post("/sign-in", {"phone": typed})
    said = page.content.decode()
    assert page.status_code == 200
    assert "for example 138 0000 0101" in said and "One thing to correct" in said
    assert not typed.strip() or f'value="{escape(typed.strip())}"' in said
    assert "<b>138" not in said


@pytest.mark.parametrize("typed", ["13800000101\0", "13800000101" * 100])
def test_it_bears_what_no_keyboard_types(site, typed):
    assert site().post("/sign-in", {"phone": typed}).status_code == 200


def test_it_refuses_ten_megabytes(site):
    assert site().post("/sign-in", {"phone": "1" * 10_000_000}).status_code == 400


def test_it_says_that_a_code_is_wrong_and_takes_the_right_one(site, ai_li, gateway):
    visitor = site()
    visitor.post("/sign-in", {"phone": PHONE})
    right = code_in(gateway)
    page = visitor.post("/sign-in/code", {"code": wrong(right)})
    assert "compare it with the message" in page.content.decode()
    assert visitor.post("/sign-in/code", {"code": right}).url == "/me"


def test_it_says_that_a_code_is_late_or_used(site, ai_li, gateway, later):
    visitor = site()
    visitor.post("/sign-in", {"phone": PHONE})
    later(6)
    assert "expired" in visitor.post("/sign-in/code", {"code": code_in(gateway)}).content.decode()
    assert visitor.post("/sign-in/again").url == "/sign-in/code"
    right = code_in(gateway)
    for _ in range(5):
        visitor.post("/sign-in/code", {"code": wrong(right)})
    assert "used" in visitor.post("/sign-in/code", {"code": right}).content.decode(), "its five tries are over"


def test_it_sends_a_second_code_after_a_minute(site, ai_li, gateway, later):
    visitor = site()
    visitor.post("/sign-in", {"phone": PHONE})
    visitor.post("/sign-in/again")
    assert "after 12:01" in visitor.get("/sign-in/code").content.decode()
    assert len(gateway.messages()) == 1
    later(1)
    visitor.post("/sign-in/again")
    page = visitor.get("/sign-in/code").content.decode()
    assert "Another code is on its way" in page
    assert "Another code is on its way" not in visitor.get("/sign-in/code").content.decode(), "said once"
    assert visitor.post("/sign-in/code", {"code": code_in(gateway)}).url == "/me"


def test_it_says_that_no_message_can_be_sent(site, gateway):
    gateway.rule = lambda to, offered: 503
    page = site().post("/sign-in", {"phone": PHONE})
    assert page.status_code == 503
    assert "Nothing is lost" in page.content.decode() and f'value="{PHONE}"' in page.content.decode()


def _bare(answer) -> str:
    """A page without what is new on each: tokens, keys, and the ends of the number that was typed."""
    return re.sub(r'value="[^"]*"|[0-9]{3}•+[0-9]{4}|ending [0-9]{4}', "", answer.content.decode())


@pytest.mark.parametrize("typed", ["000000", ""])
def test_it_shows_the_same_to_a_number_that_is_known_and_one_that_is_not(site, ai_li, typed):
    shown = []
    for phone in (PHONE, STRANGER):
        visitor = site()
        sent = visitor.post("/sign-in", {"phone": phone})
        pages = (visitor.get("/sign-in/code"), visitor.post("/sign-in/code", {"code": typed}))
        headers = [sorted(name for name in answer.headers if name != "Set-Cookie") for answer in (sent, *pages)]
        shown.append((sent.status_code, sent.url, headers, [_bare(page) for page in pages]))
    assert shown[0] == shown[1]


def test_it_shows_no_number_whole_on_the_page_of_the_code(site, gateway):
    visitor = site(lang="zh")
    visitor.post("/sign-in", {"phone": PHONE})
    page = visitor.get("/sign-in/code").content.decode()
    assert PHONE not in page and "138••••0101" in page and "尾号 0101 的手机" in page


def test_it_begins_at_the_beginning_without_a_number(site):
    visitor = site()
    for path in ("/sign-in/code", "/sign-in/id"):
        assert visitor.get(path).url == "/sign-in"
    assert visitor.post("/sign-in/again").url == "/sign-in"


def test_it_gives_a_session_a_new_key_when_somebody_signs_in(site, ai_li, gateway):
    visitor = site()
    visitor.get("/sign-in")
    visitor.post("/sign-in", {"phone": PHONE})
    planted = visitor.cookies["session"].value
    visitor.post("/sign-in/code", {"code": code_in(gateway)})
    assert visitor.cookies["session"].value != planted


def test_it_gives_a_session_a_new_key_when_a_number_of_nobodys_is_proved(site, gateway):
    visitor = site()
    visitor.post("/sign-in", {"phone": STRANGER})
    planted = visitor.cookies["session"].value
    assert visitor.post("/sign-in/code", {"code": code_in(gateway, STRANGER)}).url == "/apply"
    assert visitor.cookies["session"].value != planted
    thief = site()
    thief.cookies["session"] = planted
    assert thief.get("/apply/amount").url == "/sign-in?next=/apply/amount"


def test_it_signs_out_on_both_sides(ai_li, signed_in, site):
    from shouxin.records.access.models import SignIn

    visitor = signed_in()
    stolen = visitor.cookies["session"].value
    page = visitor.post("/sign-out")
    assert "You are signed out" in h1(page)
    assert SignIn.objects.get().ended_because == "signed_out"
    thief = site()
    thief.cookies["session"] = stolen
    assert thief.get("/account").url.startswith("/sign-in?")


def test_it_takes_no_form_without_its_token(site, ai_li, gateway):
    visitor = site(csrf=True)
    page = visitor.get("/sign-in")
    assert visitor.post("/sign-in", {"phone": PHONE}).status_code == 403
    assert gateway.messages() == []
    assert visitor.post("/sign-in", {"phone": PHONE, "csrfmiddlewaretoken": token(page)}).status_code == 302
    for path in ("/sign-in/code", "/sign-in/again", "/sign-out"):
        assert visitor.post(path, {"code": code_in(gateway)}).status_code == 403
    good = {"code": code_in(gateway), "csrfmiddlewaretoken": token(visitor.get("/sign-in/code"))}
    assert visitor.post("/sign-in/code", good).url == "/me"
    for path in ("/account/end", "/account/end-others", "/account/forget", "/account/phone", "/account/phone/code"):
        assert visitor.post(path).status_code == 403


def test_it_sets_strict_cookies(ai_li, signed_in):
    cookies = signed_in().cookies
    for name in ("session", "device"):
        assert cookies[name]["httponly"] and cookies[name]["samesite"] in ("Lax", "Strict")
    assert int(cookies["device"]["max-age"]) == 400 * 86_400
    assert "csrftoken" not in cookies or cookies["csrftoken"]["samesite"] in ("Lax", "Strict")


def test_it_answers_a_wrong_method_as_such(site):
    for path in ("/sign-out", "/sign-in/again"):
        assert site().get(path).status_code == 405
