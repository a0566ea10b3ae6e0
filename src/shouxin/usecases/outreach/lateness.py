"""How late somebody is and what they promised, computed from the loans' events whenever outreach looks."""

from shouxin.core.loan.event import Type
from shouxin.core.loan.promise import promised
from shouxin.core.outreach.question import Promise
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import account_of, begun, events_of, terms_of
from shouxin.usecases.lender import Lender


def days_late(lender: Lender, subject: str) -> int | None:
    """The most days past due over the person's loans; None when no loan of theirs has begun here.

    A lender may run cases here for loans that live in another system: then nobody knows here.
    """
    late = None
    for loan in Loan.objects.filter(subject_id=subject):
        if begun(loan, events_of(loan, terms_of(loan))):
            dpd = account_of(loan, as_of=lender.today()).behind.dpd
            late = max(late or 0, dpd)
    return late


def promises_of(lender: Lender, subject: str) -> tuple[Promise, ...]:
    """The newest promise of each loan of the person that was not taken back, whatever became of it."""
    given = Loan.objects.filter(subject_id=subject, events__type=Type.PROMISE.value).distinct()
    found = (promised(events_of(loan, terms_of(loan)), as_of=lender.today()) for loan in given)
    return tuple(Promise(one.made_on, one.by) for one in found if one)
