"""Erasure: what goes, what a duty keeps, and a history that ends for good while every proof goes on holding."""

import base64
import json
from datetime import timedelta

import pytest
from django.db import connections

from shouxin.core.privacy.retention import Keeping
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.vault import models
from shouxin.verify import NotVerified, Verified, verify
from tests.vault.cast import AI_LI, FRIEND, ask, enrol, must, opened, overdue, reason
from tests.vault.files import holding

DUTY, RIGHT = "CN.AML.34", ("CN.PIPL.47",)
WENDY = {"id_number": "110101199001010037", "phone": "13800005679", "name": "Wendy", "email": "w@example.invalid"}


def borrowed(vault, **changes):
    """Somebody whose only contract has run and ended."""
    person = enrol(vault, **changes)
    agreed = must(vault.record(person.subject, lambda _: {"kind": "agreed", "contract": "L-1", "terms": "00" * 32}))
    must(vault.record(person.subject, lambda _: {"kind": "ended", "contract": agreed.entry}))
    return person


def keys_of(subject):
    row = models.Chain.objects.get(id=subject)
    return bytes(row.ledger_key), bytes(row.data_key)


def ten_years_on(lender):
    return lender.at(lender.clock.now() + timedelta(days=3700))


def test_what_is_deleted_does_not_open_and_what_stays_has_a_new_key(lender):
    person = enrol(lender.vault)
    _, before = keys_of(person.subject)
    must(lender.vault.erase(person.subject, ["email", "income"], rules=RIGHT))
    _, after = keys_of(person.subject)
    own = {"actor": "borrower:self", "purpose": "own_request"}
    assert opened(ask(lender.vault, person.subject, fields=["phone"], **own)).values["phone"] == AI_LI["phone"]
    assert reason(ask(lender.vault, person.subject, fields=["email"], **own)) == "deleted"
    assert not models.Datum.objects.filter(chain_id=person.subject, field__in=["email", "income"]).exists()
    assert not lender.vault.holders("email", AI_LI["email"]) and lender.vault.holders("phone", AI_LI["phone"])
    assert lender.vault.sweep() and holding(after, lender) and not holding(before, lender)
    assert lender.vault.audit().faults == ()


def test_what_a_duty_keeps_serves_that_duty_alone(lender):
    person = borrowed(lender.vault)
    must(lender.vault.appoint("compliance:p1"))
    until = lender.vault.history(person.subject).facts.last_time + 1000
    kept = [Keeping(("id_number", "name"), DUTY, until)]
    must(lender.vault.erase(person.subject, ["phone", "email", "income"], rules=RIGHT, kept=kept))
    facts = lender.vault.history(person.subject).facts
    assert facts.restricted == {"id_number": DUTY, "name": DUTY} and set(facts.until.values()) == {until}
    refused = ask(lender.vault, person.subject, actor="borrower:self", purpose="own_request", fields=["name"])
    assert (reason(refused), refused.refusal.rules) == ("restricted", (DUTY,))
    duty = ask(lender.vault, person.subject, actor="compliance:p1", purpose="aml_keep", fields=["name"])
    assert opened(duty).values["name"] == AI_LI["name"]
    changed = lender.vault.store(person.subject, {"name": "Somebody Else"})
    assert changed == Refusal(Reason.RESTRICTED, (DUTY,), "name")


def test_a_duty_holds_until_its_time_has_come(lender):
    person = borrowed(lender.vault)
    assert lender.vault.erase(person.subject, ["name"], rules=RIGHT) == Refusal(Reason.RESTRICTED, (DUTY,), "name")
    until = lender.vault.history(person.subject).facts.last_time + 3600_000
    kept = [Keeping(("id_number", "name"), DUTY, until)]
    must(lender.vault.erase(person.subject, ["phone", "email", "income"], rules=RIGHT, kept=kept))
    assert lender.vault.close(person.subject) == Refusal(Reason.RESTRICTED, (DUTY,), "id_number")
    later = ten_years_on(lender)
    must(later.vault.erase(person.subject, ["id_number", "name"], rules=[DUTY]))
    assert later.vault.history(person.subject).facts.restricted == {}
    must(later.vault.close(person.subject))


RUNNING = [
    (
        "contract",
        lambda vault, subject: vault.record(subject, lambda _: {"kind": "agreed", "contract": "L", "terms": ""}),
    ),
    ("case", lambda vault, subject: vault.open_case(subject)),
    ("contact_person", lambda vault, subject: vault.name_contact(subject, FRIEND)),
]


@pytest.mark.parametrize(("what", "begins"), RUNNING, ids=[one[0] for one in RUNNING])
def test_it_does_not_close_while_something_runs(lender, what, begins):
    person = enrol(lender.vault)
    must(begins(lender.vault, person.subject))
    assert lender.vault.close(person.subject) == Refusal(Reason.STILL_NEEDED, RIGHT, what)
    assert lender.vault.destroy(person.subject) == Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")


def test_a_closed_history_is_in_no_file_of_the_database_and_was_in_it_before(lender):
    cast, person = overdue(lender.vault), enrol(lender.vault, **WENDY)
    wrapped = keys_of(person.subject)
    openings = [bytes(row.sealed) for row in models.Opening.objects.filter(chain_id=person.subject)]
    digests = [bytes(row.digest) for row in models.BlindIndex.objects.filter(chain_id=person.subject)]
    assert all(holding(one, lender) for one in (*wrapped, *openings, *digests))
    must(lender.vault.close(person.subject))
    assert holding(wrapped[0], lender), "until the bundle is handed over, it can be made again"
    assert lender.vault.destroy(person.subject) is None and lender.vault.sweep()
    assert not any(holding(one, lender) for one in (*wrapped, *openings, *digests))
    assert not holding(person.subject.encode(), lender)
    assert holding(keys_of(cast.subject)[0], lender), "the search finds those who stay"


def test_the_last_bundle_and_everybody_elses_go_on_verifying(lender):
    cast, person = overdue(lender.vault), enrol(lender.vault, **WENDY)
    last = must(lender.vault.close(person.subject)).bundle
    again = must(lender.vault.close(person.subject)).bundle
    assert lender.vault.destroy(person.subject) is None
    now, trusted = lender.vault.history(cast.subject).facts.last_time, lender.vault.trust()
    found = [verify(one, trusted, person.person_key, at_ms=now) for one in (last, again)]
    assert all(isinstance(one, Verified) for one in found), found
    assert json.loads(base64.b64decode(json.loads(last)["openings"][-1]["record"]))["kind"] == "closed"
    others = lender.vault.bundle(cast.subject)
    assert isinstance(verify(others, trusted, cast.person_key, at_ms=now), Verified)
    assert lender.vault.audit().faults == ()


def test_what_was_closed_is_as_what_never_was(lender):
    cast, person = overdue(lender.vault), enrol(lender.vault, **WENDY)
    must(lender.vault.close(person.subject))
    answers = []
    for destroyed in (False, True):
        if destroyed:
            assert lender.vault.destroy(person.subject) is None
        asked = ask(lender.vault, person.subject)
        answers.append((asked.refusal, lender.vault.holders("phone", WENDY["phone"])))
        answers.append((lender.vault.store(person.subject, {"name": "x"}), ()))
    never = ask(lender.vault, "01990000-0000-7000-8000-000000000000")
    assert answers[0] == answers[2] == (never.refusal, ())
    assert answers[1] == answers[3]
    assert lender.vault.history(person.subject) is None and lender.vault.bundle(person.subject) is None
    assert lender.vault.destroy(person.subject) == Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
    assert isinstance(lender.vault.verified(cast.subject, lender.vault.bundle(cast.subject)), Verified)


def test_a_new_history_knows_nothing_of_the_old(lender):
    person = enrol(lender.vault)
    must(lender.vault.consent(person.subject, "marketing", notice="n", version="1"))
    must(lender.vault.close(person.subject))
    again = enrol(lender.vault)
    assert again.subject != person.subject
    assert [one.record["kind"] for one in lender.vault.history(again.subject).entries] == [
        "enrolled", "key_issued", "notice_shown", "stored",
    ]  # fmt: skip
    wrong = verify(lender.vault.bundle(again.subject), lender.vault.trust(), person.person_key, at_ms=0)
    assert isinstance(wrong, NotVerified)
    lender.vault.destroy(person.subject)
    assert opened(
        ask(lender.vault, again.subject, actor="borrower:self", purpose="own_request", fields=["name"])
    ).values


def test_a_contact_persons_data_end_with_the_last_naming(lender):
    one, two = enrol(lender.vault), enrol(lender.vault, **WENDY)
    first, second = (must(lender.vault.name_contact(who.subject, FRIEND)) for who in (one, two))
    must(lender.vault.end_naming(first.naming, rules=RIGHT))
    assert lender.vault.whose("phone", FRIEND["phone"]) == "contact_person"
    own = {"actor": "contact:self", "purpose": "own_request", "fields": ["phone"]}
    assert opened(ask(lender.vault, second.contact, **own)).values["phone"] == FRIEND["phone"]
    must(lender.vault.end_naming(second.naming, rules=RIGHT))
    assert lender.vault.whose("phone", FRIEND["phone"]) is None
    assert not models.Datum.objects.filter(chain_id=second.contact).exists()
    assert reason(ask(lender.vault, second.contact, **own)) == "deleted"
    told = lender.vault.history(one.subject).entries[-1].record
    assert (told["kind"], told["fields"], told["naming"]) == ("deleted", ["contact_person"], first.naming)
    assert lender.vault.end_naming(first.naming, rules=RIGHT).reason is Reason.NOT_YOURS
    assert lender.vault.audit().faults == ()


@pytest.mark.parametrize("refuses", [True, False], ids=["refused", "asked nothing"])
def test_a_refusal_for_good_outlives_erasure_as_a_keyed_digest_alone(lender, refuses):
    person = enrol(lender.vault)
    named = must(lender.vault.name_contact(person.subject, FRIEND))
    if refuses:
        must(lender.vault.refuse_for_good(named.contact))
    must(lender.vault.end_naming(named.naming, rules=RIGHT))
    must(lender.vault.close(named.contact))
    assert lender.vault.destroy(named.contact) is None and lender.vault.sweep()
    assert not holding(named.contact.encode(), lender) and lender.vault.whose("phone", FRIEND["phone"]) is None
    again = lender.vault.name_contact(person.subject, FRIEND)
    assert isinstance(again, Refusal) == refuses
    assert not refuses or again.reason is Reason.OPTED_OUT


def test_a_sweep_removes_what_an_older_program_left_in_the_files(embedded_lender):
    """Without the setting of today's connections, a row that goes stays in its page until the file is rewritten."""
    with connections["vault"].cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=OFF")
    person = enrol(embedded_lender.vault, **WENDY)
    wrapped = keys_of(person.subject)
    must(embedded_lender.vault.close(person.subject))
    assert embedded_lender.vault.destroy(person.subject) is None
    assert any(holding(one, embedded_lender) for one in wrapped)
    assert embedded_lender.vault.sweep()
    assert not any(holding(one, embedded_lender) for one in wrapped)


def test_a_sweep_that_somebody_is_in_the_way_of_says_so_and_raises_nothing(embedded_lender):
    import sqlite3
    from contextlib import closing

    with connections["vault"].cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=50")
    path = embedded_lender.settings.data_dir / "vault.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert embedded_lender.vault.sweep() is False
        other.execute("ROLLBACK")
    assert embedded_lender.vault.sweep() is True
