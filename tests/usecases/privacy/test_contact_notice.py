"""A contact person is told, looks, and refuses for good; nobody tells them of a borrower or a debt."""

from datetime import timedelta

import pytest

from shouxin.core.rules.refusal import Refusal
from tests.usecases.privacy.test_sign_in import name
from tests.usecases.privacy.texts import newest
from tests.usecases.story import NOON, at, borrowed, enrolled, kinds, must, reason

WEN = {"name": "Wen", "phone": "13700000005", "relation": "sister"}


def named(lender, subject, lang="zh", **changes):
    from shouxin.usecases.privacy.contact_notice import name_contact
    from shouxin.usecases.privacy.contact_person import ContactPerson

    return name_contact(lender, ContactPerson(subject=subject, **{**WEN, **changes}), lang=lang)


def pass_in(gateway) -> str:
    """The code of the newest notice to Wen."""
    import re

    return re.findall(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}", newest(gateway, WEN["phone"]))[0]


def opened(lender, code, visit="a visit"):
    from shouxin.usecases.privacy.contact_notice import OpenContact, open_contact

    return open_contact(lender, OpenContact(code=code, visit=visit))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_tells_them_without_a_borrower_or_a_debt(texting, gateway, lang):
    subject = enrolled(texting)
    borrowed(texting, subject)
    contact = must(named(texting, subject, lang)).chain
    text = newest(gateway, WEN["phone"])
    assert "/contact" in text
    for word in ("Ai", "Li", "Wen", "sister", "12,000", subject, contact, "借款", "loan", "debt", "还款", "催"):
        assert word not in text
    assert kinds(texting, contact) == ["enrolled", "key_issued", "stored", "disclosed", "notice_shown"]
    assert "notice_shown" not in kinds(texting, subject)[-1:], "the borrower's history says nothing of the telling"


def test_it_opens_their_own_page_by_the_code_and_nothing_else(texting, gateway):
    contact = must(named(texting, enrolled(texting))).chain
    code = pass_in(gateway)
    for typed in (code, code.upper(), code.replace("-", " "), f" {code}\n"):
        signed = opened(texting, typed)
        assert (signed.user.kind, signed.user.subject_id) == ("contact", contact)
    for typed in ("", "x", code[:-1], f"{code}a", contact, "\0", "💥" * 60, "'; --"):
        assert name(opened(texting, typed)) == "NotProved"


def test_it_makes_who_guesses_codes_wait_and_nobody_else(here, gateway):
    named(here, enrolled(here))
    answers = [opened(here, f"{n:012}", visit="a guesser").why.value for n in range(21)]
    assert answers == ["wrong"] * 20 + ["too_many"]
    assert name(opened(here, pass_in(gateway), visit="another")) == "SignedIn"


def test_it_deletes_what_is_held_of_them_when_they_refuse(texting, gateway):
    from shouxin.usecases.privacy.contact_notice import has_refused, refuse_for_good
    from shouxin.vault.models import BlindIndex, Chain, Datum

    contact = must(named(texting, enrolled(texting))).chain
    key = bytes(Chain.objects.get(id=contact).data_key)
    assert Datum.objects.filter(chain_id=contact).count() == 3
    assert not has_refused(texting, contact)
    must(refuse_for_good(texting, contact))
    assert has_refused(texting, contact)
    assert kinds(texting, contact)[-2:] == ["requested", "deleted"]
    assert Datum.objects.filter(chain_id=contact).count() == 0
    assert bytes(Chain.objects.get(id=contact).data_key) != key, "what a backup still has opens no more here"
    assert [row.field for row in BlindIndex.objects.filter(chain_id=contact)] == ["phone"], "the stop list"
    assert reason(refuse_for_good(texting, contact)) == "already_done"
    bundle = texting.vault.bundle(contact)
    assert name(texting.vault.verified(contact, bundle)) == "Verified"


def test_it_is_never_asked_again_by_anybody(texting, gateway):
    from shouxin.usecases.privacy.contact_notice import refuse_for_good
    from shouxin.vault.opening import UseRequest

    contact = must(named(texting, enrolled(texting))).chain
    must(refuse_for_good(texting, contact))
    before = len(gateway.messages())
    second = enrolled(texting, id_number="110101198009090909")
    assert reason(named(texting, second)) == "opted_out"
    assert reason(named(texting, second, phone="137-0000-0005")) == "opted_out"
    assert len(gateway.messages()) == before
    for purpose in ("contact_person_notice", "reach_through_contact"):
        answer = texting.vault.use(UseRequest(contact, "system:relay", purpose, ("phone",)))
        assert answer.refusal.reason.value in ("deleted", "opted_out")


def test_it_refuses_for_good_for_contact_persons_alone(here):
    from shouxin.usecases.privacy.contact_notice import refuse_for_good

    subject = enrolled(here)
    for one in (subject, "0190a000-0000-7000-8000-000000000000", "platform:self"):
        assert reason(refuse_for_good(here, one)) == "not_yours"


@pytest.mark.parametrize(
    ("hour", "sent_at_once"), [(8, True), (12, True), (20, True), (21, False), (23, False), (3, False)]
)
def test_it_wakes_nobody(here, gateway, hour, sent_at_once):
    from shouxin.usecases.outreach.send_outbox import SendOutbox, send_outbox

    night = at(here, "2026-11-25", hour)
    must(named(night, enrolled(night)))
    assert bool(gateway.messages()) == sent_at_once
    day = "2026-11-25" if hour < 8 else "2026-11-26"
    morning = at(here, day, 9) if not sent_at_once else night
    send_outbox(morning, SendOutbox())
    assert len(gateway.messages()) == 1


def test_it_sends_no_notice_that_still_waits_to_who_refused(here, gateway):
    from shouxin.usecases.outreach.send_outbox import SendOutbox, send_outbox
    from shouxin.usecases.privacy.contact_notice import refuse_for_good

    night = at(here, "2026-11-25", 23)
    contact = must(named(night, enrolled(night))).chain
    must(refuse_for_good(night, contact))
    assert send_outbox(at(here, "2026-11-26", 9), SendOutbox()).messages == []
    assert gateway.messages() == []


def test_it_tries_a_gateway_again_that_was_away_and_enters_the_telling_once(here, gateway):
    from shouxin.usecases.outreach.send_outbox import SendOutbox, send_outbox

    gateway.rule = lambda to, offered: 503 if offered == 1 else None
    contact = must(named(here, enrolled(here))).chain
    assert send_outbox(here.at(NOON + timedelta(minutes=2)), SendOutbox()).sent == 1
    assert kinds(here, contact) == ["enrolled", "key_issued", "stored", "disclosed", "notice_shown", "disclosed"]
    assert name(opened(here, pass_in(gateway))) == "SignedIn"


def test_it_passes_a_refusal_to_name_on(here, gateway):
    subject = enrolled(here)
    must(named(here, subject))
    assert isinstance(named(here, subject), Refusal)
    assert len(gateway.messages()) == 1
