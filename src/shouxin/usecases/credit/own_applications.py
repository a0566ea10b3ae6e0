"""What somebody has applied for, for that person: each application, what came of it, and the offer that stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shouxin.core.money import format_amount
from shouxin.records.credit.models import Application
from shouxin.records.loan.models import Loan, Offer
from shouxin.records.loan.reading import open_offer
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan.cooling import ChangeOfMind
from shouxin.usecases.loan.offer_of import OPEN, mind_of, state_of


class OwnApplications(Request):
    """All applications of this person."""

    subject: Text


@dataclass(frozen=True)
class MadeOffer:
    """An offer and what became of it: `open`, `expired`, `signed` (the loan has its id) or `paid_out`.

    `mind` says until when who signs today (or did) may change their mind, where a rule gives that.
    """

    offer: str
    state: str
    limit: str
    valid_until: date
    mind: ChangeOfMind | None


@dataclass(frozen=True)
class OwnApplication:
    """One application; `state` is `received`, `approved`, `declined` or `review`."""

    application: str
    state: str
    amount: str
    currency: str
    instalments: int
    applied_at: datetime
    offer: MadeOffer | None

    @property
    def running(self) -> bool:
        """Does it still wait for us or for the person? One such is enough: no second is taken meanwhile."""
        return self.state in ("received", "review") or (self.offer is not None and self.offer.state == OPEN)


def own_applications(lender: Lender, request: OwnApplications) -> tuple[OwnApplication, ...]:
    """The newest first. A person's look at their own applications opens nothing, so it leaves no entry."""
    rows = Application.objects.filter(subject_id=request.subject).order_by("-applied_at", "-id")
    offers = {offer.application_id: offer for offer in Offer.objects.filter(subject_id=request.subject)}
    loans = {loan.id: loan for loan in Loan.objects.filter(subject_id=request.subject)}
    return tuple(_own(lender, row, offers.get(row.id), loans) for row in rows)


@dataclass(frozen=True)
class WaitingOffer:
    """An offer that may still be signed: the most that may be borrowed, and the last day for it."""

    offer: str
    currency: str
    limit: str
    valid_until: date


def waiting_offer(lender: Lender, request: OwnApplications) -> WaitingOffer | None:
    """The newest offer of this person that is open, if there is one; one query, for the first page."""
    found = open_offer(request.subject, on=lender.today())
    if found is None:
        return None
    return WaitingOffer(found.id, found.currency, format_amount(found.limit_minor, found.currency), found.valid_until)


def running(applications: Iterable[OwnApplication]) -> OwnApplication | None:
    """The application that must come to its end before another is taken, if there is one."""
    return next((one for one in applications if one.running), None)


def made_offer(lender: Lender, offer: Offer, loan: Loan | None) -> MadeOffer:
    """An offer, in short."""
    limit = format_amount(offer.limit_minor, offer.currency)
    return MadeOffer(offer.id, state_of(lender, offer, loan), limit, offer.valid_until, mind_of(lender, loan))


def _own(lender: Lender, row: Application, offer: Offer | None, loans: dict[str, Loan]) -> OwnApplication:
    return OwnApplication(
        application=row.id,
        state=row.state,
        amount=format_amount(row.amount_minor, row.currency),
        currency=row.currency,
        instalments=row.instalments,
        applied_at=row.applied_at,
        offer=made_offer(lender, offer, loans.get(offer.id)) if offer else None,
    )
