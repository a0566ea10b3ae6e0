"""A new epoch: everybody moves, uses go on meanwhile, whatever is killed can be done again, and the old key is gone."""

import os
import signal
import threading

import pytest
from django.db import connections

from shouxin.site import databases, wiring
from shouxin.vault import models, rotate
from shouxin.vault.epoch import KeyLostError
from shouxin.vault.root.file import FileRoot
from tests.vault.cast import ask, enrol, opened, overdue

OWN = {"actor": "borrower:self", "purpose": "own_request", "fields": ["phone"]}


def quietly(_):
    """Progress that nobody reads."""


def keys_of(subject):
    row = models.Chain.objects.get(id=subject)
    return row.epoch, bytes(row.ledger_key), bytes(row.data_key)


def reopened(lender):
    databases.close()
    return wiring.open_lender(lender.settings.data_dir)


def still_whole(lender, *subjects):
    """Everybody's data open, under one epoch, and the log is whole."""
    for subject in subjects:
        assert opened(ask(lender.vault, subject, **OWN)).values["phone"]
    assert set(models.Chain.objects.values_list("epoch", flat=True)) == {models.Epoch.objects.get().number}
    assert lender.vault.audit().faults == ()


def people(vault, count):
    return [enrol(vault, id_number=f"P{n:06}", phone=f"1380000{n:04}").subject for n in range(count)]


def root_files(lender):
    return sorted(path.name for path in (lender.settings.data_dir / "keys").glob("root-*"))


def test_everybody_is_wrapped_anew_and_the_old_epoch_is_gone(lender):
    cast = overdue(lender.vault)
    before, seen = keys_of(cast.subject), []
    done = lender.vault.rotate(seen.append)
    after = keys_of(cast.subject)
    assert (done.epoch, done.resumed, done.swept) == (2, False, True)
    assert done.chains == models.Chain.objects.count() == seen[-1].done == seen[-1].of
    assert (before[0], after[0]) == (1, 2)
    assert not set(before[1:]) & set(after[1:])
    assert root_files(lender) == ["root-2.key"]
    still_whole(reopened(lender), cast.subject)


def test_a_second_rotation_is_a_third_epoch(lender):
    subject = enrol(lender.vault).subject
    assert [lender.vault.rotate(quietly).epoch for _ in range(2)] == [2, 3]
    still_whole(lender, subject)
    state = lender.vault.epoch_state()
    assert (state.epoch, state.root, state.behind) == (3, "file", 0)


def test_a_process_that_held_the_vault_open_goes_on(lender):
    """Another process rotates; this one meets the new epoch, uses it for whoever is new, and forgets the old key."""
    subject = enrol(lender.vault).subject
    elsewhere = wiring.open_lender(lender.settings.data_dir)
    elsewhere.vault.rotate(quietly)
    other = enrol(lender.vault, id_number="X2", phone="13800000002").subject
    assert keys_of(other)[0] == 2
    still_whole(lender, subject, other)
    assert set(lender.vault._inside.epochs._open) == {2}
    lender.vault._inside.epochs._open.clear()
    with pytest.raises(KeyLostError, match="epoch 1 is gone"):
        lender.vault._inside.epochs.of(1)


def test_uses_and_enrolments_go_on_while_it_rotates(lender, monkeypatch):
    monkeypatch.setattr(rotate, "AT_ONCE", 2)
    subjects, newcomers, failures = people(lender.vault, 12), [], []
    stop = threading.Event()

    def work():
        try:
            while not stop.is_set():
                opened(ask(lender.vault, subjects[len(newcomers) % 12], **OWN))
                newcomers.append(enrol(lender.vault, id_number=f"N{len(newcomers)}", phone="13900000000").subject)
        except Exception as error:  # noqa: BLE001  told in the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        lender.vault.rotate(lambda _: None)
    finally:
        stop.set()
        thread.join()
    assert not failures and newcomers
    still_whole(lender, *subjects, *newcomers)


def test_no_root_is_asked_for_a_use(lender, monkeypatch):
    asked = []
    unwrap = FileRoot.unwrap
    monkeypatch.setattr(FileRoot, "unwrap", lambda *a, **k: asked.append(k["epoch"]) or unwrap(*a, **k))
    again = reopened(lender)
    assert asked == [1]
    subject = enrol(again.vault).subject
    for _ in range(20):
        opened(ask(again.vault, subject, **OWN))
    again.vault.history(subject)
    assert asked == [1]
    again.vault.rotate(quietly)
    opened(ask(again.vault, subject, **OWN))
    assert asked == [1]


def in_a_child(work):
    """Run `work` in a fork with connections of its own; how it ended (0, or minus the signal)."""
    databases.close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dies(owner, step, *, call, before):
    """Make the process die by SIGKILL before or after that call of the step."""
    real, calls = getattr(owner, step), []

    def dying(*args, **kwargs):
        calls.append(step)
        if before and len(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*args, **kwargs)
        if len(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, step, dying)


STEPS = [
    (rotate.epochs, "create", 1),
    (rotate, "_begin", 1),
    (rotate, "_move", 1),
    (rotate, "_move", 2),
    (rotate, "_move_all", 1),
    (rotate, "_end", 1),
    (rotate, "_forget", 2),
    (rotate, "sweep", 1),
]


def test_killed_at_any_step_it_is_done_again(lender, monkeypatch):
    """Before or after each step, two chains a transaction; whoever opens the vault then reads and enrols."""
    monkeypatch.setattr(rotate, "AT_ONCE", 2)
    subjects = people(lender.vault, 5)
    sides = (True, False) if connections["vault"].vendor == "sqlite" else (False,)
    for owner, step, call in STEPS:
        for before in sides:

            def child(owner=owner, step=step, call=call, before=before):
                again = wiring.open_lender(lender.settings.data_dir)
                dies(owner, step, call=call, before=before)
                again.vault.rotate(quietly)

            assert in_a_child(child) == -signal.SIGKILL, (step, before)
            again = wiring.open_lender(lender.settings.data_dir)
            begun = again.vault.epoch_state().epoch
            subjects.append(enrol(again.vault, id_number=f"N{len(subjects)}").subject)
            for subject in subjects[-1:] + subjects[:5:2]:
                opened(ask(again.vault, subject, **OWN))
            done = again.vault.rotate(quietly)
            assert done.epoch == begun + (not done.resumed), (step, before)
            assert root_files(again) == [f"root-{done.epoch}.key"], (step, before)
            still_whole(again, *subjects[-1:])
    still_whole(again, *subjects)
