"""An SMTP server on this machine that keeps what it gets as .eml files, as delivered.

For the demo and the tests: a real server of the real protocol, so that the road is tested and
not a stand-in for it. A rule can be set that makes it refuse, defer or hang up.
"""

import asyncio
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

Rule = Callable[[str, int], str | None]
"""Given a recipient and how many letters were offered so far: an SMTP answer, or None for yes."""


class Sink:
    """`with Sink(folder) as sink:` listens on `sink.host` and `sink.port` until the block ends.

    That is 127.0.0.1; where not even that can be reached (a network namespace of its own), a Unix socket whose path is
    `host`.
    Letters are kept as `0001.eml` … in `folder`, in the order in which they came.
    """

    def __init__(self, folder: Path, *, rule: Rule | None = None) -> None:
        self.host, self.port = "127.0.0.1", 0
        self._folder = folder
        self._rule = rule
        self._offered = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sockets = tempfile.TemporaryDirectory(prefix="smtp-")  # a short path: a socket's has 107 bytes at most
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        self.host, self.port = listening.result(timeout=10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()
        self._sockets.cleanup()

    def letters(self) -> list[Path]:
        """The files kept so far, in order."""
        return sorted(self._folder.glob("*.eml"))

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or answer what the rule says."""
        self._offered += 1
        answer = self._rule(address, self._offered) if self._rule else None
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the letter, byte for byte."""
        assert isinstance(envelope.content, bytes)
        name = f"{len(self.letters()) + 1:04}.eml"
        (self._folder / name).write_bytes(envelope.content)
        return "250 kept"

    async def _listen(self) -> tuple[str, int]:
        self._server: asyncio.Server = await self._loop.create_server(self._protocol, host=self.host, port=0)
        port = self._server.sockets[0].getsockname()[1]
        assert isinstance(port, int)
        if await self._reachable(port):
            return self.host, port
        await self._stop()
        path = str(Path(self._sockets.name) / "smtp")
        self._server = await self._loop.create_unix_server(self._protocol, path)
        return path, 0

    def _protocol(self) -> SMTP:
        return SMTP(self, hostname="localhost", enable_SMTPUTF8=True, loop=self._loop)

    async def _reachable(self, port: int) -> bool:
        try:
            _, writer = await asyncio.open_connection(self.host, port)
        except OSError:
            return False
        writer.close()
        return True

    async def _stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()
