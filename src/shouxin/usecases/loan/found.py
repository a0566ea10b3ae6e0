"""Finding a loan or an offer by its id, for anybody or for its own borrower.

What is somebody else's and what doesn't exist get the same answer by the same single query.
"""

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.models import Loan, Offer

RULES = ("CN.PIPL.51",)


def loan(name: str) -> Loan | Refusal:
    """Any loan of the book."""
    return Loan.objects.filter(id=name).first() or Refusal(Reason.NOT_YOURS, RULES, "loan")


def own_loan(name: str, subject: str) -> Loan | Refusal:
    """A loan of this person's."""
    found = Loan.objects.filter(id=name, subject_id=subject).first()
    return found or Refusal(Reason.NOT_YOURS, RULES, "loan")


def own_offer(name: str, subject: str) -> Offer | Refusal:
    """An offer made to this person."""
    found = Offer.objects.filter(id=name, subject_id=subject).first()
    return found or Refusal(Reason.NOT_YOURS, RULES, "offer")
