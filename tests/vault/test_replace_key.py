"""A stolen or lost ledger key is replaced: the history goes on, proves itself as before, and the old key reads no more."""

import json
import threading

import pytest
from django.db import connections

from shouxin.core.merkle.bundle import Bundle
from shouxin.core.merkle.person_key import PersonKey, fingerprint
from shouxin.core.rules.refusal import Reason
from shouxin.vault import models
from shouxin.vault.log import append
from shouxin.vault.seal import SealError, opening_key, place, unseal
from shouxin.verify import NotVerified, Verified, verify
from tests.vault.cast import BO, CHEN, ask, must, opened, overdue, reason

OWN = {"actor": "borrower:self", "purpose": "own_request", "fields": ["phone"]}


def judged(lender, subject, key):
    now = int(lender.clock.now().timestamp() * 1000)
    return verify(lender.vault.bundle(subject), lender.vault.trust(), key, at_ms=now)


def test_the_history_goes_on_under_the_new_key_and_verifies(lender):
    cast = overdue(lender.vault)
    before = lender.vault.history(cast.subject).facts.n
    fresh = must(lender.vault.replace_key(cast.subject))
    verdict = judged(lender, cast.subject, fresh)
    assert isinstance(verdict, Verified), verdict
    assert verdict.records[-1]["kind"] == "key_rotated" and len(verdict.records) == before + 1
    keys = PersonKey.parse(fresh).keys
    assert keys[0] == PersonKey.parse(cast.person_key).keys[0]
    assert verdict.records[-1]["to"] == fingerprint(keys[1][1]) and keys[1][0] == before + 2
    opened(ask(lender.vault, cast.subject, **OWN))
    assert isinstance(judged(lender, cast.subject, fresh), Verified)
    assert lender.vault.audit().faults == ()
    assert isinstance(lender.vault.verified(cast.subject, lender.vault.bundle(cast.subject)), Verified)


def test_it_can_be_replaced_again_and_issued_once_more(lender):
    cast = overdue(lender.vault)
    must(lender.vault.replace_key(cast.subject))
    second = must(lender.vault.replace_key(cast.subject))
    issued = must(lender.vault.issue_key(cast.subject))
    assert issued == second and len(PersonKey.parse(issued).keys) == 3
    assert isinstance(judged(lender, cast.subject, issued), Verified)
    assert len(Bundle.parse(lender.vault.bundle(cast.subject)).non_membership) == 3
    told = [one.record for one in lender.vault.history(cast.subject).entries[-3:]]
    assert [one["kind"] for one in told] == ["key_rotated", "key_rotated", "key_issued"]
    assert lender.vault.audit().faults == ()


def test_the_old_key_opens_nothing_that_is_stored_now(lender):
    """Neither entries that were written under it, nor the snapshot, nor what waits to be written."""
    cast = overdue(lender.vault)
    old = PersonKey.parse(cast.person_key).keys[0][1]
    openings = list(models.Opening.objects.filter(chain_id=cast.subject))
    assert all(unseal(opening_key(old), bytes(one.sealed), place=place(cast.subject, str(one.j))) for one in openings)
    fresh = PersonKey.parse(must(lender.vault.replace_key(cast.subject))).keys[-1][1]
    openings = list(models.Opening.objects.filter(chain_id=cast.subject))
    row = models.Chain.objects.get(id=cast.subject)
    stored = [(str(one.j), one.sealed) for one in openings]
    stored += [(f"facts{row.n}", row.facts), ("keys", row.earlier_keys)]
    assert len(stored) == row.n + 2
    for name, sealed in stored:
        assert unseal(opening_key(fresh), bytes(sealed), place=place(cast.subject, name))
        with pytest.raises(SealError):
            unseal(opening_key(old), bytes(sealed), place=place(cast.subject, name))


def test_the_old_file_verifies_nothing_from_the_change_on(lender):
    cast = overdue(lender.vault)
    assert isinstance(judged(lender, cast.subject, cast.person_key), Verified)
    must(lender.vault.replace_key(cast.subject))
    assert judged(lender, cast.subject, cast.person_key) == NotVerified(
        "wrong_person", f"entry {entries(lender, cast)}"
    )
    opened(ask(lender.vault, cast.subject, **OWN))
    assert judged(lender, cast.subject, cast.person_key) == NotVerified("wrong_person", "membership")


def entries(lender, cast):
    return lender.vault.history(cast.subject).facts.n


def test_leaf_1_of_the_first_file_still_pins_the_history(lender):
    """Whoever kept the file of their enrolment takes `leaf_1` over from it, and knows that this is their first key."""
    cast = overdue(lender.vault)
    fresh = must(lender.vault.replace_key(cast.subject))
    assert "that_this_is_your_first_key" in judged(lender, cast.subject, fresh).cannot_prove
    taken = json.loads(fresh) | {"leaf_1": json.loads(cast.person_key)["leaf_1"]}
    verdict = judged(lender, cast.subject, json.dumps(taken, sort_keys=True, separators=(",", ":")).encode())
    assert isinstance(verdict, Verified) and "that_this_is_your_first_key" not in verdict.cannot_prove


def test_grants_hold_and_everybody_keeps_their_name_in_it(lender):
    cast = overdue(lender.vault)
    before = [one.record for one in lender.vault.history(cast.subject).entries if one.record["kind"] == "granted"]
    must(lender.vault.replace_key(cast.subject))
    opened(ask(lender.vault, cast.subject, actor=BO, case=cast.case))
    used = lender.vault.history(cast.subject).entries[-1].record
    assert used["actor"] in [one["to"] for one in before]
    assert reason(ask(lender.vault, cast.subject, actor=CHEN, case=cast.case)) == "not_yours"


def test_what_was_waiting_for_the_history_is_written_into_it(lender):
    """A refusal that the owner is told of later, deferred by a batch before; more wait than one batch takes."""
    cast = overdue(lender.vault)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(append, "DEFERRED_AT_ONCE", 0)
        for _ in range(3):
            assert reason(ask(lender.vault, cast.subject, actor=CHEN, case=cast.case)) == "not_yours"
        fresh = must(lender.vault.replace_key(cast.subject))
        assert models.Deferred.objects.count() == 3
    told = [one.record["kind"] for one in lender.vault.history(cast.subject).entries]
    assert told.count("refused") == 3 and told.index("key_rotated") < len(told) - 1
    assert isinstance(judged(lender, cast.subject, fresh), Verified)
    assert lender.vault.audit().faults == ()


def test_it_survives_a_new_epoch(lender):
    cast = overdue(lender.vault)
    fresh = must(lender.vault.replace_key(cast.subject))
    lender.vault.rotate(lambda _: None)
    opened(ask(lender.vault, cast.subject, **OWN))
    assert isinstance(judged(lender, cast.subject, fresh), Verified)


def test_nobody_elses_key_is_replaced(lender):
    overdue(lender.vault)
    for name in (BO, "agency:a07", "01990000-0000-7000-8000-000000000000"):
        assert lender.vault.replace_key(name).reason is Reason.NOT_YOURS


def test_uses_race_with_it_and_none_is_lost(lender):
    cast = overdue(lender.vault)
    before, failures = entries(lender, cast), []

    def uses():
        try:
            for _ in range(8):
                opened(ask(lender.vault, cast.subject, **OWN))
        except Exception as error:  # noqa: BLE001  told in the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=uses) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        fresh = must(lender.vault.replace_key(cast.subject))
    for thread in threads:
        thread.join()
    assert not failures and entries(lender, cast) == before + 19
    assert isinstance(judged(lender, cast.subject, fresh), Verified)
