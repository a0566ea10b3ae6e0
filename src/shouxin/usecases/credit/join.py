"""An applicant becomes a borrower and names those whom they want to name, after they read their answers over."""

from dataclasses import dataclass, field
from typing import Literal

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy import tries
from shouxin.usecases.privacy.contact_notice import name_contact
from shouxin.usecases.privacy.contact_person import ContactPerson
from shouxin.usecases.privacy.enrol import Enrol, enrol
from shouxin.usecases.privacy.tries import NotProved

_NAMED_BEFORE = (Reason.ALREADY_DONE, Reason.TOO_MANY_CONTACTS)
"""What naming the same people again is answered."""


class Named(Request):
    """A contact person as the applicant typed them in."""

    name: Text
    phone: Text
    relation: Text


class Join(Enrol):
    """What an applicant gave: basic information, and at most two contact persons, who are told in `lang`."""

    contacts_named: tuple[Named, ...] = ()
    lang: Literal["zh", "en"] = "zh"


@dataclass(frozen=True)
class Joined:
    """The borrower, the contact persons' own ids, and why one was not named.

    `person_key` is the borrower's, empty when they were enrolled before; each contact person's goes to that person.
    """

    subject: str
    contacts: tuple[str, ...]
    refused: tuple[Refusal, ...]
    person_key: bytes = field(repr=False, metadata={"secret": True})


def join(lender: Lender, request: Join) -> Joined | Refusal | NotProved:
    """Enrol, then name, and tell each who was named.

    Whoever proved the very phone and gives the very ID number of an enrolled borrower is that borrower: sent twice, or
    sent again after a crash in between, it gives the first result. A contact person who can't be named (they refused
    for good, say) doesn't undo the enrolment: the page says so. Presses are counted by the phone, so that nobody tries
    one ID number after another.
    """
    waits = tries.begin(lender, "join", request.phone)
    if waits:
        return waits
    given = request.model_dump(mode="json", exclude_none=True, exclude={"contacts_named", "offered", "lang"})
    enrolled = enrol(lender, Enrol.read(given | dict.fromkeys(request.offered, "offered")))
    if isinstance(enrolled, Refusal):
        subject = _same(lender, request) if enrolled.reason is Reason.ALREADY_ENROLLED else None
        if subject is None:
            return enrolled
        key = b""
    else:
        subject, key = enrolled.subject, enrolled.person_key
    named, refused = [], []
    for one in request.contacts_named:
        result = name_contact(lender, ContactPerson(subject=subject, **one.model_dump()), lang=request.lang)
        if not isinstance(result, Refusal):
            named.append(result.contact)
        elif key or result.reason not in _NAMED_BEFORE:
            refused.append(result)
    return Joined(subject, tuple(named), tuple(refused), key)


def _same(lender: Lender, request: Join) -> str | None:
    """The borrower who has both this phone and this ID number, if there is exactly one."""
    both = set(lender.vault.holders("phone", request.phone)) & set(lender.vault.holders("id_number", request.id_number))
    return both.pop() if len(both) == 1 else None
