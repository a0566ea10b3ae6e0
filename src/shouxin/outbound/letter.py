"""A letter on its way out, and what every road out of the house promises."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """One rendered message. It lives in memory between opening and hand-over, and is never kept.

    `at` is the moment it is dated, `message_id` what the carrier and a second copy know it by.
    """

    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    message_id: str
    at: datetime


class Road(Protocol):
    """Something that carries letters. `channel` is the kind of road, `party` who carries."""

    @property
    def channel(self) -> str:
        """`email` for now."""
        ...

    @property
    def party(self) -> str:
        """The party of the register that takes the bytes, such as `channel:smtp`."""
        ...

    def send(self, letter: Letter) -> int:
        """Hand it over; gives its size in bytes. Raises `NotTaken` or `MayHaveLeft`."""
        ...
