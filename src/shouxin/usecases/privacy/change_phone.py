"""A borrower changes the phone number by which they sign in: a code to the old one first, then one to the new one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy import codes, devices, sessions, step_up
from shouxin.usecases.privacy.codes import CodeSent, Phone, SendCode
from shouxin.usecases.privacy.draft import keep_number, kept_number
from shouxin.usecases.privacy.tries import NotProved, Why
from shouxin.vault.opening import Receipt

NO_STEP_UP = Refusal(Reason.EXPIRED, (), "old_phone")
"""The code to the old number is missing, or was entered more than ten minutes ago."""


class SendToNew(Request):
    """The new number as it was typed, after the old one was proved (`proof` of `step_up.prove`)."""

    subject: Text
    proof: str
    phone: Phone
    lang: Literal["zh", "en"] = "zh"


class ChangePhone(Request):
    """The code that came to the new number; `user` and `sign_in` are the session that goes on."""

    subject: Text
    user: Text
    sign_in: Text
    proof: str
    code: Text
    number: str
    typed: str = Field(max_length=200)
    lang: Literal["zh", "en"] = "zh"


def send_to_new(lender: Lender, request: SendToNew) -> tuple[CodeSent, str] | NotProved | Refusal:
    """Send the code; gives it with the sealed new number, which the session keeps until the code comes back."""
    if not step_up.holds(lender, request.subject, "old_phone", request.proof):
        return NO_STEP_UP
    wanted = SendCode(phone=request.phone, about="new_phone", lang=request.lang)
    sent = codes.send_code(lender, wanted, typed_by=request.subject)
    return sent if isinstance(sent, NotProved) else (sent, keep_number(lender, sent.code, request.phone))


def change_phone(lender: Lender, request: ChangePhone) -> Receipt | NotProved | Refusal:
    """Store the new number (entry `corrected`), end every other session, and tell of it."""
    if not step_up.holds(lender, request.subject, "old_phone", request.proof):
        return NO_STEP_UP
    phone = kept_number(lender, request.code, request.number)
    wrong = codes.check(lender, request.code, "new_phone", phone=phone or "", typed=request.typed)
    if wrong or phone is None:
        return wrong or NotProved(Why.LATE)
    stored = lender.vault.store(request.subject, {"phone": phone})
    if isinstance(stored, Refusal):
        return stored
    sessions.end_all(lender, request.user, but=request.sign_in, because="phone")
    devices.tell(lender, request.subject, "sms_phone_changed", lang=request.lang)
    return stored
