"""A contact person's own copy, and the end of their history; each takes the code of their notice once more.

Whoever named them learns nothing of it: their own history says the same before and after.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import Field

from shouxin.core.privacy import rights
from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import CannotNow, Lender, Request, Text
from shouxin.usecases.privacy import contact_notice, outlook, requests, tries
from shouxin.usecases.privacy.erase import Erase, Erased, erase
from shouxin.usecases.privacy.tries import NotProved, Why
from shouxin.vault.opening import Opened, Refused, UseRequest


class OfContact(Request):
    """Whose page is open, and the code of the notice as it was typed again."""

    contact: Text
    code: str = Field(max_length=200)


@dataclass(frozen=True)
class ContactCopy:
    """What is held of them, opened for themself."""

    values: dict[str, str] = field(repr=False)
    entry: int


def contact_copy(lender: Lender, request: OfContact) -> ContactCopy | NotProved | Refusal:
    """Entries `requested`, `used` (own request) and `answered`, then the values."""
    wrong = _wrong_code(lender, request)
    if wrong:
        return wrong
    history = outlook.living(lender, request.contact)
    if history is None:
        return requests.NOT_YOURS
    asked = requests.begin(lender, request.contact, "access")
    if isinstance(asked, Refusal):
        return asked
    if not history.facts.held:
        requests.finish(lender, request.contact, asked.entry, rights.DONE)
        return ContactCopy({}, 0)
    wanted = UseRequest(request.contact, "contact:self", "own_request", tuple(sorted(history.facts.held)))
    opened = lender.vault.use(wanted)
    if isinstance(opened, Refused):
        return opened.refusal
    if not isinstance(opened, Opened):
        raise CannotNow("the entry stands, but the value doesn't open", where="copy", code="unreadable")
    requests.finish(lender, request.contact, asked.entry, rights.DONE)
    return ContactCopy(opened.values, opened.receipt.entry)


def contact_erase(lender: Lender, request: OfContact) -> Erased | NotProved | Refusal:
    """Everything of them goes and their history ends; a refusal for good stays as the stop list knows it."""
    return _wrong_code(lender, request) or erase(lender, Erase(subject=request.contact))


def _wrong_code(lender: Lender, request: OfContact) -> NotProved | None:
    waits = tries.begin(lender, "contact_right", request.contact)
    if waits:
        return waits
    found = contact_notice.pass_by(lender, request.code)
    if isinstance(found, NotProved):
        return found
    if found.contact_id != request.contact:
        return NotProved(Why.WRONG)
    tries.forget(lender, "contact_right", request.contact)
    return None
