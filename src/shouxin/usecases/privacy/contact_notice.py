"""A contact person is told that they were named, and may look and refuse without an account.

The notice is a text message with a code. Whoever has the code sees the contact person's own history and nothing of
anybody else. Refusing holds for good, and what is held of them goes at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Literal

from pydantic import Field

from shouxin.core.rules.refusal import Refusal
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
    token = lender.vault.token_of("contact_pass", _spelt(request.code))
    found = ContactPass.objects.filter(token=token, ended_at=None).first()
    if found is None:
        return NotProved(Why.WRONG)
    tries.forget(lender, "contact_visit", request.visit)
    user = sessions.user_of(lender, found.contact_id, CONTACT)
    return SignedIn(user, sessions.begin(lender, user))


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


def _spelt(typed: str) -> str:
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
