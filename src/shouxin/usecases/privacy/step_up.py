"""Proving oneself again before something that can't be undone, by a code to the number that stands in the vault.

The person asks for it themself, so the number is opened for their own request (`own_request`) and goes to the carrier
of the message, with its entry. What is proved holds for ten minutes, for this person and this one thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import Field

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import CannotNow, Lender, Request, Text
from shouxin.usecases.privacy import codes, texting, tries
from shouxin.usecases.privacy.codes import CodeSent
from shouxin.usecases.privacy.draft import keep_draft, read_draft
from shouxin.usecases.privacy.tries import NotProved
from shouxin.vault.opening import Opened, Refused, UseRequest

HOLDS_SECONDS = 600
OwnMatter = Literal["old_phone", "sign", "show", "key", "new_key", "copy", "erase", "defer"]


class AskStepUp(Request):
    """This borrower is about to do this. `bound` is what the code is for besides (an offer's hash), `figures` fill in
    its message (`amount` and `total` of what is signed, `months` and `extra` of what is put off).
    """

    subject: Text
    about: OwnMatter
    lang: Literal["zh", "en"] = "zh"
    bound: str = Field(default="", max_length=200)
    figures: Mapping[str, str] = {}


class StepUp(Request):
    """The code as it was typed; `code` is the id that `ask` gave, `number` the sealed number that came with it."""

    subject: Text
    about: OwnMatter
    code: Text
    number: str
    typed: str = Field(max_length=200)
    bound: str = Field(default="", max_length=200)


def ask(lender: Lender, request: AskStepUp) -> tuple[CodeSent, str] | NotProved | Refusal:
    """Send the code; gives it with the sealed number that the session keeps until the code comes back.

    Whether it may be sent is asked first, so that asking too often opens nothing and enters nothing.
    """
    waits = codes.too_soon(lender, request.subject)
    waits = waits or tries.begin(lender, "step_up", request.subject, free=codes.A_DAY)
    if waits:
        return waits
    carrier = texting.road_of(lender).party
    wanted = UseRequest(request.subject, "borrower:self", "own_request", _told(request), recipient=carrier)
    opened = lender.vault.use(wanted)
    if isinstance(opened, Refused):
        return opened.refusal
    if not isinstance(opened, Opened):
        raise CannotNow("the entry stands, but the value doesn't open", where="phone", code="unreadable")
    phone = opened.values["phone"]
    sent = codes.issue(
        lender,
        phone,
        request.about,
        lang=request.lang,
        bound=request.bound,
        figures=request.figures,
        subject=request.subject,
        entry=opened.receipt.entry,
    )
    return sent if isinstance(sent, NotProved) else (sent, keep_draft(lender, sent.code, {"phone": phone}))


def _told(request: AskStepUp) -> tuple[str, ...]:
    """What the carrier learns by the message: the number, and from the code for signing what is signed."""
    return ("phone", "terms") if request.figures else ("phone",)


def prove(lender: Lender, request: StepUp) -> str | NotProved:
    """The sealed proof, for the session; or why not."""
    found = read_draft(lender, request.code, request.number)
    phone = str(found["phone"]) if found else ""
    wrong = codes.check(lender, request.code, request.about, phone=phone, typed=request.typed, bound=request.bound)
    if wrong:
        return wrong
    tries.forget(lender, "step_up", request.subject)
    at = int(lender.clock.now().timestamp())
    said = {"about": request.about, "bound": request.bound, "at": at}
    return keep_draft(lender, request.subject, said, kind="proof")


@dataclass(frozen=True)
class CodeAsked:
    """As `CodeSent`, with the sealed number that must come back with the code."""

    code: str
    until: datetime
    again_at: datetime
    number: str


@dataclass(frozen=True)
class Proved:
    """The sealed proof, for the one thing that it was asked for."""

    proof: str


def ask_code(lender: Lender, request: AskStepUp) -> CodeAsked | NotProved | Refusal:
    """`ask` for whoever keeps no session."""
    sent = ask(lender, request)
    if not isinstance(sent, tuple):
        return sent
    return CodeAsked(sent[0].code, sent[0].until, sent[0].again_at, sent[1])


def prove_code(lender: Lender, request: StepUp) -> Proved | NotProved:
    """`prove` for whoever keeps no session."""
    proof = prove(lender, request)
    return proof if isinstance(proof, NotProved) else Proved(proof)


def holds(lender: Lender, subject: str, about: OwnMatter, proof: str, *, bound: str = "") -> bool:
    """Did this person prove themself for this thing in the last ten minutes?"""
    found = read_draft(lender, subject, proof, kind="proof")
    if found is None or (found["about"], found["bound"]) != (about, bound):
        return False
    age = int(lender.clock.now().timestamp()) - int(found["at"])
    return 0 <= age <= HOLDS_SECONDS
