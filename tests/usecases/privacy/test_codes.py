"""One-time codes: what proves a number, and what doesn't."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from shouxin.usecases.lender import BadInput, CannotNow
from tests.usecases.privacy.texts import PHONE, code_in, newest, wrong
from tests.usecases.story import NOON, enrolled, last, must

LATER = timedelta(minutes=1)


def sent(lender, phone=PHONE, about="sign_in", **more):
    from shouxin.usecases.privacy.codes import SendCode, send_code

    return send_code(lender, SendCode.read({"phone": phone, "about": about, **more}))


def checked(lender, code, typed, phone=PHONE, about="sign_in", **more) -> str:
    from shouxin.usecases.privacy.codes import check

    found = check(lender, code, about, phone=phone, typed=typed, **more)
    return found.why.value if found else "right"


def test_it_proves_a_number_once(texting, gateway):
    code = sent(texting).code
    typed = code_in(gateway)
    assert checked(texting, code, typed) == "right"
    assert checked(texting, code, typed) == "used"


@pytest.mark.parametrize("typed", [" 1 2 3 4 5 6", "123-456", "１２３４５６", "123456\n"])
def test_it_takes_a_code_however_the_keyboard_spells_it(here, typed):
    from shouxin.records.access.models import OneTimeCode
    from shouxin.usecases.privacy.codes import _digest

    code = sent(here).code
    OneTimeCode.objects.filter(id=code).update(digest=_digest(here, code, "sign_in", "", "123456"))
    assert checked(here, code, typed) == "right"


HOSTILE = ["", "0", "000000000000", "abcdef", "'; --", "\0", "\ud800", "💥" * 50, "<b>123456</b>", "%s%s"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_it_takes_nothing_that_is_not_the_code(here, gateway, typed):
    code = sent(here).code
    assert checked(here, code, typed) == "wrong"
    assert checked(here, code, code_in(gateway)) == "right"


def test_it_ends_after_five_minutes(texting, gateway):
    code = sent(texting).code
    assert checked(texting.at(NOON + timedelta(minutes=5)), code, code_in(gateway)) == "late"
    assert checked(texting.at(NOON + timedelta(minutes=4, seconds=59)), code, code_in(gateway)) == "right"


def test_it_ends_a_code_after_five_wrong_tries(texting, gateway):
    code = sent(texting).code
    right = code_in(gateway)
    assert [checked(texting, code, wrong(right)) for _ in range(5)] == ["wrong"] * 5
    assert checked(texting, code, right) == "used", "its five tries are over, right or not"


def test_it_shuts_no_owner_out_by_a_strangers_guesses(texting, gateway):
    guessed = sent(texting).code
    for _ in range(9):
        checked(texting, guessed, wrong(code_in(gateway)))
    later = texting.at(NOON + LATER)
    own = sent(later).code
    assert checked(later, own, code_in(gateway)) == "right"


def test_it_proves_nothing_else_than_what_it_was_sent_for(texting, gateway):
    code = sent(texting).code
    typed = code_in(gateway)
    assert checked(texting, code, typed, about="new_phone") == "wrong"
    assert checked(texting, code, typed, phone="13900000001") == "wrong"
    assert checked(texting, code, typed, bound="offer 7") == "wrong"
    assert checked(texting, "0190a000-0000-7000-8000-000000000000", typed) == "wrong"
    assert checked(texting, code, typed) == "right"


def test_it_keeps_no_code_and_no_number(here, gateway, data_dir):
    sent(here)
    digits = code_in(gateway)
    raw = b"".join(path.read_bytes() for path in data_dir.glob("*.sqlite3*"))
    assert b"sms_code_sign_in" in raw, "the search finds what is there"
    assert digits.encode() not in raw
    assert PHONE.encode() not in raw


@pytest.mark.parametrize(
    ("minutes", "answers"),
    [
        ((0, 0), ["sent", "too_soon"]),
        ((0, 1), ["sent", "sent"]),
        ((0, 2, 4, 6, 8, 10), ["sent"] * 5 + ["too_soon"]),
        ((0, 2, 4, 6, 8, 61), ["sent"] * 6),
        ((*range(0, 600, 60), 601), ["sent"] * 10 + ["too_soon"]),
    ],
)
def test_it_sends_no_number_more_than_it_can_bear(here, minutes, answers):
    given = [sent(here.at(NOON + timedelta(minutes=minute))) for minute in minutes]
    assert [one.why.value if hasattr(one, "why") else "sent" for one in given] == answers


def test_it_says_when_the_next_code_may_be_asked_for(here):
    assert sent(here).again_at == NOON + timedelta(minutes=1)
    assert sent(here).until == NOON + timedelta(minutes=1)


def test_it_limits_what_one_place_may_ask_for(here):
    numbers = [f"138{n:08}" for n in range(61)]
    answers = [sent(here, phone=number, origin="203.0.113.9") for number in numbers]
    assert [hasattr(one, "why") for one in answers] == [False] * 60 + [True]
    assert not hasattr(sent(here, phone="13700000001", origin="203.0.113.10"), "why")


def test_it_answers_a_known_number_like_an_unknown_one(here, gateway):
    from shouxin.records.outreach.models import Ledger, Outbox

    subject = enrolled(here)
    before = len(here.vault.history(subject).entries)
    known, unknown = sent(here), sent(here, phone="13900000001")
    assert (known.until, known.again_at) == (unknown.until, unknown.again_at)
    digits = code_in(gateway)
    assert newest(gateway).replace(digits, "") == newest(gateway, "13900000001").replace(
        code_in(gateway, "13900000001"), ""
    )
    told = here.vault.history(subject).entries[before:]
    assert [(one.record["kind"], one.record["actor"]) for one in told] == [("disclosed", "borrower:unproved")]
    assert {row.subject_id for row in Ledger.objects.all()} == {""}
    assert {row.state for row in Outbox.objects.all()} == {"sent"}


def test_it_asks_the_same_queries_for_a_known_number_and_an_unknown_one(here):
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    enrolled(here)

    def asked(phone):
        with (
            CaptureQueriesContext(connections["default"]) as book,
            CaptureQueriesContext(connections["vault"]) as vault,
        ):
            sent(here, phone=phone)
        # How many pages of the map a label touches is chance, the same for all.
        said = [re.sub("[0-9]+", "n", query["sql"].split("(")[0][:40]) for query in (*book, *vault)]
        return [query for query in said if "SAVEPOINT" not in query and "vault_page" not in query]

    assert asked(PHONE) == asked("13900000001")


def test_it_adds_one_leaf_to_the_public_log_whether_one_two_or_nobody_has_the_number(here):
    from shouxin.usecases.privacy.contact_person import ContactPerson, contact_person

    ai_li, other = enrolled(here), enrolled(here, id_number="110101198502141027")
    third = enrolled(here, id_number="110101198009090909", phone="13700000103")
    named = ContactPerson(subject=third, name="Wen", phone="13600000104", relation="friend")
    contact = must(contact_person(here, named)).chain

    def leaves(phone):
        """How much the log grew by the time the code was sent."""
        before = int(here.vault.checkpoint().splitlines()[1])
        sent(here, phone=phone)
        return int(here.vault.checkpoint().splitlines()[1]) - before

    first = [leaves(phone) for phone in ("13700000103", "13600000104", "13900000001", PHONE)]
    assert first == [2, 2, 2, 2], "the entry, and the epoch that closes its batch"
    for chain in (ai_li, other, third, contact):
        told = last(here, chain)
        assert (told["kind"], told["fields"], told["recipient"]) == ("disclosed", ["phone"], "channel:sms")


def test_it_says_that_it_can_not_send(here, gateway):
    with pytest.raises(CannotNow, match="no message gateway"):
        sent(replace(here, sms=None))
    gateway.rule = lambda to, offered: 503
    with pytest.raises(CannotNow, match="could not be sent"):
        sent(here)
    gateway.rule = None
    assert sent(here).code, "nothing left, so nobody has to wait"


@pytest.mark.parametrize(
    "spelt", ["13800000101", "138 0000 0101", "138-0000-0101", "+86 138 0000 0101", "(0086)13800000101"]
)
def test_it_sends_to_a_number_however_it_was_typed(here, gateway, spelt):
    sent(here, phone=spelt)
    assert len(gateway.messages(PHONE)) == 1


@pytest.mark.parametrize("typed", ["", "1380000010", "138000001011", "23800000101", "12800000101", "1380000010a", "\0"])
def test_it_refuses_what_is_no_number_without_repeating_it(here, typed):
    with pytest.raises(BadInput) as refused:
        sent(here, phone=typed)
    assert refused.value.where == "phone"
    assert not typed or typed not in str(refused.value)


def test_it_lets_one_of_many_at_once_use_a_code(texting, gateway):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    code = sent(texting).code
    typed = code_in(gateway)

    def attempt(_):
        try:
            return checked(texting, code, typed)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(attempt, range(4)))
    assert answers.count("right") == 1


def test_it_leaves_what_it_sent_in_the_ledger(here, gateway, tmp_path):
    from shouxin.records.outreach.models import Ledger

    sent(here)
    row = Ledger.objects.get()
    assert (row.channel, row.party, row.template, row.outcome) == ("sms", "channel:sms", "sms_code_sign_in", "sent")
    assert row.ref == gateway.messages()[0]["ref"]


def test_it_sweeps_counters_that_nobody_needs(here, gateway):
    from shouxin.records.access.models import Tries
    from shouxin.usecases.privacy import tries

    sent(here)
    week = here.at(NOON + timedelta(days=7))
    assert (tries.sweep(week), Tries.objects.count()) == (0, 1)
    assert (tries.sweep(week.at(NOON + timedelta(days=7, seconds=1))), Tries.objects.count()) == (1, 0)
