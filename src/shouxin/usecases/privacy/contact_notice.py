"""A contact person is told that they were named, and may look and refuse without an account.

The notice is a text message with a code. Whoever has the code sees the contact person's own history and nothing of
anybody else. Refusing holds for good, and what is held of them goes at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.db.models import QuerySet
from pydantic import Field

from shouxin.core.rules.days import contact_page
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.outbound.outbox import REFUSED
from shouxin.records.access.models import CONTACT, ContactPass
from shouxin.usecases.lender import CannotNow, Lender, Request, Text
from shouxin.usecases.privacy import contact_person, sessions, texting, tries
from shouxin.usecases.privacy.contact_person import ContactPerson, Named
from shouxin.usecases.privacy.sessions import SignedIn
from shouxin.usecases.privacy.texting import Notice
from shouxin.usecases.privacy.tries import NotProved, Why
from shouxin.vault.opening import Receipt

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""No sign that another looks like: people type it from a small screen."""
LENGTH = 12
"""Of 31 signs: more than 2**59 codes, which nobody guesses at any rate that we answer."""
AWAKE = (time(8), time(21))
"""A stranger isn't woken by a notice (the lender's own zone)."""
TEMPLATE = "sms_contact_notice"


class OpenContact(Request):
    """The code of a notice, as it was typed. `visit`: the session's own id, whose tries are counted."""

    code: str = Field(max_length=200)
    visit: Text


class RenewContact(OpenContact):
    """The same, for a code whose days are over; `lang` is the language of the message with the new one."""

    lang: Literal["zh", "en"] = "zh"


@dataclass(frozen=True)
class Renewed:
    """A new code is on its way; `waits_until` is the morning that it waits for, when it is night."""

    waits_until: datetime | None


def name_contact(lender: Lender, request: ContactPerson, *, lang: Literal["zh", "en"] = "zh") -> Named | Refusal:
    """Name a contact person and tell them, by day. The notice waits when it can't be sent now."""
    named = contact_person.contact_person(lender, request)
    if isinstance(named, Refusal):
        return named
    message = texting.queue(lender, named.chain, TEMPLATE, lang=lang, not_before=_by_day(lender))
    try:
        texting.deliver(lender, message, NOTICES)
    except CannotNow:
        return named  # it waits in the outbox for the worker
    return named


def open_contact(lender: Lender, request: OpenContact) -> SignedIn | NotProved:
    """Open the contact person's own page; a code that never was and one that is no more are the same answer.

    Only this visit is slowed. By the network address others would be shut out, and there are too many codes to guess.
    """
    waits = tries.begin(lender, "contact_visit", request.visit, free=20)
    if waits:
        return waits
    found = pass_by(lender, request.code)
    if isinstance(found, NotProved):
        return found
    tries.forget(lender, "contact_visit", request.visit)
    user = sessions.user_of(lender, found.contact_id, CONTACT)
    return SignedIn(user, sessions.begin(lender, user))


def pass_by(lender: Lender, code: str) -> ContactPass | NotProved:
    """The pass that this code is: wrong when there is none, late when its days are over."""
    found = _live(lender, code).first()
    if found is None:
        return NotProved(Why.WRONG)
    return NotProved(Why.LATE) if _over(lender, found) else found


def _live(lender: Lender, code: str) -> QuerySet[ContactPass]:
    return ContactPass.objects.filter(token=lender.vault.token_of("contact_pass", spelt(code)), ended_at=None)


def _over(lender: Lender, found: ContactPass) -> bool:
    until = good_until(lender, found)
    return until is not None and lender.today() > until


def good_until(lender: Lender, found: ContactPass) -> date | None:
    """The last day of a pass by the rule of today; None where no rule ends it."""
    days = contact_page(lender.policy.rules.on(lender.today()))
    return days.until(found.made_at.astimezone(lender.settings.zone).date()) if days else None


def page_until(lender: Lender, contact: str) -> date | None:
    """Until when the newest code of this contact person opens their page."""
    found = ContactPass.objects.filter(contact_id=contact, ended_at=None).order_by("-made_at").first()
    return good_until(lender, found) if found else None


def renew_contact(lender: Lender, request: RenewContact) -> Renewed | NotProved | Refusal:
    """A new code for who has one whose days are over: it goes to the number that we hold, to no other, and by day.

    Refused when we hold no number of theirs any more. Asked for twice at once, one message goes.
    """
    waits = tries.begin(lender, "contact_visit", request.visit, free=20)
    if waits:
        return waits
    live, not_before = _live(lender, request.code), _by_day(lender)
    old = live.first()
    if old is None or not _over(lender, old):
        return NotProved(Why.WRONG)
    if not live.update(ended_at=lender.clock.now()):
        return Renewed(waits_until=not_before)  # asked for at the same moment by the same form
    message = texting.queue(lender, old.contact_id, TEMPLATE, lang=request.lang, not_before=not_before)
    return _sent_again(lender, message, old, not_before)


def _sent_again(lender: Lender, message: str, old: ContactPass, not_before: datetime | None) -> Renewed | Refusal:
    """What became of it; a number that isn't held can't be written to, and then the old code may ask again."""
    try:
        sent = texting.deliver(lender, message, NOTICES)
    except CannotNow:
        return Renewed(waits_until=not_before)  # it waits in the outbox for the worker
    if sent is not None and sent.state == REFUSED:
        ContactPass.objects.filter(token=old.token).update(ended_at=None)
        return Refusal(Reason(sent.why) if sent.why in set(Reason) else Reason.NOT_HELD, (), "phone")
    return Renewed(waits_until=not_before)


def refuse_for_good(lender: Lender, contact: str) -> Receipt | Refusal:
    """Refuse for good: the entry, the deletion, and no notice that still waits is sent."""
    done = lender.vault.refuse_for_good(contact)
    if isinstance(done, Receipt):
        texting.withdraw_waiting(contact)
    return done


def hand_key(lender: Lender, contact: str) -> bytes | NotProved | Refusal:
    """The file person.key, for who has the page open; each time is an entry, so it can't be asked for without end."""
    waits = tries.begin(lender, "contact_key", contact)
    return waits or lender.vault.issue_key(contact)


def has_refused(lender: Lender, contact: str) -> bool:
    """Did this contact person refuse for good?"""
    history = lender.vault.history(contact)
    return history is not None and bool(history.facts.opted_out)


def _pass(lender: Lender, contact: str) -> Mapping[str, str]:
    """A new code for this notice, and where it is entered; its hash is kept, the code is in the message alone."""
    signs = (ALPHABET[int.from_bytes(lender.chance.token_bytes(8)) % len(ALPHABET)] for _ in range(LENGTH))
    code = "".join(signs)
    token = lender.vault.token_of("contact_pass", code)
    ContactPass.objects.create(token=token, contact_id=contact, made_at=lender.clock.now())
    grouped = "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))
    return {"code": grouped, "address": f"{lender.settings.site.rstrip('/')}/contact"}


def spelt(typed: str) -> str:
    """A code as it is compared, however it was typed."""
    return "".join(typed.split()).replace("-", "").lower()


def _by_day(lender: Lender) -> datetime | None:
    """The next morning when it is night; None by day."""
    local = lender.clock.now().astimezone(lender.settings.zone)
    if AWAKE[0] <= local.time() < AWAKE[1]:
        return None
    day = local.date() + timedelta(days=local.time() >= AWAKE[1])
    return datetime.combine(day, AWAKE[0], lender.settings.zone)


NOTICES = {
    TEMPLATE: Notice(
        TEMPLATE, "system:notice", "contact_person_notice", "contact_person", at_hand_over=True, values=_pass
    )
}
