"""A person becomes a borrower: basic information only, one living chain a person."""

from __future__ import annotations

from dataclasses import dataclass, field

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import Amount, BasicInformation, Date, Lender, Text, check_stated
from shouxin.vault.opening import EnrolRequest, Receipt


class Enrol(BasicInformation):
    """Who somebody is, how to reach them, and what they say about their means.

    There is no field for an address book, a call log, a location or an album. Whoever offers one is refused by name
    (`address_book`), so that the refusal can be shown; any other unknown field is bad input.
    """

    name: Text
    phone: Text
    id_number: Text
    id_valid_until: Date | None = None
    bank_card: Text | None = None
    email: Text | None = None
    income: Amount | None = None
    employer: Text | None = None
    address: Text | None = None
    monthly_obligations: Amount | None = None


@dataclass(frozen=True)
class Enrolled:
    """The new subject and the receipt of their first entry; the key is the person's and is handed over apart."""

    subject: str
    receipt: Receipt
    person_key: bytes = field(repr=False, metadata={"secret": True})


def enrol(lender: Lender, request: Enrol) -> Enrolled | Refusal:
    """Enrol a borrower, or refuse: an address book was offered, or this person has a living chain already.

    Raises `BadInput` for a stated amount that isn't one in the lender's currency.
    """
    given = request.model_dump(mode="json", exclude_none=True, exclude={"offered"})
    check_stated(given, lender.policy.house.currency)
    given |= dict.fromkeys(request.offered, "offered")
    result = lender.vault.enrol(EnrolRequest(fields=given))
    if isinstance(result, Refusal):
        return result
    return Enrolled(result.subject, result.receipt, result.person_key)
