"""Where calls wait for a commit: one caller at a time writes for all who wait, and the others sleep.

Whoever's call is over leaves at once. Were they to wait for the lock instead, they would stand behind the next batch,
and that one would find nearly nobody in line.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Waits(Protocol):
    """A call that may be over."""

    is_over: bool


class Line:
    """`calls` in the order of coming; whoever writes takes them from the left."""

    def __init__(self) -> None:
        self.calls: deque[Any] = deque()
        self._turn = threading.Condition()
        self._is_taken = False

    @contextmanager
    def joined(self, call: Waits) -> Iterator[bool]:
        """Wait in line. False when somebody else has done the call; True when this caller is the one to write now."""
        writes = self._wait(call)
        try:
            yield writes
        finally:
            if writes:
                self._hand_on()

    def _wait(self, call: Waits) -> bool:
        with self._turn:
            self.calls.append(call)
            self._turn.wait_for(lambda: call.is_over or not self._is_taken)
            writes = not call.is_over
            self._is_taken = self._is_taken or writes
            return writes

    def _hand_on(self) -> None:
        with self._turn:
            self._is_taken = False
            self._turn.notify_all()
