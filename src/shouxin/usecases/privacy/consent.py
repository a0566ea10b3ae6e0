"""A person allows one purpose after reading its notice, and takes that back as easily (PIPL articles 14 and 15)."""

from __future__ import annotations

from dataclasses import dataclass

from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.facts import Facts
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.policy.notice import Notice
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.vault.opening import Receipt


class Consent(Request):
    """One consent to one purpose; the notice in force for it is shown with it."""

    subject: Text
    purpose: Text


class Withdraw(Request):
    """The consent to one purpose is taken back, effective at the next use."""

    subject: Text
    purpose: Text


class Decline(Request):
    """The person read the notice of one purpose and doesn't consent. Nothing changes but that this is known."""

    subject: Text
    purpose: Text


@dataclass(frozen=True)
class Entered:
    """The number of the entry in the person's history, and its receipt."""

    entry: int
    receipt: Receipt


def consent(lender: Lender, request: Consent) -> Entered | Refusal:
    """Write the consent; refused when the purpose isn't one that consent carries, or has no notice."""
    notice = notice_for(lender, request.purpose)
    if notice is None:
        unknown = request.purpose not in PURPOSES
        reason = Reason.UNKNOWN_PURPOSE if unknown else Reason.PURPOSE_WITHOUT_POLICY
        return Refusal(reason, ("CN.PIPL.14",), "purpose")
    result = lender.vault.consent(request.subject, request.purpose, notice=notice.key, version=notice.version)
    return result if isinstance(result, Refusal) else Entered(result.entry, result)


def withdraw(lender: Lender, request: Withdraw) -> Entered | Refusal:
    """Write the withdrawal; refused when no consent to that purpose stands."""
    result = lender.vault.withdraw(request.subject, request.purpose)
    return result if isinstance(result, Refusal) else Entered(result.entry, result)


def decline(lender: Lender, request: Decline) -> Entered | Refusal:
    """Write that the notice was shown: an entry without a consent behind it is a refusal, and a receipt says so."""
    notice = notice_for(lender, request.purpose)
    if notice is None:
        return Refusal(Reason.PURPOSE_WITHOUT_POLICY, ("CN.PIPL.14",), "purpose")

    def decide(facts: Facts) -> Record | Refusal:
        if request.purpose in facts.consents:
            return Refusal(Reason.ALREADY_DONE, ("CN.PIPL.15",), "purpose")  # taken back by `withdraw`, and so called
        return {"kind": "notice_shown", "notice": notice.key, "version": notice.version}

    result = lender.vault.record(request.subject, decide)
    return result if isinstance(result, Refusal) else Entered(result.entry, result)


def notice_for(lender: Lender, purpose: str) -> Notice | None:
    """The notice in force for a purpose: the one of its name, else the only one that speaks of it."""
    notices = lender.policy.notices
    speaking = [notice for notice in notices.values() if purpose in notice.purposes]
    return notices.get(purpose) or (speaking[0] if len(speaking) == 1 else None)
