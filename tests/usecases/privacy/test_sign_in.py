"""A borrower signs in by phone: who is let in, who is asked for more, and what they are told of a new device."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.usecases.privacy.texts import PHONE, code_in, newest
from tests.usecases.story import NOON, borrowed, enrolled, kinds, last

VISITOR = "0190a000-0000-7000-8000-00000000000a"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BO_PHONE = "13900000001"


def proven(lender, gateway, phone=PHONE, visitor=VISITOR) -> str:
    from shouxin.usecases.privacy.codes import SendCode, send_code
    from shouxin.usecases.privacy.draft import keep_number
    from shouxin.usecases.privacy.sign_in import ProvePhone, prove_phone

    code = send_code(lender, SendCode(phone=phone, about="sign_in")).code
    number = keep_number(lender, code, phone)
    typed = code_in(gateway, phone)
    return prove_phone(lender, ProvePhone(visitor=visitor, code=code, number=number, typed=typed))


def entered(lender, gateway, phone=PHONE, **more):
    from shouxin.usecases.privacy.sign_in import SignInWith, sign_in

    proof = proven(lender, gateway, phone)
    return sign_in(lender, SignInWith(visitor=VISITOR, proven=proof, user_agent=FIREFOX, **more))


def name(result) -> str:
    return type(result).__name__


def test_it_lets_the_owner_of_a_number_in(texting, gateway):
    subject = enrolled(texting)
    signed = entered(texting, gateway)
    assert (signed.user.subject_id, signed.user.kind, signed.user.login) == (subject, "borrower", subject)
    assert not signed.user.has_usable_password()


def test_it_proves_a_number_that_nobody_here_has(texting, gateway):
    from shouxin.usecases.privacy.draft import proven_phone

    enrolled(texting)
    assert name(entered(texting, gateway, phone=BO_PHONE)) == "Stranger"
    later = texting.at(NOON + timedelta(minutes=2))
    proof = proven(later, gateway, phone=BO_PHONE)
    assert proven_phone(later, VISITOR, proof) == BO_PHONE
    assert proven_phone(later, "0190a000-0000-7000-8000-00000000000b", proof) is None, "another visitor's"
    assert proven_phone(later.at(NOON + timedelta(hours=3)), VISITOR, proof) is None, "two hours are over"


@pytest.mark.parametrize(
    ("id_number", "answer"),
    [
        (None, "Shared"),
        ("110101199003071014", "SignedIn"),
        ("110101 19900307 1014", "SignedIn"),
        ("110101198009090909", "SignedIn"),
        ("110101197001010000", "NotProved"),
        ("", "NotProved"),
        ("\0", "NotProved"),
    ],
)
def test_it_asks_for_the_id_number_where_two_share_a_number(texting, gateway, id_number, answer):
    enrolled(texting)
    enrolled(texting, id_number="110101198009090909")
    enrolled(texting, id_number="110101197001010000", phone=BO_PHONE)
    assert name(entered(texting, gateway, id_number=id_number)) == answer


def test_it_makes_who_guesses_id_numbers_wait(here, gateway):
    from shouxin.usecases.privacy.sign_in import SignInWith, sign_in

    enrolled(here)
    enrolled(here, id_number="110101198009090909")
    proof = proven(here, gateway)
    guesses = [sign_in(here, SignInWith(visitor=VISITOR, proven=proof, id_number=f"{n:018}")) for n in range(6)]
    assert [guess.why.value for guess in guesses] == ["wrong"] * 5 + ["too_many"]


def test_it_tells_of_a_device_that_was_never_seen(texting, gateway):
    subject = enrolled(texting)
    borrowed(texting, subject)
    signed = entered(texting, gateway, lang="en")
    assert signed.new_device and len(signed.device_cookie) == 64
    assert "new device" in newest(gateway)
    assert kinds(texting, subject)[-2:] == ["notice_shown", "disclosed"]
    gone = last(texting, subject)
    assert (gone["purpose"], gone["actor"], gone["fields"]) == ("servicing", "system:security", ["phone"])
    assert gone["recipient"] == "channel:sms"
    shown = texting.vault.history(subject).entries[-2].record
    assert (shown["notice"], shown["version"], shown["lang"]) == ("new_device", "1", "en")


def test_it_is_silent_on_a_device_that_it_knows(here, gateway):
    subject = enrolled(here)
    borrowed(here, subject)
    cookie = entered(here, gateway).device_cookie
    before = len(here.vault.history(subject).entries)
    again = entered(here.at(NOON + timedelta(minutes=2)), gateway, device=cookie)
    assert (again.new_device, again.device_cookie) == (False, "")
    assert kinds(here, subject)[before:] == ["disclosed"], "the number went to the carrier of the code, and no more"


def test_it_tells_the_history_alone_before_there_is_a_contract(here, gateway):
    subject = enrolled(here)
    entered(here, gateway)
    assert kinds(here, subject)[-1] == "notice_shown"
    assert len(gateway.messages()) == 1, "the code and nothing else: no basis carries another use of the number"


def test_it_lets_the_notice_wait_when_the_gateway_is_away(here, gateway):
    from shouxin.records.outreach.models import Outbox
    from shouxin.usecases.outreach.send_outbox import SendOutbox, send_outbox

    subject = enrolled(here)
    borrowed(here, subject)
    gateway.rule = lambda to, offered: 503 if offered == 2 else None
    assert name(entered(here, gateway)) == "SignedIn"
    assert Outbox.objects.get(template="sms_new_device").state == "queued"
    later = here.at(NOON + timedelta(minutes=2))
    assert send_outbox(later, SendOutbox()).sent == 1
    assert "新设备" in newest(gateway)


def test_it_sends_nothing_of_a_person_but_their_number(here, gateway):
    subject = enrolled(here)
    borrowed(here, subject)
    entered(here, gateway)
    said = "".join(message["text"] for message in gateway.messages())
    assert not any(word in said for word in ("Ai", "Li", "12000", "12,000", subject))


@pytest.mark.parametrize("cookie", ["", "x", "a" * 64, "\0", "💥"])
def test_it_replaces_a_device_cookie_that_it_did_not_make(here, gateway, cookie):
    enrolled(here)
    signed = entered(here, gateway, device=cookie)
    assert len(signed.device_cookie) == 64 and signed.device_cookie != cookie


def test_it_admits_whom_this_visit_enrolled_without_a_warning(here, gateway):
    from shouxin.usecases.privacy.sign_in import Admit, admit

    subject = enrolled(here)
    before = len(here.vault.history(subject).entries)
    assert admit(here, Admit(subject=subject, user_agent=FIREFOX)).user.subject_id == subject
    assert len(here.vault.history(subject).entries) == before


@pytest.mark.parametrize(
    ("minutes", "ended"),
    [
        ((29, 58), ""),
        ((31,), "idle"),
        (tuple(range(20, 12 * 60 + 1, 20)), ""),
        ((*range(20, 12 * 60 + 1, 20), 12 * 60 + 5), "too_long"),
    ],
)
def test_it_ends_a_session_that_was_idle_or_lasted_too_long(here, gateway, minutes, ended):
    from shouxin.usecases.privacy.sessions import stands

    enrolled(here)
    signed = entered(here, gateway)
    answers = [stands(here.at(NOON + timedelta(minutes=m)), signed.sign_in, signed.user) for m in minutes]
    assert answers[-1] == ended
    assert set(answers[:-1]) <= {""}


def test_it_keeps_no_number_and_no_name_where_it_keeps_who_signed_in(here, gateway, data_dir):
    enrolled(here)
    signed = entered(here, gateway)
    raw = b"".join(path.read_bytes() for path in data_dir.glob("book.sqlite3*"))
    assert b"firefox linux" in raw, "the search finds what is there"
    for value in (PHONE, "Ai Li", "110101199003071014", signed.device_cookie, FIREFOX):
        assert value.encode() not in raw


def test_it_can_not_be_given_a_number_that_was_not_proved(here, gateway):
    from shouxin.usecases.privacy.draft import keep_draft, keep_number
    from shouxin.usecases.privacy.sign_in import SignInWith, sign_in

    enrolled(here)
    for forged in ("", "x", keep_number(here, VISITOR, PHONE), keep_draft(here, VISITOR, {"phone": PHONE, "at": 0})):
        assert name(sign_in(here, SignInWith(visitor=VISITOR, proven=forged))) == "NotProved"


def test_it_says_when_no_gateway_is_configured(here):
    from shouxin.usecases.lender import CannotNow
    from shouxin.usecases.privacy.codes import SendCode, send_code

    with pytest.raises(CannotNow):
        send_code(replace(here, sms=None), SendCode(phone=PHONE, about="sign_in"))
