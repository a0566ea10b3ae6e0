"""The consents that an application asks for, one by one, and how each stands for this person.

Needed for the contract itself: no consent, so none is asked; it is only said. Asked: to decide, to report to the
bureau, and last, marketing, which nothing depends on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.policy.notice import Notice
from shouxin.usecases.credit.asking import told
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy.consents_of import GIVEN, NEVER, ConsentsOf, consents_of

ASKED = ("credit_decision", "credit_reporting", "marketing")
"""In the order of asking."""
WITHOUT = ("enrolment", "disbursement", "reminder")
"""Notices of what the contract or the law carries by itself."""
CHANGED = "changed"


class ConsentsAsked(Request):
    """The consents of this person."""

    subject: Text


@dataclass(frozen=True)
class Told:
    """One notice: the fields that it speaks of, the kinds of parties that receive, and each language's items."""

    notice: str
    version: str
    fields: tuple[str, ...]
    recipients: tuple[str, ...]
    text: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class AskedConsent:
    """`standing` is `never`, `given`, `withdrawn`, or `changed`: given to an earlier version of the notice (`seen`)."""

    purpose: str
    told: Told
    standing: str
    seen: str


@dataclass(frozen=True)
class AllAsked:
    """Those that are asked for, and what is told without asking."""

    asked: tuple[AskedConsent, ...]
    without: tuple[Told, ...]


def consents_asked(lender: Lender, request: ConsentsAsked) -> AllAsked | Refusal:
    """Read the notices of today beside the person's own history. Opens nothing."""
    found = consents_of(lender, ConsentsOf(subject=request.subject))
    if isinstance(found, Refusal):
        return found
    if found.kind != "borrower":
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
    standing = {one.purpose: one for one in found.standing}
    asked = []
    for name in ASKED:
        one = standing[name]
        state = CHANGED if one.state == GIVEN and one.reworded else one.state
        asked.append(AskedConsent(name, _told(lender, one.notice), state, one.version if state != NEVER else ""))
    return AllAsked(tuple(asked), tuple(_told(lender, lender.policy.notices[name]) for name in WITHOUT))


def enrolment_told(lender: Lender) -> Told:
    """What a person is told before they enrol."""
    return _told(lender, lender.policy.notices["enrolment"])


def _told(lender: Lender, notice: Notice) -> Told:
    return Told(notice.key, notice.version, notice.fields, notice.recipients, told(lender.policy, notice))
