"""Money on its way in: what the house tells a payment gateway, and what it takes a gateway's word for.

Neither direction carries a personal datum: an order is an opaque id, an amount and a currency.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

PAID, DECLINED = "paid", "declined"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the gateway says happened: `reference` is its own number of the payment, `at` when it took the money.

    The same notice may come more than once; the reference tells.
    """

    order: str
    reference: str
    status: str
    amount: str
    currency: str
    at: datetime


class NotFromGatewayError(Exception):
    """A notice that isn't believed; `code` is `signature`, `stale` or `malformed` and repeats nothing of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Gateway(Protocol):
    """Something that takes money from people for us. No datum of anybody's goes to it, so no history tells of it."""

    @property
    def party(self) -> str:
        """The party of the register behind it, such as `channel:payments`."""
        ...

    def start(self, *, order: str, amount: str, currency: str, at: datetime) -> str:
        """The address of the page where this order is paid; the same for the same order. Raises `NotTaken`."""
        ...

    def read(self, body: bytes, signature: str, *, at: datetime) -> Notice:
        """A notice whose signature holds and is of these minutes. Raises `NotFromGatewayError`."""
        ...
