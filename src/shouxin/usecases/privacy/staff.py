"""Who works here: appointed by name and role before they may use anything, dismissed with effect at the next use."""

from __future__ import annotations

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import ActorName, Lender, Request
from shouxin.usecases.privacy.consent import Entered
from shouxin.usecases.privacy.staff_sign_in import shut


class Appoint(Request):
    """A member of staff or of an agency, `role:id`."""

    actor: ActorName


class Dismiss(Request):
    """The end of an appointment."""

    actor: ActorName


def appoint(lender: Lender, request: Appoint) -> Entered | Refusal:
    """Write the appointment; an agency's person needs an engaged agency."""
    result = lender.vault.appoint(request.actor)
    return result if isinstance(result, Refusal) else Entered(result.entry, result)


def dismiss(lender: Lender, request: Dismiss) -> Entered | Refusal:
    """Write the dismissal, and sign them out for good; refused when there is no appointment."""
    result = lender.vault.dismiss(request.actor)
    if isinstance(result, Refusal):
        return result
    shut(lender, request.actor)
    return Entered(result.entry, result)
