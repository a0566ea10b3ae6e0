"""The promises of the vault; each test bears the name of the promise it keeps."""

import inspect
import threading
import typing

import pytest
from django.db import connections, transaction

from shouxin.vault.log.append import ClockBehindError, InsideTransactionError
from shouxin.vault.log.note_file import LogBehindError
from shouxin.vault.opening import Vault
from tests.vault.cast import BO, ask, enrol, must, opened, overdue, reason


def test_vault_outside_transaction(lender):
    cast = overdue(lender.vault)
    before = lender.vault.history(cast.subject).facts.n
    with pytest.raises(InsideTransactionError), transaction.atomic():
        ask(lender.vault, cast.subject)
    assert lender.vault.history(cast.subject).facts.n == before


def test_no_input_receipts():
    """No door takes a permit, a receipt or a key: nothing that was once granted can be replayed."""
    forbidden = ("Permit", "Receipt", "Opened", "Epoch", "Signer", "person_key", "ledger_key", "data_key")
    doors = [name for name in vars(Vault) if not name.startswith("_") and callable(getattr(Vault, name))]
    assert "use" in doors
    for door in doors:
        signature = inspect.signature(getattr(Vault, door))
        for parameter in signature.parameters.values():
            taken = f"{parameter.name}: {parameter.annotation}"
            assert not any(word in taken for word in forbidden), f"{door} takes {taken}"
        for given in typing.get_args(signature.return_annotation):
            assert "Epoch" not in str(given)


def test_one_person_one_chain(lender):
    first = enrol(lender.vault)
    again = {"phone": "13800009999", "id_number": "1101 0119 9001 010010"}
    from shouxin.vault.enrol import EnrolRequest
    from tests.vault.cast import AI_LI

    assert lender.vault.enrol(EnrolRequest({**AI_LI, **again})).reason == "already_enrolled"
    both = lender.vault.enrol_many([EnrolRequest({"id_number": "X1"}), EnrolRequest({"id_number": "x1"})])
    assert [getattr(one, "reason", "enrolled") for one in both] == ["enrolled", "already_enrolled"]
    assert lender.vault.history(first.subject).facts.n == 4


def test_linearised(lender):
    """A withdrawal that is committed before the append refuses the use, however they race."""
    vault = lender.vault
    subject = enrol(vault).subject
    rounds = 60
    for _ in range(rounds):
        must(vault.consent(subject, "marketing", notice="marketing", version="1"))
        barrier, results = threading.Barrier(2), []

        def use(barrier=barrier, results=results):
            barrier.wait()
            results.append(ask(vault, subject, actor="system:news", purpose="marketing"))
            connections.close_all()

        thread = threading.Thread(target=use)
        thread.start()
        barrier.wait()
        withdrawn = must(vault.withdraw(subject, "marketing"))
        thread.join()
        (result,) = results
        before = result.receipt.entry < withdrawn.entry
        assert reason(result) == ("opened" if before else "consent_withdrawn")
    entries = [entry.record["kind"] for entry in vault.history(subject).entries]
    assert entries.count("withdrawn") == rounds


def test_logged_when_it_says(lender):
    """The time of an entry is the time of the epoch that closed its batch, whatever is asked."""
    cast = overdue(lender.vault)
    before = lender.vault.history(cast.subject).entries[-1].time
    result = opened(ask(lender.vault, cast.subject))
    entry = lender.vault.history(cast.subject).entries[result.receipt.entry - 1]
    from shouxin.vault import models

    opening = models.Opening.objects.get(chain_id=cast.subject, j=entry.j)
    from shouxin.core.merkle.chain import Epoch

    leaf = models.Leaf.objects.get(index=opening.epoch_index)
    assert Epoch.parse(bytes(leaf.data)).ms == entry.time >= before
    with pytest.raises(AssertionError):
        lender.vault.record(cast.subject, lambda _: {"kind": "protected", "why": "x", "time": 1})


def test_behind_never_signs(lender, tmp_path):
    cast = overdue(lender.vault)
    note = lender.vault._inside.note_path
    ahead = note.read_text()
    from shouxin.core.merkle.checkpoint import Checkpoint
    from shouxin.core.merkle.note import parse_note, sign_note

    signed = Checkpoint.parse(parse_note(ahead).text)
    newer = Checkpoint(signed.origin, signed.size + 2, signed.root)
    note.write_text(sign_note(newer.to_text(), [lender.vault._inside.signer]))
    with pytest.raises(LogBehindError):
        ask(lender.vault, cast.subject)
    note.write_text(ahead)
    opened(ask(lender.vault, cast.subject))


def test_a_clock_that_runs_backwards_never_signs(lender):
    from datetime import timedelta

    from shouxin.adapters.clock import FixedClock

    cast = overdue(lender.vault)
    now = lender.clock.now()
    slightly = lender.vault.at(FixedClock(now - timedelta(minutes=4)))
    opened(ask(slightly, cast.subject))
    far = lender.vault.at(FixedClock(now - timedelta(minutes=6)))
    with pytest.raises(ClockBehindError):
        ask(far, cast.subject)


def test_batch(lender):
    """Entries all or none; then each item opens or fails by itself; a refused item is an entry."""
    from shouxin.vault import models
    from shouxin.vault.use import Opened, Unreadable, UseRequest

    vault = lender.vault
    cast = overdue(vault)
    other = enrol(vault, id_number="11010119900101002X", phone="13800000002")
    sealed = models.Datum.objects.get(chain_id=other.subject, field="phone")
    sealed.sealed = bytes(sealed.sealed)[:-1] + bytes([bytes(sealed.sealed)[-1] ^ 1])
    sealed.save()
    size = vault.audit().entries
    results = vault.use_many(
        [
            UseRequest(cast.subject, BO, "collection", ("phone",)),
            UseRequest(cast.subject, BO, "collection", ("income",)),
            UseRequest(other.subject, "borrower:self", "own_request", ("phone",)),
        ]
    )
    assert isinstance(results[0], Opened)
    assert reason(results[1]) == "field_not_for_purpose"
    assert isinstance(results[2], Unreadable)
    assert vault.audit().entries == size + 3
    assert len({one.receipt.size for one in results}) == 1


def test_nothing_outlives_the_call(lender):
    """Two uses make two entries, and no value or unwrapped key is reachable from the vault."""
    import gc

    cast = overdue(lender.vault)
    first, second = (opened(ask(lender.vault, cast.subject)) for _ in range(2))
    assert second.receipt.entry == first.receipt.entry + 1
    number = first.values["phone"]
    del first, second
    gc.collect()
    seen, queue = set(), [lender.vault]
    while queue:
        one = queue.pop()
        if id(one) in seen or isinstance(one, (type, type(inspect))):
            continue
        seen.add(id(one))
        assert one != number
        queue += gc.get_referents(one)


SPELLINGS = {
    "id_number": ("11010119900101002X", "11010119900101002x", "１１０１０１１９９００１０１００２Ｘ", "110101\u200b19900101002X", "110101-1990 0101-002X"),
    "phone": ("13900001234", "+8613900001234", "0086 139 0000 1234", "+86-139-0000-1234", "１３９００００１２３４", "139\u2060\u00ad00001234"),
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS["id_number"])
def test_one_person_one_chain_however_the_number_is_spelt(lender, spelling):
    from shouxin.vault.enrol import EnrolRequest
    from tests.vault.cast import AI_LI

    enrol(lender.vault, id_number=SPELLINGS["id_number"][0])
    assert lender.vault.enrol(EnrolRequest({**AI_LI, "id_number": spelling})).reason == "already_enrolled"


@pytest.mark.parametrize("spelling", SPELLINGS["phone"])
def test_one_contact_person_one_chain_however_the_phone_is_spelt(lender, spelling):
    from tests.vault.cast import FRIEND

    first = enrol(lender.vault).subject
    named = must(lender.vault.name_contact(first, {**FRIEND, "phone": SPELLINGS["phone"][0]}))
    assert lender.vault.whose("phone", spelling) == "contact_person"
    again = lender.vault.name_contact(first, {**FRIEND, "phone": spelling})
    assert again.reason == "already_done" and lender.vault.history(named.contact)


NO_NUMBERS = [
    ("id_number", "110101199О01010010"),  # a Cyrillic О
    ("id_number", "١١٠١٠١"),
    ("id_number", "1101/0119"),
    ("id_number", "\u200b"),
    ("phone", "١٣٩٠٠٠٠١٢٣٤"),
    ("phone", "139-none"),
    ("phone", "++13900001234"),
    ("phone", "123"),
    ("phone", "1" * 21),
    ("phone", "\u200d"),
]


@pytest.mark.parametrize(("field", "value"), NO_NUMBERS)
def test_it_takes_no_number_that_is_none(lender, field, value):
    from shouxin.vault.enrol import EnrolRequest
    from tests.vault.cast import AI_LI

    refusal = lender.vault.enrol(EnrolRequest({**AI_LI, field: value}))
    assert (refusal.reason, refusal.where) == ("malformed", field)
    subject = enrol(lender.vault).subject
    refusal = lender.vault.store(subject, {field: value})
    assert (refusal.reason, refusal.where) == ("malformed", field)


@pytest.mark.parametrize("phone", ["010-62345678", "+1 415 555 0100", "+44 20 7946 0958"])
def test_it_takes_a_number_of_another_land(lender, phone):
    enrol(lender.vault, phone=phone)
    assert lender.vault.whose("phone", phone) == "borrower"
