"""The payment gateway on this machine and the channel to it, over real HTTP."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from shouxin.outbound import signed
from shouxin.outbound.channels.payments import HttpPayments
from shouxin.outbound.handed import NotTaken
from shouxin.outbound.loopback.payments import PaymentGateway
from shouxin.outbound.payment import NotFromGatewayError

SECRET = bytes(range(32))
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


class Hook:
    """A shop's hook: keeps what arrives, and answers with the statuses that it was given, then with 200."""

    def __init__(self, statuses=()):
        self.came, self.statuses, self.arrived = [], list(statuses), threading.Event()
        hook = self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.came.append((body, self.headers[signed.HEADER]))
                status = hook.statuses.pop(0) if hook.statuses else 200
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                if status == 200:
                    hook.arrived.set()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hooks/payments"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def hook():
    made = Hook([503])
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def bank(tmp_path, hook):
    with PaymentGateway(tmp_path / "bank", secret=SECRET, webhook=hook.url, now=lambda: NOON) as gateway:
        yield gateway


@pytest.fixture
def channel(bank):
    return HttpPayments(bank.url, SECRET)


def start(channel, order="0199-a", amount="1087.84", at=NOON):
    return channel.start(order=order, amount=amount, currency="CNY", at=at)


def test_it_tells_the_gateway_an_order_number_and_an_amount_and_nothing_else(channel, bank):
    start(channel)
    (kept,) = bank.orders()
    assert json.loads(kept.read_text()) == {"order": "0199-a", "amount": "1087.84", "currency": "CNY"}


def test_it_gets_the_same_page_for_the_same_order(channel):
    assert start(channel) == start(channel) != start(channel, "0199-b")


def test_it_is_refused_another_amount_for_the_same_order(channel):
    start(channel)
    with pytest.raises(NotTaken) as error:
        start(channel, amount="1.00")
    assert (error.value.code, error.value.permanent) == ("http_409", True)


@pytest.mark.parametrize("wrong", ["secret", "time"])
def test_it_is_refused_an_order_that_the_shop_did_not_sign_now(bank, wrong):
    channel = HttpPayments(bank.url, bytes(32) if wrong == "secret" else SECRET)
    with pytest.raises(NotTaken) as error:
        start(channel, at=NOON - timedelta(minutes=6) if wrong == "time" else NOON)
    assert error.value.code == "http_403"


def test_it_says_that_nobody_answers(hook):
    with pytest.raises(NotTaken) as error:
        start(HttpPayments("http://127.0.0.1:9", SECRET))
    assert (error.value.code, error.value.permanent) == ("no_connection", False)


def test_it_sends_nobody_to_a_page_elsewhere(hook):
    class Lying(BaseHTTPRequestHandler):
        def do_POST(self):
            body = b'{"page": "https://elsewhere.example/pay"}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Lying)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with pytest.raises(NotTaken) as error:
            start(HttpPayments(f"http://127.0.0.1:{server.server_address[1]}", SECRET))
        assert error.value.code == "bad_answer"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("button", ["pay", "decline"])
def test_it_brings_the_notice_until_it_is_taken_and_sends_the_person_back(channel, hook, button):
    page = start(channel)
    answer = httpx.post(f"{page}/{button}", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["Location"] == hook.url.replace("/hooks/payments", "/pay/0199-a")
    assert hook.arrived.wait(10)
    assert len(hook.came) == 2
    notices = [channel.read(body, header, at=NOON) for body, header in hook.came]
    assert notices[0] == notices[1]
    assert (notices[0].order, notices[0].status, notices[0].amount) == (
        "0199-a",
        {"pay": "paid", "decline": "declined"}[button],
        "1087.84",
    )


def test_it_takes_the_first_button_only(channel, hook):
    page = start(channel)
    httpx.post(f"{page}/decline")
    httpx.post(f"{page}/pay")
    assert hook.arrived.wait(10)
    assert {channel.read(body, header, at=NOON).status for body, header in hook.came} == {"declined"}


def test_it_shows_a_page_with_both_ways_and_afterwards_the_way_back(channel):
    page = start(channel)
    before = httpx.get(page).text
    assert before.count("<button") == 2
    assert "¥1,087.84" in before
    httpx.post(f"{page}/pay")
    after = httpx.get(page).text
    assert "<button" not in after
    assert "/pay/0199-a" in after


def test_it_has_no_page_for_what_it_was_not_told(bank, channel):
    page = start(channel)
    for path in ("/order/0199-a", page.removeprefix(bank.url) + "0", "/orders", "/x", "/order//pay"):
        assert httpx.get(bank.url + path).status_code == 404
    assert httpx.post(bank.url + "/order/none/pay").status_code == 404
    assert httpx.post(bank.url + "/orders", content=b"{}").status_code == 403


def test_it_reads_no_notice_that_is_larger_than_a_notice(channel):
    body = json.dumps({"order": "x" * 5000}).encode()
    with pytest.raises(NotFromGatewayError) as error:
        channel.read(body, signed.sign(SECRET, "notice", body, at=NOON), at=NOON)
    assert error.value.code == "malformed"


def test_it_keeps_its_secret_out_of_what_is_printed(channel):
    assert SECRET.hex() not in repr(channel)
    assert "secret" not in repr(channel)
