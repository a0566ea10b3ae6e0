"""A text-message gateway on this machine that keeps what it gets, and shows it like a phone on a page.

For the demo and the tests: a real server of the real protocol, so that the road is tested and not a stand-in for it.
A rule can be set that makes it refuse or hang up.
"""

import json
import threading
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Rule = Callable[[str, int], int | None]
"""Given a number and how many messages were offered so far: a status to answer, 0 to hang up, or None for yes."""
KEYS = ("to", "text", "ref", "sender")
MAX_BYTES = 16_384
_PAGE = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>演示用短信箱 · Demo text messages</title>
<style>body{{max-width:34rem;margin:0 auto;padding:1rem;font:1.0625rem/1.65 system-ui,sans-serif;color:#1a1d21;
background:#f6f4ee}}a{{color:#1f4b99}}
article{{background:#fff;border:1px solid #dcd8cc;border-radius:10px;padding:1rem;margin:1rem 0}}
p{{margin:.25rem 0;overflow-wrap:anywhere}}.to{{color:#474c52;font-size:.9375rem}}</style></head><body><main>
<h1>演示用短信箱 <span lang="en">· Demo text messages</span></h1>
<p>这里是假想的手机，最新的在上面。<span lang="en">These are imaginary phones, newest on top.</span></p>
<p><a href="/">看看有没有新的 <span lang="en">· Look for new ones</span></a></p>
{messages}</main></body></html>
"""
_EMPTY = '<p>还没有短信。<span lang="en">No message yet.</span></p>'


class SmsGateway:
    """`with SmsGateway(folder) as gateway:` takes messages at `gateway.url` until the block ends.

    They are kept as `0001.json` … in `folder`, in the order in which they came; `GET /` on the same address shows them.
    `port` 0 takes a free one.
    """

    def __init__(self, folder: Path, *, port: int = 0, rule: Rule | None = None) -> None:
        self.folder = folder
        self.rule = rule
        self.offered = 0
        self.lock = threading.Lock()
        self._port = port
        self.url = ""

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)

    def messages(self, to: str = "") -> list[dict[str, str]]:
        """What came so far, in order; with `to`, only what came to that number."""
        found = [json.loads(path.read_text("utf-8")) for path in sorted(self.folder.glob("*.json"))]
        return [one for one in found if to in ("", one["to"])]

    def take(self, posted: dict[str, str]) -> int:
        """Keep a message, once for each `ref`; gives the status to answer (0: hang up)."""
        with self.lock:
            self.offered += 1
            said = self.rule(posted["to"], self.offered) if self.rule else None
            if said is not None:
                return said
            kept = self.messages()
            if all(one["ref"] != posted["ref"] for one in kept):
                text = json.dumps(posted, ensure_ascii=False, indent=1)
                part = self.folder / f"{len(kept) + 1:04}.part"
                part.write_text(text, "utf-8")
                part.rename(part.with_suffix(".json"))
        return 202

    def page(self) -> str:
        """The messages as a page, newest first."""
        shown = "".join(_article(one) for one in reversed(self.messages()))
        return _PAGE.format(messages=shown or _EMPTY)


def _article(message: dict[str, str]) -> str:
    return f'<article><p class="to">{escape(message["to"])}</p><p>{escape(message["text"])}</p></article>'


def _posted(raw: bytes) -> dict[str, str] | None:
    """The message of a request's body; None when it isn't one."""
    try:
        found: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    fits = isinstance(found, dict) and found.keys() == set(KEYS) and all(isinstance(v, str) for v in found.values())
    return found if fits and found["to"] and found["text"] else None


def _handler(gateway: SmsGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            """The page of messages."""
            if self.path != "/":
                self._answer(404, b"", "text/plain")
                return
            self._answer(200, gateway.page().encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            """One message."""
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > MAX_BYTES:
                self._answer(413, b"", "text/plain")
                return
            posted = _posted(self.rfile.read(int(length)))
            status = gateway.take(posted) if posted is not None else 400
            if status:
                self._answer(status, b"{}", "application/json")
            else:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  http.server's name
            """Says nothing: a line would hold a path, and this is a test's phone."""

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

    return Handler
