"""`shouxin serve` on a lender that it made earlier: its roads are open again, and its staff can sign in."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import replace

import pytest

from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.channels.payments import HttpPayments
from shouxin.outbound.channels.sms import HttpSms
from tests.cli.shell import shouxin
from tests.usecases.story import BO, borrowed, enrolled, must, with_carriers


@pytest.fixture
def made_earlier(embedded_lender, data_dir, tmp_path):
    """The folder as `serve` leaves it: a mark, gateways at ports of then, and a notice that never left."""
    from shouxin.site import databases
    from shouxin.usecases.privacy import texting

    must(embedded_lender.vault.appoint(BO))
    with_carriers(
        replace(
            embedded_lender,
            mail=SmtpMail("127.0.0.1", 1, "a@lender.example"),
            sms=HttpSms(url="http://127.0.0.1:1", sender="Lender"),
            payments=HttpPayments(url="http://127.0.0.1:1", secret=b"of then"),
        )
    )
    subject = enrolled(embedded_lender)
    borrowed(embedded_lender, subject)
    texting.queue(embedded_lender, subject, "sms_new_device", lang="en")
    mark = {"sinks": str(tmp_path / "sinks"), "person_key": str(tmp_path / "person.key")}
    (data_dir / "demo.json").write_text(json.dumps(mark), "utf-8")
    databases.close()
    return data_dir


@contextmanager
def served(data_dir):
    """What it printed, and the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["serve", "--json", "--port", str(port), "--data-dir", str(data_dir)]
    with subprocess.Popen([sys.executable, "-m", "shouxin", *words], stdout=subprocess.PIPE) as server:
        try:
            yield json.loads(server.stdout.readline()), port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def page_with(url, word):
    """The page, as soon as it holds the word."""
    until = time.monotonic() + 60
    while True:
        with urllib.request.urlopen(url, timeout=10) as answer:
            page = answer.read().decode()
        if re.search(word, page):
            return page
        assert time.monotonic() < until, f"{url} never holds {word}"
        time.sleep(0.1)


def test_it_opens_the_gateways_of_a_demo_lender_again_and_gives_its_staff_new_credentials(made_earlier):
    from shouxin.site import config as configuration

    passwords = []
    for _ in range(2):
        with served(made_earlier) as (said, port):
            config = configuration.read(made_earlier)
            assert (config.sms, config.payments) == (said["addresses"]["messages"], said["addresses"]["bank"])
            assert (config.url, bool(config.smtp)) == (f"http://127.0.0.1:{port}", True)
            staff = next(one for one in said["sign_ins"] if one["who"] == BO)
            passwords.append(staff["password"])
            assert {one["who"] for one in said["sign_ins"]} >= {"borrower", "borrower, 14 days late", BO}
            page_with(said["addresses"]["messages"], "<article>")
            with urllib.request.urlopen(said["addresses"]["bank"], timeout=10) as answer:
                assert answer.status == 200
    assert len(set(passwords)) == 2
    assert len(list((made_earlier.parent / "sinks" / "sms").glob("*.json"))) == 1, "kept from one opening to the next"


def test_it_serves_a_lender_of_ones_own_without_gateways(made_earlier):
    (made_earlier / "demo.json").unlink()
    with served(made_earlier) as (said, _):
        assert said["sign_ins"] == [] and said["addresses"].keys() == {"pages", "desk"}


@pytest.mark.parametrize("mark", ["", '{"sinks": 5}'])
def test_it_says_when_the_mark_is_damaged(made_earlier, mark):
    (made_earlier / "demo.json").write_text(mark, "utf-8")
    ran = shouxin("serve", "--json", "--port", "65123", data_dir=made_earlier)
    assert (ran.code, ran.error["where"]) == (3, "demo.json")


def test_it_serves_in_real_time(data_dir):
    ran = shouxin("serve", "--json", "--at", "2026-12-21T12:00:00+08:00", data_dir=data_dir)
    assert (ran.code, ran.error["where"]) == (2, "--at")


def test_it_serves_where_make_is_told_to(project):
    asked = ["make", "-n", "-C", str(project), "serve", "PORT=9000"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert "shouxin serve --port 9000" in told
