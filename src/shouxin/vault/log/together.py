"""Calls that wait share one commit: who comes while the disk is busy goes with the next batch, in the order of coming.

Each call is decided inside the one batch as if it had come alone, on what the ones before it left; one that raises
takes back what it did and nothing else. All wait for the same sync, and get what is theirs or, when the batch can't be
made durable, its error.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import transaction

from shouxin.vault.interior import Interior
from shouxin.vault.log.batch import Batch
from shouxin.vault.rows import ALIAS
from shouxin.vault.stopped import VaultStoppedError

T = TypeVar("T")
Work = Callable[[Batch], T]

AT_ONCE = 1024
"""Calls of one batch."""


class LeftAloneError(VaultStoppedError):
    """The thread that wrote the batch of this call was stopped before it was durable. It may be asked again."""


@dataclass(slots=True, eq=False)
class Call(Generic[T]):
    """The acts of one caller, in order, and what became of them."""

    vault: Interior
    works: Sequence[Work[T]]
    chains: Sequence[str]
    fresh: bool
    results: list[T] | None = None
    error: Exception | None = None
    is_over: bool = False

    def decide(self, batch: Batch) -> None:
        """Do the acts; the results count once the batch is durable."""
        self.results = [work(batch) for work in self.works]
        batch.store_values()

    def decide_beside(self, batch: Batch) -> None:
        """As `decide`, in a batch with others, which an error here leaves as they are."""
        try:
            with batch.taken_back_on_error(), transaction.atomic(using=ALIAS):
                self.decide(batch)
        except Exception as error:  # noqa: BLE001  whatever a caller's act raises is that caller's
            self.error = error

    def end(self, error: Exception | None = None) -> None:
        """The batch is durable, or it isn't, for this reason."""
        self.error = self.error or error
        self.is_over = True

    def outcome(self) -> list[T]:
        """The results, in the order of the acts; raises what stood in their way."""
        if self.error is not None:
            raise self.error
        assert self.is_over and self.results is not None, "nothing is released before the batch is durable"
        return self.results


def next_calls(waiting: "deque[Call[object]]") -> list["Call[object]"]:
    """Those that go together now: from the first on, as long as they go by the same clock."""
    calls = [waiting.popleft()]
    while waiting and len(calls) < AT_ONCE and waiting[0].vault.clock is calls[0].vault.clock:
        calls.append(waiting.popleft())
    return calls
