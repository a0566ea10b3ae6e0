"""Finding a loan, an offer or an order by its id, for anybody or for its own borrower.

What is somebody else's and what doesn't exist get the same answer by the same single query.
"""

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.models import Loan, Offer, PaymentOrder
from shouxin.records.loan.reading import loan_of

RULES = ("CN.PIPL.51",)


def loan(name: str) -> Loan | Refusal:
    """Any loan of the book."""
    return Loan.objects.filter(id=name).first() or Refusal(Reason.NOT_YOURS, RULES, "loan")


def own_loan(name: str, subject: str) -> Loan | Refusal:
    """A loan of this person's."""
    return loan_of(name, subject) or Refusal(Reason.NOT_YOURS, RULES, "loan")


def own_offer(name: str, subject: str) -> Offer | Refusal:
    """An offer made to this person."""
    found = Offer.objects.filter(id=name, subject_id=subject).first()
    return found or Refusal(Reason.NOT_YOURS, RULES, "offer")


def own_order(name: str, subject: str) -> PaymentOrder | Refusal:
    """An order that this person made."""
    found = PaymentOrder.objects.filter(id=name, subject_id=subject).select_related("loan").first()
    return found or Refusal(Reason.NOT_YOURS, RULES, "order")
