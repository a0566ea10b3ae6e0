"""The worker: a loop that does the lender's duties as they fall due, in a process of its own, until it is told to stop.

Several may run at once. One that is killed leaves at most a message of which nobody knows whether it arrived: it is
settled as such after a while, and never sent again (`outbound.outbox`).
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from shouxin.site.trouble import as_unable, incident
from shouxin.usecases.lender import Lender

PATIENCE = 60
"""Seconds that a worker has to finish the message in hand once it is told to stop."""
_BEFORE_ANOTHER = 5
"""Seconds before a worker that ended by itself is started again."""
_A_LOOK = 0.2

Told = Callable[[datetime, str, Mapping[str, int]], None]


@dataclass
class Worker:
    """Does the duties of one lender. `tell` hears of each that did something, `note` of each that could not."""

    lender: Lender
    tell: Told
    note: Callable[[str], None]
    stop: threading.Event = field(default_factory=threading.Event)
    troubled: bool = False
    _due: dict[str, datetime] = field(default_factory=dict)

    def run(self) -> None:
        """Round after round, until `stop`."""
        while not self.stop.is_set():
            self.round()
            self.stop.wait(self._seconds())

    def round(self) -> None:
        """Each duty whose time has come, one after the other; what stops one stops no other."""
        from django.db import close_old_connections

        from shouxin.usecases.oversight.duties import DUTIES

        for duty in DUTIES:
            now = self.lender.clock.now()
            if self.stop.is_set() or self._due.get(duty.name, now) > now:
                continue
            close_old_connections()
            self._due[duty.name] = now + duty.every
            try:
                done = duty.act(self.lender, lambda: not self.stop.is_set())
            except Exception as error:  # noqa: BLE001  the next round tries again, and the other duties go on
                self._trouble(duty.name, error)
            else:
                if done:
                    self.tell(now, duty.name, done)

    def _seconds(self) -> float:
        return max(0.1, (min(self._due.values()) - self.lender.clock.now()).total_seconds())

    def _trouble(self, duty: str, error: Exception) -> None:
        self.troubled = True
        unable = as_unable(error)
        if unable is not None:
            self.note(f"shouxin worker: {duty}: can't now: {unable.code} {unable.where}".rstrip())
            return
        number, trail = incident(error)
        self.note(f"shouxin worker: {duty}: bug {number}: {trail}")


@contextmanager
def beside(data_dir: Path) -> Iterator[None]:
    """A worker of this lender in a child process for as long as the block lasts, started again should it end by itself.

    It is told to stop by the end of its standard input, so it doesn't outlive this process however that ends.
    """
    command = [sys.executable, "-m", "shouxin", "worker", "--while-stdin", "--data-dir", str(data_dir.absolute())]
    ending = threading.Event()
    keeper = threading.Thread(target=_keep, args=(command, ending), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


def _keep(command: list[str], ending: threading.Event) -> None:
    while not ending.is_set():
        # A session of its own: Ctrl-C in a terminal is for the server, which then ends the worker in order.
        with subprocess.Popen(  # noqa: S603  our own interpreter, our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
        ) as process:
            while process.poll() is None and not ending.wait(_A_LOOK):
                pass
            if process.poll() is None:
                _end(process)
                return
        sys.stderr.write(f"shouxin: the worker ended by itself ({process.returncode}) and is started again\n")
        ending.wait(_BEFORE_ANOTHER)


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None, "it was opened with a pipe"
    process.stdin.close()
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
