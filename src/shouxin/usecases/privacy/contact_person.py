"""A borrower names somebody who may be asked when the borrower can't be reached: at most two, typed in, optional."""

from __future__ import annotations

from dataclasses import dataclass, field

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.vault.opening import Receipt


class ContactPerson(Request):
    """Whom a borrower names. The name and phone are the contact person's own data, in a chain of their own."""

    subject: Text
    name: Text
    phone: Text
    relation: Text


@dataclass(frozen=True)
class Named:
    """The contact person's own id; their key goes to them with the notice, never to the borrower."""

    contact: str
    receipt: Receipt
    person_key: bytes = field(repr=False, metadata={"secret": True})


def contact_person(lender: Lender, request: ContactPerson) -> Named | Refusal:
    """Name a contact person; refused for a third one, a repeated one, or when they refused for good."""
    fields = request.model_dump(include={"name", "phone", "relation"})
    result = lender.vault.name_contact(request.subject, fields)
    if isinstance(result, Refusal):
        return result
    return Named(result.contact, result.receipt, result.person_key)
