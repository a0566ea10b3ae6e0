"""Use somebody's data: the vault decides, enters and only then opens; the book's fields are computed after that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import ActorName, CannotNow, Lender, PartyName, Request, Text
from shouxin.usecases.privacy import book
from shouxin.vault.opening import Receipt
from shouxin.vault.use import Refused, Unreadable, UseRequest


class Use(Request):
    """Who wants which fields of whom, for which purpose; the case and the receiver where the purpose needs them."""

    subject: Text
    actor: ActorName
    purpose: Text
    fields: Annotated[tuple[Text, ...], Field(min_length=1, max_length=40)]
    case: Text | None = None
    recipient: PartyName | None = None


@dataclass(frozen=True)
class Used:
    """The values in the form that the actor may see, and the receipt of the entry that came before them."""

    opened: Mapping[str, object] = field(repr=False)
    receipt: Receipt


def use(lender: Lender, request: Use) -> Used | Refusal:
    """One use; a refusal is an entry too.  Raises `CannotNow` when the entry stands and a stored value doesn't open."""
    if any(_lives_in_the_book(lender, name) for name in request.fields):
        book.check(request.subject)
    result = lender.vault.use(UseRequest(**request.model_dump()))
    if isinstance(result, Refused):
        return result.refusal
    if isinstance(result, Unreadable):
        raise CannotNow("the entry stands, but the value doesn't open", where=result.field, code="unreadable")
    computed = sorted(result.forms.keys() - result.values.keys())
    values = result.values | (book.fields(lender, request.subject, computed) if computed else {})
    return Used({name: values[name] for name in request.fields}, result.receipt)


def _lives_in_the_book(lender: Lender, name: str) -> bool:
    known = lender.policy.catalogue.get("borrower", name)
    return known is not None and known.home == "book"
