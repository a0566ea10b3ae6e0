"""Text messages travel by real HTTP to a real gateway on this machine."""

import json
import socket
import threading
from datetime import UTC, datetime
from urllib.request import Request, urlopen

import httpx
import pytest

from shouxin.outbound.channels.sms import GatewayError, HttpSms
from shouxin.outbound.handed import MayHaveLeft, NotTaken
from shouxin.outbound.letter import Letter
from shouxin.outbound.loopback.sms import SmsGateway

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
TEXT = "【守信】验证码 123456，5 分钟内有效。<b>&\n"


def letter(ref: str = "<0190@lender.example>") -> Letter:
    return Letter("13800000101", "守信", TEXT, ref, NOON)


def road(url: str) -> HttpSms:
    return HttpSms(url, "守信", timeout_seconds=2)


def test_it_arrives_as_it_was_written(tmp_path):
    with SmsGateway(tmp_path) as gateway:
        size = road(gateway.url).send(letter())
        (kept,) = gateway.messages()
    assert kept == {"to": "13800000101", "text": TEXT.strip(), "ref": "<0190@lender.example>", "sender": "守信"}
    assert size == len(json.dumps(kept, ensure_ascii=False).encode())


def test_it_shows_what_came_and_no_markup_of_it(tmp_path):
    with SmsGateway(tmp_path) as gateway:
        with urlopen(gateway.url) as empty:
            assert "No message yet" in empty.read().decode()
        road(gateway.url).send(letter())
        with urlopen(gateway.url) as page:
            shown = page.read().decode()
        assert page.headers["Cache-Control"] == "no-store"
    assert "验证码 123456" in shown and "<b>" not in shown and "&lt;b&gt;&amp;" in shown


def test_it_keeps_a_second_copy_of_one_message_once(tmp_path):
    with SmsGateway(tmp_path) as gateway:
        for ref in ("<1@x>", "<1@x>", "<2@x>"):
            road(gateway.url).send(letter(ref))
        assert [one["ref"] for one in gateway.messages()] == ["<1@x>", "<2@x>"]


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (403, True), (404, True), (408, False), (429, False), (500, False), (503, False), (302, False)],
)
def test_it_says_whether_to_try_again(tmp_path, status, permanent):
    with SmsGateway(tmp_path, rule=lambda to, offered: status) as gateway, pytest.raises(NotTaken) as no:
        road(gateway.url).send(letter())
    assert (no.value.code, no.value.permanent) == (f"http_{status}", permanent)
    assert gateway.messages() == []


def test_it_does_not_know_when_the_line_breaks_before_the_answer(tmp_path):
    with SmsGateway(tmp_path, rule=lambda to, offered: 0) as gateway, pytest.raises(MayHaveLeft):
        road(gateway.url).send(letter())


def test_it_does_not_know_when_no_answer_comes(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        lines = []
        waiting = threading.Thread(target=lambda: lines.append(silent.accept()[0]))
        waiting.start()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(MayHaveLeft):
            HttpSms(url, "守信", timeout_seconds=1).send(letter())
        waiting.join()
        lines[0].close()


def test_it_knows_that_nothing_left_when_nobody_is_there():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(NotTaken, match="no_connection") as no:
        road(f"http://127.0.0.1:{port}").send(letter())
    assert not no.value.permanent


def test_it_asks_no_proxy_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with SmsGateway(tmp_path) as gateway:
        road(gateway.url).send(letter())
        assert len(gateway.messages()) == 1


@pytest.mark.parametrize(
    "url", ["http://sms.example/", "ftp://127.0.0.1/", "", "sms.example", "//127.0.0.1", "http://127.0.0.1.example/"]
)
def test_it_carries_no_number_in_the_clear(url):
    with pytest.raises(GatewayError):
        HttpSms(url, "守信")


def test_it_may_go_encrypted_to_another_machine():
    assert HttpSms("https://sms.example/send", "守信").url == "https://sms.example/send"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"[]",
        b"{}",
        b'{"to": "1", "text": "x", "ref": "r"}',
        b'{"to": 1, "text": "x", "ref": "r", "sender": "s"}',
        b'{"to": "", "text": "x", "ref": "r", "sender": "s"}',
        b"\xff\xfe",
        b"[" * 8000,
    ],
)
def test_it_takes_nothing_that_is_no_message(tmp_path, body):
    with SmsGateway(tmp_path) as gateway:
        assert httpx.post(gateway.url, content=body, trust_env=False).status_code == 400
        assert gateway.messages() == []


def test_it_takes_nothing_that_is_too_large(tmp_path):
    with SmsGateway(tmp_path) as gateway:
        with pytest.raises(OSError):
            urlopen(Request(gateway.url, data=b"x" * 100_000))
        assert gateway.messages() == []


def test_it_repeats_neither_number_nor_text_when_it_fails(tmp_path):
    with SmsGateway(tmp_path, rule=lambda to, offered: 400) as gateway, pytest.raises(NotTaken) as no:
        road(gateway.url).send(letter())
    assert "138" not in repr(no.value) and "123456" not in repr(no.value)
    assert "138" not in repr(letter()) and "123456" not in repr(letter())
