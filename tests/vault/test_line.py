"""Calls that wait for a commit: one writes for all, and whoever's call is over waits for nobody."""

import threading
import time
from dataclasses import dataclass, field

import pytest
from django.db import connections

from shouxin.vault import models
from shouxin.vault.line import Line
from shouxin.vault.log import append
from shouxin.vault.log.together import LeftAloneError
from tests.vault.cast import ask, opened, overdue, reason

PATIENCE = 20


@dataclass
class _Call:
    is_over: bool = False
    wrote: bool | None = None
    inside: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)


def _joins(line, call, ends=()):
    """A caller in a thread of its own; once told to go it ends these calls and its own, if it is the one to write."""

    def work():
        with line.joined(call) as call.wrote:
            if call.wrote:
                call.inside.set()
                assert call.go.wait(PATIENCE)
                for one in (call, *ends):
                    one.is_over = True

    waits = len(line.calls)
    thread = threading.Thread(target=work)
    thread.start()
    _until(lambda: len(line.calls) > waits)
    return thread


def _until(true):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_one_writes_and_whose_call_is_over_leaves_while_the_next_one_writes():
    line, first, beside, later = Line(), _Call(), _Call(), _Call()
    threads = [_joins(line, first, [beside]), _joins(line, beside), _joins(line, later)]
    assert first.inside.wait(PATIENCE)
    assert beside.wrote is later.wrote is None, "they sleep until it is their turn"
    first.go.set()
    assert later.inside.wait(PATIENCE), "who isn't done yet writes next"
    threads[1].join(PATIENCE)
    assert not threads[1].is_alive(), "and who is done doesn't wait for that"
    later.go.set()
    for one in threads:
        one.join(PATIENCE)
    assert (first.wrote, beside.wrote, later.wrote) == (True, False, True)


def _is_stopped(line):
    with line.joined(_Call()) as writes:
        assert writes
        raise KeyboardInterrupt


def test_a_writer_who_is_stopped_hands_on():
    line, call = Line(), _Call()
    with pytest.raises(KeyboardInterrupt):
        _is_stopped(line)
    call.go.set()
    _joins(line, call).join(PATIENCE)
    assert call.wrote


def _held_back(monkeypatch, vault, waiting, *, stops_at=0):
    """The first commit waits until so many more stand in line; the sizes of all of them. One may be stopped."""
    sizes, write = [], append._write_batch

    def held(calls):
        sizes.append(len(calls))
        if len(sizes) == 1:
            _until(lambda: len(vault.line.calls) == waiting)
        if len(sizes) == stops_at:
            raise SystemExit
        write(calls)

    monkeypatch.setattr(append, "_write_batch", held)
    return sizes


def _at_once(works):
    """What each of these gives, or raises, asked in threads of their own; the first is on its way before the others."""
    found = [None] * len(works)

    def work(number):
        try:
            found[number] = works[number]()
        except BaseException as error:  # noqa: BLE001  it is what the test looks at
            found[number] = error
        connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(works))]
    for one in threads:
        one.start()
        time.sleep(0.01 if one is threads[0] else 0)
    for one in threads:
        one.join(PATIENCE)
    return found


def test_who_comes_while_the_disk_is_busy_shares_the_next_commit(lender, monkeypatch):
    cast, vault = overdue(lender.vault), lender.vault._inside
    sizes = _held_back(monkeypatch, vault, 7)
    found = _at_once([lambda: ask(lender.vault, cast.subject)] * 8)
    assert sizes == [1, 7]
    entries = [opened(one).receipt.entry for one in found]
    assert sorted(entries) == list(range(min(entries), min(entries) + 8))
    together = models.Opening.objects.filter(chain_id=cast.subject, j__in=entries).values_list("epoch_index", flat=True)
    assert sorted(list(together).count(epoch) for epoch in set(together)) == [1, 7]


def test_one_that_fails_takes_nothing_from_those_beside_it(lender, monkeypatch):
    cast, vault = overdue(lender.vault), lender.vault._inside

    def fails(batch):
        live = batch.chain(cast.subject)
        batch.add(live, {"kind": "case_opened", "case": "of a call that fails"})
        raise ArithmeticError

    _held_back(monkeypatch, vault, 3)
    use, failing = (lambda: ask(lender.vault, cast.subject)), (lambda: append.commit(vault, [fails]))
    first, one, failed, other = _at_once([use, use, failing, use])
    assert isinstance(failed, ArithmeticError)
    assert [reason(found) for found in (first, one, other)] == ["opened"] * 3
    cases = [entry for entry in lender.vault.history(cast.subject).entries if entry.record["kind"] == "case_opened"]
    assert len(cases) == 1
    from shouxin.vault.log.audit import audit

    assert audit(vault).faults == ()


def test_who_was_written_for_by_one_who_was_stopped_is_told_and_may_ask_again(embedded_lender, monkeypatch):
    cast, vault = overdue(embedded_lender.vault), embedded_lender.vault._inside
    sizes = _held_back(monkeypatch, vault, 2, stops_at=2)
    found = _at_once([lambda: ask(embedded_lender.vault, cast.subject)] * 3)
    assert reason(found[0]) == "opened"
    assert sizes == [1, 2]
    assert {type(one) for one in found[1:]} == {SystemExit, LeftAloneError}
    opened(ask(embedded_lender.vault, cast.subject))
