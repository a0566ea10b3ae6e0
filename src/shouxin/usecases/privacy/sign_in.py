"""A borrower signs in with their phone: a code proves the number, and only then is it asked whose it is.

A number that nobody here has is proved all the same: its owner may go on applying. Where two borrowers share a number
the ID number says who is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from shouxin.records.access.models import BORROWER
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy import codes, devices, sessions, tries
from shouxin.usecases.privacy.draft import keep_proven, kept_number, proven_phone
from shouxin.usecases.privacy.sessions import SignedIn
from shouxin.usecases.privacy.tries import NotProved, Why


class ProvePhone(Request):
    """The code as it was typed; `code` is its id, `number` the sealed number, `visitor` the session's own id."""

    visitor: Text
    code: Text
    number: str
    typed: str = Field(max_length=200)


class SignInWith(Request):
    """A number that this visitor proved, and the ID number where that was asked for. `device` is the device's cookie,
    `user_agent` what the browser calls itself.
    """

    visitor: Text
    proven: str
    id_number: str | None = Field(default=None, max_length=200)
    device: str = Field(default="", max_length=200)
    user_agent: str = ""
    lang: Literal["zh", "en"] = "zh"


class Admit(Request):
    """Somebody who has just been enrolled in this visit is signed in."""

    subject: Text
    device: str = Field(default="", max_length=200)
    user_agent: str = ""


@dataclass(frozen=True)
class Stranger:
    """The number is proved and no borrower has it: applying can go on."""


@dataclass(frozen=True)
class Shared:
    """More than one borrower has this number: the ID number is needed."""


def prove_phone(lender: Lender, request: ProvePhone) -> str | NotProved:
    """The sealed proof for the session (`phone_proven`), or why not."""
    phone = kept_number(lender, request.code, request.number)
    wrong = codes.check(lender, request.code, "sign_in", phone=phone or "", typed=request.typed)
    if wrong or phone is None:
        return wrong or NotProved(Why.LATE)
    return keep_proven(lender, request.visitor, phone)


def sign_in(lender: Lender, request: SignInWith) -> SignedIn | Stranger | Shared | NotProved:
    """Sign the owner of the proved number in; a device that they never used is told to them."""
    phone = proven_phone(lender, request.visitor, request.proven)
    if phone is None:
        return NotProved(Why.LATE)
    people = lender.vault.holders("phone", phone)
    if not people:
        return Stranger()
    if len(people) > 1:
        one = _by_id_number(lender, phone, people, request.id_number)
        if not isinstance(one, str):
            return one
        people = (one,)
    return _signed_in(lender, people[0], request.device, request.user_agent, told=request.lang)


def admit(lender: Lender, request: Admit) -> SignedIn:
    """Sign in whom this very visit enrolled; there is no earlier device that could be told of this one."""
    return _signed_in(lender, request.subject, request.device, request.user_agent, told="")


def _by_id_number(
    lender: Lender, phone: str, people: tuple[str, ...], id_number: str | None
) -> str | Shared | NotProved:
    if id_number is None:
        return Shared()
    waits = tries.begin(lender, "id_number", phone)
    if waits:
        return waits
    both = set(people) & set(lender.vault.holders("id_number", id_number))
    if len(both) != 1:
        return NotProved(Why.WRONG)
    tries.forget(lender, "id_number", phone)
    return both.pop()


def _signed_in(lender: Lender, subject: str, cookie: str, user_agent: str, *, told: str) -> SignedIn:
    user = sessions.user_of(lender, subject, BORROWER)
    found = devices.recognise(lender, user, cookie, user_agent)
    if found.is_new and told:
        devices.tell(lender, subject, "sms_new_device", lang=told)
    session = sessions.begin(lender, user, found.device)
    return SignedIn(user, session, found.cookie, found.is_new)
