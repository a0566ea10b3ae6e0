"""A refusal in a case that the gate isn't asked about: it is entered in the borrower's history all the same."""

from shouxin.core.privacy.gate import RULES
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import Lender
from shouxin.usecases.outreach.cases import OpenCase
from shouxin.usecases.outreach.desk import is_paused
from shouxin.usecases.outreach.may_call import PURPOSE


def at_rest(lender: Lender, case: OpenCase, *, actor: str) -> Refusal | None:
    """The entered refusal while collection is paused, before anything else is said of the case; None otherwise."""
    if not is_paused(lender, case):
        return None
    return entered(lender, case, Refusal(Reason.PAUSED, RULES[Reason.PAUSED], "case"), actor=actor)


def entered(lender: Lender, case: OpenCase, refusal: Refusal, *, actor: str) -> Refusal:
    """The same refusal, now that the borrower's history tells of it."""
    lender.vault.refuse(case.subject, refusal, actor=actor, purpose=PURPOSE)
    return refusal
