"""A person allows one purpose after reading its notice, and takes that back as easily (PIPL articles 14 and 15)."""

from __future__ import annotations

from dataclasses import dataclass

from shouxin.core.rules.refusal import Refusal
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


@dataclass(frozen=True)
class Entered:
    """The number of the entry in the person's history, and its receipt."""

    entry: int
    receipt: Receipt


def consent(lender: Lender, request: Consent) -> Entered | Refusal:
    """Write the consent; refused when the purpose isn't one that consent carries, or has no notice."""
    notice = lender.policy.notice_for(request.purpose)
    result = lender.vault.consent(request.subject, request.purpose, notice=notice.name, version=notice.version)
    return result if isinstance(result, Refusal) else Entered(result.entry, result)


def withdraw(lender: Lender, request: Withdraw) -> Entered | Refusal:
    """Write the withdrawal; refused when no consent to that purpose stands."""
    result = lender.vault.withdraw(request.subject, request.purpose)
    return result if isinstance(result, Refusal) else Entered(result.entry, result)
