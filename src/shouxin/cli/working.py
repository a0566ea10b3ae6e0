"""`shouxin worker`: the loop of `site.worker` with signals, and what it says of what it did."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shouxin.cli.call import Answer, Call, Done
from shouxin.cli.output import CANNOT, YES, Form, note, print_document, print_text
from shouxin.site.worker import Worker


@dataclass
class _Report:
    """Says each thing as it is done, to people and to whoever reads lines, and keeps the sums. Counts, never names."""

    call: Call
    sums: dict[str, Counter[str]] = field(default_factory=dict)

    def tell(self, at: datetime, duty: str, done: Mapping[str, int]) -> None:
        self.sums.setdefault(duty, Counter()).update(done)
        moment = at.astimezone(self.call.lender.settings.zone).isoformat(timespec="seconds")
        if self.call.form is Form.LINES:
            print_document({"at": moment, "duty": duty, "done": dict(done)}, Form.LINES)
        elif self.call.form is Form.PEOPLE:
            print_text(f"{moment}  {duty}: {', '.join(f'{count} {what}' for what, count in done.items())}")


def work(call: Call, *, once: bool, while_stdin: bool) -> Answer | Done:
    """One round, or round after round until SIGTERM, SIGINT or the end of standard input: the message in hand is ended.

    The document is `{done: {duty: {what: how many}}}`; 3 when `once` and some duty could not be done.
    """
    report = _Report(call)
    worker = Worker(call.lender, report.tell, note)
    _listen(worker.stop, while_stdin=while_stdin)
    if once:
        worker.round()
    else:
        worker.run()
    code = CANNOT if once and worker.troubled else YES
    return Answer({"done": report.sums}, code) if call.form is Form.JSON else Done(code)


def _listen(stop: threading.Event, *, while_stdin: bool) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if while_stdin:
        threading.Thread(target=_until_the_end_of_stdin, args=(stop,), daemon=True).start()


def _until_the_end_of_stdin(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):  # no buffer: a thread that waits with its lock could not be left behind
        pass
    stop.set()
