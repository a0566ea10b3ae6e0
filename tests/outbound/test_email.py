"""Letters travel by real SMTP to a real server on this machine."""

import email
import email.policy
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.handed import MayHaveLeft, NotTaken
from shouxin.outbound.letter import Letter
from shouxin.outbound.loopback.smtp import Sink

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def road(port: int, *, require_tls: bool = False) -> SmtpMail:
    return SmtpMail("127.0.0.1", port, "no-reply@lender.example", require_tls=require_tls, timeout_seconds=5)


def letter(to: str = "ai.li@mail.example", *, body: str = "您好\n.\n..\nend\n") -> Letter:
    return Letter(to, "守信：还款提醒", body, "<0190@lender.example>", NOON)


@pytest.mark.parametrize("body", ["您好\n.\n..\nend\n", "Dear Ai Li\n.\n..\nFrom us\n", "x" * 2000 + "\n"])
def test_it_arrives_as_it_was_written(tmp_path: Path, body: str) -> None:
    with Sink(tmp_path) as sink:
        size = road(sink.port).send(letter(body=body))
        (kept,) = sink.letters()
    data = kept.read_bytes()
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == (
        "ai.li@mail.example",
        "守信：还款提醒",
        "<0190@lender.example>",
    )
    assert mail["Date"] == "Tue, 24 Nov 2026 04:00:00 +0000"
    assert mail.get_content().replace("\r\n", "\n") == body
    assert size == len(data)


def test_it_travels_by_a_unix_socket_where_there_is_no_loopback(tmp_path: Path, monkeypatch) -> None:
    async def unreachable(self: Sink, port: int) -> bool:
        return False

    monkeypatch.setattr(Sink, "_reachable", unreachable)
    with Sink(tmp_path) as sink:
        assert sink.host.startswith("/")
        SmtpMail(sink.host, sink.port, "no-reply@lender.example", timeout_seconds=5).send(letter())
        assert len(sink.letters()) == 1
    assert not Path(sink.host).exists()


def test_it_reaches_an_address_that_is_not_ascii(tmp_path: Path) -> None:
    with Sink(tmp_path) as sink:
        road(sink.port).send(letter("李艾@邮件.example"))
        assert "李艾@邮件.example".encode() in sink.letters()[0].read_bytes()


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("550 no such box", True), ("451 try later", False), ("421 going down", False)],
)
def test_it_knows_when_the_letter_was_not_taken(tmp_path: Path, answer: str, permanent: bool) -> None:
    with Sink(tmp_path, rule=lambda to, n: answer) as sink:
        with pytest.raises(NotTaken) as caught:
            road(sink.port).send(letter())
        assert sink.letters() == []
    assert caught.value.permanent is permanent
    assert caught.value.code == f"smtp_{answer[:3]}"


@pytest.mark.parametrize(
    "to", ["", "ai.li", "ai@li@x", "a@b.example\nBcc: bo@x.example", "a b@x.example", "a@b.example, c@d.example"]
)
def test_it_refuses_an_address_that_is_none_without_repeating_it(tmp_path: Path, to: str) -> None:
    with Sink(tmp_path) as sink, pytest.raises(NotTaken) as caught:
        road(sink.port).send(letter(to))
    assert caught.value.permanent
    assert str(caught.value) == "bad_address"
    assert caught.value.__cause__ is None


def test_it_says_nothing_to_a_server_without_tls_when_tls_is_required(tmp_path: Path) -> None:
    with Sink(tmp_path) as sink, pytest.raises(NotTaken, match="no_tls"):
        road(sink.port, require_tls=True).send(letter())


def test_it_can_try_again_when_nobody_answers() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotTaken) as caught:
        road(port).send(letter())
    assert not caught.value.permanent


def _server_that_dies_after(ending: bytes) -> tuple[int, threading.Thread]:
    """Speaks just enough SMTP, and hangs up once it has read something that ends so."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        with listener, listener.accept()[0] as line:
            line.sendall(b"220 hello\r\n")
            got = b""
            while chunk := line.recv(65536):
                got += chunk
                if got.endswith(ending):
                    return
                line.sendall(b"354 go on\r\n" if got.endswith(b"DATA\r\n") else b"250 OK\r\n")

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    return listener.getsockname()[1], thread


def test_it_does_not_claim_to_know_when_the_line_dies_over_the_text() -> None:
    port, thread = _server_that_dies_after(b"\r\n.\r\n")
    with pytest.raises(MayHaveLeft):
        road(port).send(letter())
    thread.join(5)


def test_it_knows_that_nothing_left_when_the_line_dies_before_the_text() -> None:
    port, thread = _server_that_dies_after(b"DATA\r\n")
    with pytest.raises(NotTaken) as caught:
        road(port).send(letter())
    assert not caught.value.permanent
    thread.join(5)
