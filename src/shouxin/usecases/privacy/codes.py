"""One-time codes by text message: six digits, five minutes, five tries, one use, and only their keyed hash is kept.

Whether a number is known here makes no difference to anything that anybody sees before its code came back right: nobody
here looks it up but the vault, which enters that it goes to the carrier, and tells nobody in whose history. A code
proves one thing (`about`), for one number, and what is `bound` to it: a code that signs one offer signs no other.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from django.db import transaction
from django.db.models import F
from pydantic import AfterValidator, Field

from shouxin.records.access.models import OneTimeCode
from shouxin.usecases.lender import CannotNow, Lender, Request, Text
from shouxin.usecases.privacy import texting, tries
from shouxin.usecases.privacy.tries import NotProved, Why

DIGITS = 6
MINUTES = 5
TRIES = 5
AGAIN_AFTER = timedelta(minutes=1)
AN_HOUR, A_DAY = 5, 10
"""Codes to one number; more would be a way to pester its owner."""
FROM_ONE_PLACE = 60
"""Codes that one network address may ask for before it waits. This machine's own address stands for a proxy."""
KEPT = timedelta(days=2)
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def mobile(text: str) -> str:
    """The eleven digits of a mainland number however it was spelt. Raises `ValueError` for anything else."""
    digits = re.sub(r"[\s()\u2010-\u2015-]", "", text).removeprefix("+86").removeprefix("0086")
    if not _MOBILE.fullmatch(digits):
        raise ValueError("a mobile number has eleven digits and begins with 1")
    return digits


Phone = Annotated[str, Field(max_length=40), AfterValidator(mobile)]
"""A mobile number as somebody typed it, brought to its eleven digits."""
About = Literal["sign_in", "old_phone", "new_phone", "sign", "show", "key", "new_key", "copy", "erase", "defer"]
"""What a code may be for; each has a message of its own, `sms_code_…`, which names it."""


class SendCode(Request):
    """A code to a number that somebody typed. `origin`: the network address that asked, which is only counted."""

    phone: Phone
    about: Literal["sign_in", "new_phone"]
    lang: Literal["zh", "en"] = "zh"
    origin: Text | None = None


@dataclass(frozen=True)
class CodeSent:
    """The code's id (never the code), when it ends and when another may be asked for."""

    code: str
    until: datetime
    again_at: datetime


def send_code(lender: Lender, request: SendCode, *, typed_by: str = "") -> CodeSent | NotProved:
    """Send one, or say when; `typed_by` is the person who typed the number, where they proved who they are.

    Raises `CannotNow` when no message can leave.
    """
    if request.origin is not None and request.origin not in ("127.0.0.1", "::1"):
        waits = tries.begin(lender, "code_from", request.origin, free=FROM_ONE_PLACE)
        if waits:
            return waits
    return issue(lender, request.phone, request.about, lang=request.lang, typed_by=typed_by)


def issue(
    lender: Lender,
    phone: str,
    about: About,
    *,
    lang: str,
    bound: str = "",
    figures: Mapping[str, str] | None = None,
    subject: str = "",
    entry: int = 0,
    typed_by: str = "",
) -> CodeSent | NotProved:
    """Make a code, keep its hash, hand it over. `figures` fill in the message; the others are as in `texting`."""
    now, point = lender.clock.now(), lender.vault.token_of("phone", phone)
    digits = f"{int.from_bytes(lender.chance.token_bytes(16)) % 10**DIGITS:0{DIGITS}}"
    code = lender.ids.new()
    with transaction.atomic():
        tries.lock(lender, "code_to", phone)
        soon = _too_soon(now, point=point)
        if soon:
            return NotProved(Why.TOO_SOON, soon)
        OneTimeCode.objects.filter(sent_at__lt=now - KEPT).delete()
        OneTimeCode.objects.create(
            id=code,
            about=about,
            point=point,
            subject_id=subject,
            digest=_digest(lender, code, about, bound, digits),
            sent_at=now,
            expires_at=now + timedelta(minutes=MINUTES),
        )
    values = {"code": digits, "minutes": str(MINUTES), **(figures or {})}
    try:
        texting.send_code(
            lender,
            phone,
            f"sms_code_{about}",
            lang=lang,
            values=values,
            subject=subject,
            entry=entry,
            typed_by=typed_by,
        )
    except CannotNow:
        OneTimeCode.objects.filter(id=code).delete()  # nothing left: nobody need wait before asking again
        raise
    return CodeSent(code, now + timedelta(minutes=MINUTES), now + AGAIN_AFTER)


def check(lender: Lender, code: str, about: About, *, phone: str, typed: str, bound: str = "") -> NotProved | None:
    """None when `typed` is the code; it is then used up. Each other answer counts as a try of this very code.

    Nothing is counted by the number: a stranger's guesses would shut its owner out. How many codes go to a number is
    limited, and so is how often it can be guessed. An id that never was takes as long as a wrong code and says the
    same.
    """
    now, point = lender.clock.now(), lender.vault.token_of("phone", phone)
    counted = OneTimeCode.objects.filter(id=code, about=about, point=point, tries__lt=TRIES)
    known = counted.update(tries=F("tries") + 1)
    row = OneTimeCode.objects.filter(id=code).first() if known else None
    right = hmac.compare_digest(row.digest if row else "", _digest(lender, code, about, bound, _plain(typed)))
    if row is None:
        gone = OneTimeCode.objects.filter(id=code, about=about, point=point).exists()
        return NotProved(Why.USED if gone else Why.WRONG)
    if row.used_at is not None:
        return NotProved(Why.USED)
    if row.expires_at <= now:
        return NotProved(Why.LATE)
    if not right:
        return NotProved(Why.WRONG)
    if not OneTimeCode.objects.filter(id=code, used_at=None).update(used_at=now):
        return NotProved(Why.USED)
    return None


def too_soon(lender: Lender, subject: str) -> NotProved | None:
    """Must this person wait for another code to their stored number? It is asked without opening the number."""
    soon = _too_soon(lender.clock.now(), subject_id=subject)
    return NotProved(Why.TOO_SOON, soon) if soon else None


def _too_soon(now: datetime, **whose: str) -> datetime | None:
    """When another code may go to this number (`point`) or person (`subject_id`), if not now."""
    sent = list(OneTimeCode.objects.filter(**whose).order_by("-sent_at").values_list("sent_at", flat=True)[:A_DAY])
    waits = [
        sent[many - 1] + after
        for many, after in ((1, AGAIN_AFTER), (AN_HOUR, timedelta(hours=1)), (A_DAY, timedelta(days=1)))
        if len(sent) >= many
    ]
    latest = max(waits, default=now)
    return latest if latest > now else None


def _digest(lender: Lender, code: str, about: str, bound: str, digits: str) -> str:
    return lender.vault.token_of("one_time_code", f"{code}\0{about}\0{bound}\0{digits}")


def _plain(typed: str) -> str:
    """What was typed without the spaces that keyboards and eyes add; full-width digits count as digits."""
    narrow = typed.translate({0xFF10 + digit: str(digit) for digit in range(10)})
    return "".join(narrow.split()).replace("-", "")
