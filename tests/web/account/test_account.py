"""The account: sign-ins, devices, the phone number; and that nothing of a person stands where it shouldn't."""

import re

import pytest

from tests.usecases.privacy.texts import PHONE, code_in, newest
from tests.usecases.story import AI_LI, enrolled, kinds
from tests.web.account.conftest import h1

NEW = "13900000009"


def test_it_shows_where_one_is_signed_in(ai_li, signed_in, later):
    first = signed_in()
    assert h1(first.get("/account")) == "You are signed in here and nowhere else"
    later(2)
    second = signed_in()
    page = second.get("/account")
    assert h1(page) == "You are signed in here, and in one other place"
    said = page.content.decode()
    assert said.count("Firefox · Linux") == 4, "two devices, two sign-ins"
    assert "this device" in said and "this very session" in said


def test_it_ends_another_session_or_all(ai_li, signed_in, later):
    first = signed_in()
    later(2)
    second = signed_in()
    name = re.findall(r'name="sign_in" value="([^"]+)"', second.get("/account").content.decode())[0]
    assert second.post("/account/end", {"sign_in": name}).url == "/account"
    assert first.get("/account").url.startswith("/sign-in?")
    later(4)
    third = signed_in()
    assert third.post("/account/end-others").url == "/account"
    assert second.get("/account").url.startswith("/sign-in?")
    assert third.get("/account").status_code == 200


def test_it_forgets_a_device(ai_li, signed_in, later):
    first = signed_in()
    later(2)
    second = signed_in()
    (device,) = re.findall(r'name="device" value="([^"]+)"', second.get("/account").content.decode())
    assert second.post("/account/forget", {"device": device}).url == "/account"
    assert first.get("/account").url.startswith("/sign-in?")


HOSTILE = ["", "x", "\0", "'; --", "a" * 36, "0190a000-0000-7000-8000-000000000000", "💥", "1" * 9000]


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize(("path", "field"), [("/account/end", "sign_in"), ("/account/forget", "device")])
def test_it_finds_nothing_under_an_id_of_nobodys(ai_li, signed_in, path, field, typed):
    assert signed_in().post(path, {field: typed}).status_code == 404


def test_it_finds_nothing_of_somebody_elses_with_the_same_page(lender, ai_li, signed_in, later):
    from shouxin.records.access.models import Device, SignIn

    enrolled(lender, id_number="110101198009090909", phone="13900000001")
    signed_in("13900000001")
    bo = signed_in()
    other = SignIn.objects.exclude(user__subject_id=ai_li).get()
    missing = bo.post("/account/end", {"sign_in": "0190a000-0000-7000-8000-000000000000"})
    for path, field, value in (
        ("end", "sign_in", other.id),
        ("forget", "device", Device.objects.get(id=other.device_id).id),
    ):
        answer = bo.post(f"/account/{path}", {field: value})
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert SignIn.objects.get(id=other.id).ended_at is None


def test_it_enters_no_use_for_looking_at_ones_own_account(ai_li, signed_in, lender):
    visitor = signed_in()
    before = len(kinds(lender, ai_li))
    assert PHONE not in visitor.get("/account").content.decode()
    visitor.get("/account/phone")
    assert len(kinds(lender, ai_li)) == before


def change(visitor, gateway, phone=NEW):
    assert visitor.post("/account/phone").url == "/account/phone/code"
    assert visitor.post("/account/phone/code", {"code": code_in(gateway)}).url == "/account/phone/new"
    assert visitor.post("/account/phone/new", {"phone": phone}).url == "/account/phone/confirm"
    return visitor.post("/account/phone/confirm", {"code": code_in(gateway, phone)})


def test_it_changes_the_number_and_signs_others_out(ai_li, signed_in, gateway, lender, later):
    other = signed_in()
    later(2)
    visitor = signed_in()
    moved = later(4)
    assert change(visitor, gateway).url == "/account/phone/done"
    assert "in place" in h1(visitor.get("/account/phone/done"))
    assert moved.vault.holders("phone", NEW) == (ai_li,)
    assert other.get("/account").url.startswith("/sign-in?")
    assert visitor.get("/account").status_code == 200
    assert "uses this number" in newest(gateway, NEW)
    later(10)
    assert signed_in(NEW).led_to == "/me"


def test_it_skips_no_step_of_the_change(ai_li, signed_in, gateway):
    visitor = signed_in()
    for path in ("/account/phone/code", "/account/phone/new", "/account/phone/confirm"):
        assert visitor.get(path).url == "/account/phone"
        assert visitor.post(path, {"phone": NEW, "code": "000000"}).url == "/account/phone"


def test_it_lets_the_change_begin_anew_when_it_took_too_long(ai_li, signed_in, gateway, later):
    visitor = signed_in()
    later(2)
    visitor.post("/account/phone")
    visitor.post("/account/phone/code", {"code": code_in(gateway)})
    later(15)
    assert visitor.post("/account/phone/new", {"phone": NEW}).url == "/account/phone"


def test_it_says_in_the_form_what_is_wrong(ai_li, signed_in, gateway, later):
    visitor = signed_in()
    page = visitor.post("/account/phone")
    assert "ask for another after 12:01" in page.content.decode(), "a code had just gone to this number"
    later(2)
    visitor.post("/account/phone")
    assert "compare it with" in visitor.post("/account/phone/code", {"code": "000000"}).content.decode()
    visitor.post("/account/phone/code", {"code": code_in(gateway)})
    assert "11 digits" in visitor.post("/account/phone/new", {"phone": "12"}).content.decode()
    gateway.rule = lambda to, offered: 503
    page = visitor.post("/account/phone/new", {"phone": NEW})
    assert (page.status_code, f'value="{NEW}"' in page.content.decode()) == (503, True)


def test_it_leaves_nothing_of_a_person_where_sessions_and_sign_ins_are_kept(ai_li, signed_in, gateway, site, later):
    """The rows, raw and decoded: sessions are base64 and signed, not sealed."""
    import json

    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.core import serializers

    from shouxin.records.access.models import Device, OneTimeCode, SignIn, Tries, User

    visitor = signed_in()
    later(2)
    visitor.post("/account/phone")
    visitor.post("/account/phone/code", {"code": code_in(gateway)})
    visitor.post("/account/phone/new", {"phone": NEW})
    stranger = site()
    stranger.post("/sign-in", {"phone": "13900000001"})
    stranger.post("/sign-in/code", {"code": code_in(gateway, "13900000001")})
    rows = list(Session.objects.all())
    decoded = [json.dumps(SessionStore().decode(row.session_data)) for row in rows]
    tables = [
        serializers.serialize("json", model.objects.all()) for model in (User, Device, SignIn, OneTimeCode, Tries)
    ]
    assert len(rows) == 2 and any("phone_proven" in one for one in decoded) and "firefox" in tables[1]
    kept = "".join([*(row.session_data for row in rows), *decoded, *tables])
    for value in (PHONE, NEW, "13900000001", *AI_LI.values()):
        assert value not in kept


def test_it_puts_nothing_of_a_person_in_an_address_a_title_or_a_cookie(ai_li, signed_in, gateway, later):
    visitor = signed_in()
    later(2)
    answers = [visitor.post("/account/phone"), visitor.post("/account/phone/code", {"code": code_in(gateway)})]
    answers += [visitor.post("/account/phone/new", {"phone": NEW})]
    answers += [visitor.get(path) for path in ("/account", "/account/phone", "/account/phone/confirm", "/sign-in")]
    for answer in answers:
        title = "".join(re.findall(r"<title>.*?</title>", answer.content.decode(), re.DOTALL))
        exposed = f"{answer.headers}{title}{answer.cookies.output()}"
        for value in (PHONE, NEW, *AI_LI.values(), ai_li):
            assert value not in exposed
        assert answer.headers["Cache-Control"] == "no-store"


def test_it_ends_an_idle_session_and_says_so(ai_li, signed_in, later):
    visitor = signed_in()
    later(31)
    asked = visitor.get("/account")
    assert asked.url == "/sign-in?next=/account"
    assert "Nothing happened here for a while" in visitor.get(asked.url).content.decode()


def test_it_keeps_a_form_that_came_too_late_for_who_typed_it(ai_li, signed_in, gateway, later):
    visitor = signed_in()
    later(2)
    visitor.post("/account/phone")
    visitor.post("/account/phone/code", {"code": code_in(gateway)})
    later(40)
    late = visitor.post("/account/phone/new", {"phone": NEW, "code": "123456"})
    assert late.url == "/sign-in?next=/account/phone/new"
    assert NEW not in str(dict(visitor.session.items()))
    assert "What you typed is kept" in visitor.get(late.url).content.decode()
    visitor.post("/sign-in", {"phone": PHONE})
    assert visitor.post("/sign-in/code", {"code": code_in(gateway)}).url == "/kept"
    page = visitor.get("/kept").content.decode()
    assert 'action="/account/phone/new"' in page and f'name="phone" value="{NEW}"' in page
    assert "123456" not in page, "what proves somebody is not kept"
    assert visitor.get("/kept").status_code == 200, "a reload loses nothing"


@pytest.mark.parametrize(
    "path", ["/data/consents", "/apply/consents", "/apply/consents/marketing", "/account/end-others", "/look"]
)
def test_it_keeps_no_form_that_consents_or_acts(ai_li, signed_in, later, path):
    visitor = signed_in()
    later(40)
    visitor.post(path, {"purpose": "marketing", "act": "give", "choice": "yes"})
    assert "kept_form" not in visitor.session


def test_it_keeps_the_application_over_an_end_that_nobody_asked_for(ai_li, signed_in, gateway, later, lender):
    from shouxin.usecases.privacy.draft import keep_draft, read_draft

    visitor = signed_in()
    session = visitor.session
    session["draft"] = keep_draft(lender, ai_li, {"key": "k", "amount": "5000"})
    session.save()
    later(40)
    assert visitor.get("/account").url.startswith("/sign-in?")
    assert read_draft(lender, ai_li, visitor.session["draft"])["amount"] == "5000"
    assert read_draft(lender, "another", visitor.session["draft"]) is None
    visitor.post("/sign-out")
    assert "draft" not in visitor.session


def test_it_shows_a_kept_form_to_nobody_else(ai_li, signed_in, gateway, later, lender):
    enrolled(lender, id_number="110101198009090909", phone="13900000001")
    visitor = signed_in()
    later(40)
    visitor.post("/account/phone/new", {"phone": NEW})
    visitor.post("/sign-in", {"phone": "13900000001"})
    assert visitor.post("/sign-in/code", {"code": code_in(gateway, "13900000001")}).url == "/kept"
    assert visitor.get("/kept").url == "/me"
    assert visitor.get("/kept").status_code == 404
    assert NEW not in str(dict(visitor.session.items()))


def test_it_has_no_kept_form_for_a_passer_by(site, ai_li, signed_in):
    assert site().get("/kept").status_code == 404
    assert signed_in().get("/kept").status_code == 404


def test_it_shows_staff_nothing_before_they_chose_a_password(lender, site):
    from shouxin.records.access.models import User
    from shouxin.usecases.privacy import sessions
    from shouxin.usecases.privacy.staff_sign_in import Credential, credential
    from tests.usecases.story import BO, must

    must(lender.vault.appoint(BO))
    must(credential(lender, Credential(actor=BO)))
    user = User.objects.get(login=BO)
    visitor = site()
    visitor.force_login(user)
    session = visitor.session
    session["sign_in"] = sessions.begin(lender, user)
    session.save()
    assert visitor.get("/desk").url == "/desk/password"
    assert visitor.get("/desk/password").status_code == 200
    assert visitor.get("/help").status_code == 200
    User.objects.update(must_change=False)
    assert visitor.get("/desk").status_code == 200


def test_it_takes_no_session_that_has_no_sign_in(ai_li, site):
    """Whoever can write a session row but no sign-in gets nowhere."""
    from shouxin.records.access.models import User

    user = User.objects.create(id=ai_li, kind="borrower", login=ai_li, subject_id=ai_li, password="!")
    visitor = site()
    visitor.force_login(user)
    assert visitor.get("/account").url.startswith("/sign-in?")
