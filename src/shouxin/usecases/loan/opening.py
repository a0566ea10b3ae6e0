"""Asking the vault to open fields, with the two kinds of no told apart."""

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import CannotNow, Lender
from shouxin.vault.use import Opened, Refused, Unreadable, UseRequest


def open_fields(lender: Lender, request: UseRequest) -> Opened | Refusal:
    """The opened fields, or why not. Raises `CannotNow` when a stored value doesn't open."""
    answer = lender.vault.use(request)
    if isinstance(answer, Refused):
        return answer.refusal
    if isinstance(answer, Unreadable):
        raise CannotNow("the stored value doesn't open; its entry stands", where=answer.field, code="unreadable")
    assert isinstance(answer, Opened)
    return answer
