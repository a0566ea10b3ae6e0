"""`shouxin worker` in processes of its own: two that race, one that is killed in mid-send, one that is told to stop."""

from __future__ import annotations

import asyncio
import email
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.channels.sms import HttpSms
from shouxin.outbound.loopback.sms import SmsGateway
from shouxin.outbound.loopback.smtp import Sink
from tests.cli.shell import shouxin
from tests.usecases.story import NOON, at, borrowed, enrolled, must, remind, with_carriers

PEOPLE = 6
SOON = "2026-12-21T12:00:00+08:00"
LATER = "2026-12-21T12:11:00+08:00"
"""After the lease of a worker that died at `SOON`."""


class SlowSink(Sink):
    """A mail server that takes its time over some letters: kept or not, the answer comes when `go` is set."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.slow_over: dict[int, str] = {}
        """By the number of the letter: `before` or `after` it is kept."""
        self.holding, self.go = threading.Event(), threading.Event()
        self._seen = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        self._seen += 1
        when = self.slow_over.get(self._seen)
        if when == "before":
            await self._hold()
            return "451 too late"
        answer = await super().handle_DATA(server, session, envelope)
        if when == "after":
            await self._hold()
        return answer

    async def _hold(self):
        self.holding.set()
        await asyncio.to_thread(self.go.wait, 60)


@pytest.fixture
def sink(tmp_path):
    with SlowSink(tmp_path / "mail") as sink:
        yield sink
        sink.go.set()


@pytest.fixture
def waiting(lender, sink):
    """The folder of a lender in which six reminders wait for a mail server, which now has an address."""
    from shouxin.site import databases

    data_dir = lender.settings.data_dir
    lender = with_carriers(replace(lender, mail=SmtpMail(sink.host, sink.port, "a@lender.example"))).at(NOON)
    people = [enrolled(lender, id_number=f"11010119850214{n:04}", email=f"b{n}@mail.example") for n in range(PEOPLE)]
    loans = [borrowed(lender, one) for one in people]
    soon = at(lender, "2026-12-21")
    for loan in loans:
        assert must(remind(replace(soon, mail=None), loan)).state == "queued"
    configured(data_dir, smtp=f"{sink.host}:{sink.port}")
    databases.close()
    return data_dir


def configured(data_dir, **changes):
    from shouxin.site import config as configuration

    config = replace(configuration.read(data_dir), **changes)
    (data_dir / configuration.FILE).write_text(configuration.to_toml(config), "utf-8")


def command(data_dir, *words):
    return [sys.executable, "-m", "shouxin", "worker", *words, "--data-dir", str(data_dir)]


def once(data_dir, moment=SOON):
    return command(data_dir, "--once", "--json", "--at", moment)


def ids(sink):
    """The Message-IDs that arrived."""
    return [email.message_from_bytes(path.read_bytes())["Message-ID"] for path in sink.letters()]


def ledger():
    """Message-ID and outcome of each line."""
    from shouxin.records.outreach.models import Ledger

    return dict(Ledger.objects.values_list("ref", "outcome"))


def test_it_sends_each_message_once_with_two_workers(waiting, sink):
    """One has the first letter in hand until the other has sent all that is left."""
    sink.slow_over = {1: "after"}
    both = [subprocess.Popen(once(waiting), stdout=subprocess.PIPE) for _ in range(2)]
    until = time.monotonic() + 60
    while len(sink.letters()) < PEOPLE:
        assert time.monotonic() < until, "the other worker doesn't send"
        time.sleep(0.01)
    sink.go.set()
    said = [json.loads(one.communicate(timeout=120)[0])["done"]["messages"]["sent"] for one in both]
    assert ([one.returncode for one in both], sorted(said)) == ([0, 0], [1, PEOPLE - 1])
    assert len(set(ids(sink))) == len(sink.letters()) == PEOPLE
    assert ledger() == dict.fromkeys(ids(sink), "sent")


def test_it_sends_nothing_twice_and_leaves_nothing_unrecorded_when_it_is_killed_in_mid_send(waiting, sink):
    """One worker dies before its second letter is kept, the next after its own second is."""
    sink.slow_over = {2: "before", 4: "after"}
    for _ in range(2):
        killed_in_mid_send(waiting, sink)
    rest = shouxin("worker", "--once", "--json", "--at", SOON, data_dir=waiting)
    assert rest.document["done"]["messages"] == {"sent": 2}
    assert sorted(ledger().values()) == ["sent"] * 4, "what was in hand may still be on its way"
    settled = shouxin("worker", "--once", "--json", "--at", LATER, data_dir=waiting)
    assert settled.document["done"]["messages"] == {"unknown": 2}
    assert sorted(ledger().values()) == ["sent"] * 4 + ["unknown"] * 2
    assert len(set(ids(sink))) == len(ids(sink)) == 5, "none was delivered twice; one never left"
    assert set(ids(sink)) < ledger().keys()


def killed_in_mid_send(waiting, sink):
    sink.holding.clear()
    sink.go.clear()
    worker = subprocess.Popen(once(waiting), stdout=subprocess.DEVNULL)
    assert sink.holding.wait(60)
    worker.kill()
    worker.wait(timeout=20)
    sink.go.set()


@pytest.fixture
def told(embedded_lender, data_dir, tmp_path):
    """A gateway for text messages, and the folder of a lender of today in which three notices wait for it."""
    from shouxin.site import databases
    from shouxin.usecases.privacy import texting

    subject = enrolled(embedded_lender)
    borrowed(embedded_lender, subject)
    with SmsGateway(tmp_path / "sms") as gateway:
        with_carriers(replace(embedded_lender, sms=HttpSms(url=gateway.url, sender="Lender")))
        for _ in range(3):
            texting.queue(embedded_lender, subject, "sms_new_device", lang="en")
        configured(data_dir, sms=gateway.url)
        databases.close()
        yield gateway


def states():
    from shouxin.records.outreach.models import Outbox

    return sorted(Outbox.objects.values_list("state", flat=True))


@pytest.mark.parametrize("how", ["term", "end of stdin"])
def test_it_ends_the_message_in_hand_and_takes_no_other_when_it_is_told_to_stop(told, data_dir, how):
    taking, go = threading.Event(), threading.Event()

    def slow(number, offered):
        taking.set()
        go.wait(60)

    told.rule = slow
    more = ("--while-stdin",) if how == "end of stdin" else ()
    with subprocess.Popen(command(data_dir, "--jsonl", *more), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert taking.wait(60)
        if how == "term":
            worker.send_signal(signal.SIGTERM)
        else:
            worker.stdin.close()
        time.sleep(0.2)
        go.set()
        said = [json.loads(line) for line in worker.stdout]
    assert worker.returncode == 0
    assert [one["done"] for one in said if one["duty"] == "messages"] == [{"sent": 1}]
    assert states() == ["queued", "queued", "sent"]


def test_it_works_beside_the_pages(told, data_dir, project):
    """Nobody runs a command: `serve` has a worker of its own, which ends with it."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["serve", "--json", "--port", str(port), "--data-dir", str(data_dir)]
    with subprocess.Popen([sys.executable, "-m", "shouxin", *words], stdout=subprocess.PIPE) as server:
        try:
            assert "addresses" in json.loads(server.stdout.readline())
            until = time.monotonic() + 60
            while len(list(told.folder.glob("*.json"))) < 3:
                assert time.monotonic() < until, "the worker doesn't send"
                time.sleep(0.05)
            assert workers_of(data_dir)
        finally:
            server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
    assert states() == ["sent"] * 3
    assert not workers_of(data_dir)


def workers_of(data_dir):
    """Processes that work for this lender."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().split(b"\0"))
        except OSError:
            continue  # it ended meanwhile
    return [line for line in lines if b"worker" in line and os.fsencode(data_dir) in line]


def test_it_lives_in_real_time(data_dir):
    ran = shouxin("worker", "--json", "--at", SOON, data_dir=data_dir)
    assert (ran.code, ran.error["where"]) == (2, "--at")
