"""A payment gateway on this machine: a page with two buttons, and notices that are sent until they arrive.

For the demo and the tests: a real server at the other end of the real protocol. It keeps each order as it came, so
that anybody can see what a gateway is told.
"""

import hmac
import html
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from shouxin.adapters.clock import SystemClock
from shouxin.core.money import MoneyError, parse_amount
from shouxin.outbound import signed
from shouxin.outbound.channels.payments import NOTICE, ORDER
from shouxin.outbound.payment import DECLINED, PAID
from shouxin.outbound.render import money

_WAITS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds between one try to bring a notice and the next; then the last one over and over."""
_MOST_BYTES = 4096
_NOW = SystemClock().now
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)


@dataclass
class _Order:
    """One order as it came, and what became of it ("" while nothing did)."""

    order: str
    amount: str
    currency: str
    status: str = ""


class PaymentGateway:
    """`with PaymentGateway(folder, secret=…, webhook=…) as bank:` listens at `bank.url` until the block ends.

    People go back to `/pay/{order}` on the host of `webhook`. `now` is its own clock. Orders are kept in `folder`
    as `{order}.json`, byte for byte.
    """

    def __init__(self, folder: Path, *, secret: bytes, webhook: str, now: Callable[[], datetime] = _NOW) -> None:
        self.url = ""
        self._folder, self._secret, self._webhook, self._now = folder, secret, webhook, now
        self._orders: dict[str, _Order] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._senders: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answers,), {"gateway": self}))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)
        for sender in self._senders:
            sender.join(timeout=10)

    def orders(self) -> list[Path]:
        """What it was told, one file an order."""
        return sorted(self._folder.glob("*.json"))

    def take(self, body: bytes, signature: str) -> tuple[HTTPStatus, dict[str, str]]:
        """A new order, or one that is known already; then its page."""
        try:
            signed.check(self._secret, ORDER, body, signature, at=self._now())
            told = json.loads(body)
            order = _Order(*(str(told[name]) for name in ("order", "amount", "currency")))
        except (signed.NotSignedError, ValueError, KeyError, TypeError):
            return HTTPStatus.FORBIDDEN, {"error": "not signed by the shop"}
        if not _is_amount(order):
            return HTTPStatus.BAD_REQUEST, {"error": "no such amount"}
        if not _NAME.fullmatch(order.order):
            return HTTPStatus.BAD_REQUEST, {"error": "no such name of an order"}
        with self._lock:
            known = self._orders.setdefault(order.order, order)
            if (known.amount, known.currency) != (order.amount, order.currency):
                return HTTPStatus.CONFLICT, {"error": "another amount"}
            if known is order:
                (self._folder / f"{order.order}.json").write_bytes(body)
        return HTTPStatus.CREATED, {"page": f"{self.url}/order/{self.token(order.order)}"}

    def token(self, order: str) -> str:
        """What stands in the address of an order's page; nobody but us can make one."""
        return hmac.digest(self._secret, b"page\0" + order.encode(), "sha256").hex()[:32]

    def found(self, token: str) -> _Order | None:
        """The order of a page."""
        return next((one for one in list(self._orders.values()) if self.token(one.order) == token), None)

    def close(self, order: _Order, status: str) -> None:
        """Somebody pressed a button; only the first counts. The notice goes out once before the page answers."""
        with self._lock:
            if order.status:
                return
            order.status = status
        notice = {
            "order": order.order,
            "reference": self.token(f"{order.order}/{status}"),
            "status": status,
            "amount": order.amount,
            "currency": order.currency,
            "at": self._now().astimezone(UTC).isoformat(timespec="seconds"),
        }
        body = json.dumps(notice).encode()
        if not self._bring(body):
            sender = threading.Thread(target=self._keep_on, args=(body,), daemon=True)
            self._senders.append(sender)
            sender.start()

    def back(self, order: _Order) -> str:
        """Where the person goes on."""
        shop = urlsplit(self._webhook)
        return f"{shop.scheme}://{shop.netloc}/pay/{order.order}"

    def _keep_on(self, body: bytes) -> None:
        tries = 0
        while not self._closing.wait(_WAITS[min(tries, len(_WAITS) - 1)]):
            if self._bring(body):
                return
            tries += 1

    def _bring(self, body: bytes) -> bool:
        """Try once; each try is signed anew, because a signature is good for minutes only."""
        headers = {signed.HEADER: signed.sign(self._secret, NOTICE, body, at=self._now())}
        try:
            answer = httpx.post(self._webhook, content=body, headers=headers, timeout=10, trust_env=False)
        except httpx.HTTPError:
            return False
        return answer.status_code == HTTPStatus.OK


class _Answers(BaseHTTPRequestHandler):
    """The gateway's pages; `gateway` is set on the subclass that a server is given."""

    gateway: PaymentGateway

    def do_POST(self) -> None:
        """An order from the shop, or a button."""
        length = self.headers.get("Content-Length", "")
        body = self.rfile.read(int(length)) if length.isdecimal() and int(length) <= _MOST_BYTES else b""
        if self.path == "/orders":
            status, document = self.gateway.take(body, self.headers.get(signed.HEADER, ""))
            self._send(status, json.dumps(document).encode(), "application/json")
            return
        order, button = self._order(), self.path.rpartition("/")[2]
        if order is None or button not in ("pay", "decline"):
            self._send(HTTPStatus.NOT_FOUND, b"", "text/plain")
            return
        self.gateway.close(order, PAID if button == "pay" else DECLINED)
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", self.gateway.back(order))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        """The page of an order, or the list of what the gateway was told."""
        order = self._order()
        if order is None and self.path != "/":
            self._send(HTTPStatus.NOT_FOUND, b"", "text/plain")
            return
        text = _list_page(self.gateway) if order is None else _order_page(self.gateway, order)
        self._send(HTTPStatus.OK, text.encode(), "text/html; charset=utf-8")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  http.server's name
        """Nothing is logged."""

    def _order(self) -> _Order | None:
        parts = self.path.split("/")
        return self.gateway.found(parts[2]) if len(parts) in (3, 4) and parts[1] == "order" else None

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def _is_amount(order: _Order) -> bool:
    try:
        return parse_amount(order.amount, order.currency, where="amount") > 0
    except MoneyError:
        return False


_STYLE = """body{margin:0 auto;padding:2rem 1rem;max-width:26rem;font:400 1.0625rem/1.65 system-ui,sans-serif}
button,a{display:block;box-sizing:border-box;width:100%;min-height:3rem;margin:.75rem 0;padding:.6rem;font:inherit;
text-align:center;border:1px solid #1a1d21;border-radius:4px;background:#fff;color:#1a1d21}
button.pay{background:#1a1d21;color:#fff}h1{font-size:1.5rem}p{color:#474c52}[lang=en]{display:block}"""


def _both(zh: str, en: str) -> str:
    return f'<span lang="zh">{zh}</span> <span lang="en">{en}</span>'


def _page(title: str, body: str) -> str:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
    styled = f"<title>{title}</title><style>{_STYLE}</style>"
    return f'<!doctype html><html lang="zh"><head>{head}{styled}</head><body><main>{body}</main></body></html>'


def _order_page(gateway: PaymentGateway, order: _Order) -> str:
    amount = html.escape(money(parse_amount(order.amount, order.currency, where="amount"), order.currency))
    told = _both(
        "演示网关：没有真的钱。我们只知道订单号和金额。",
        "A demo gateway: no real money. It knows an order number and an amount.",
    )
    parts = [f"<h1>{_both('付款', 'Payment')} {amount}</h1><p>{told}</p><p><code>{html.escape(order.order)}</code></p>"]
    if order.status:
        said = _both("已付款", "Paid") if order.status == PAID else _both("没有付款", "Not paid")
        parts.append(f'<p><b>{said}</b></p><a href="{html.escape(gateway.back(order))}">{_both("回去", "Go back")}</a>')
    else:
        for name, said in (("pay", _both("付款", "Pay")), ("decline", _both("不付，回去", "Don’t pay, go back"))):
            action = f"/order/{gateway.token(order.order)}/{name}"
            parts.append(f'<form method="post" action="{action}"><button class="{name}">{said}</button></form>')
    return _page("Payment · 付款", "".join(parts))


def _list_page(gateway: PaymentGateway) -> str:
    told = _both("这里是网关知道的全部：", "This is all that the gateway was told:")
    items = "".join(f"<li><code>{html.escape(path.read_text('utf-8'))}</code></li>" for path in gateway.orders())
    return _page("Gateway · 网关", f"<h1>{_both('付款网关', 'Payment gateway')}</h1><p>{told}</p><ul>{items}</ul>")
