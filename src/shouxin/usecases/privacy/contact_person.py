"""A borrower names somebody who may be asked when the borrower can't be reached: at most two, typed in, optional."""

from __future__ import annotations

from dataclasses import dataclass, field

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import Lender, Request, Text


class ContactPerson(Request):
    """Whom a borrower names. The name and phone are the contact person's own data, in a chain of their own."""

    subject: Text
    name: Text
    phone: Text
    relation: Text


@dataclass(frozen=True)
class Named:
    """The name of this naming: what the borrower and whoever works for them call the contact person by.

    The person's own chain is one for all who name them, so it is for their notice alone; so is their key.
    """

    contact: str
    chain: str = field(repr=False, metadata={"secret": True})
    person_key: bytes = field(repr=False, metadata={"secret": True})


def contact_person(lender: Lender, request: ContactPerson) -> Named | Refusal:
    """Name a contact person; refused for a third one, a repeated one, or when they refused for good."""
    fields = request.model_dump(include={"name", "phone", "relation"})
    result = lender.vault.name_contact(request.subject, fields)
    if isinstance(result, Refusal):
        return result
    return Named(result.naming, result.contact, result.person_key)
