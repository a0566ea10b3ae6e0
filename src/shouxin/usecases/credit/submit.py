"""Hand an application in and have it decided, in one go; handing it in twice gives the first result."""

from dataclasses import dataclass

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.credit.models import Application
from shouxin.usecases.credit.apply import RECEIVED, Apply, apply
from shouxin.usecases.credit.decide import Decide, decide
from shouxin.usecases.credit.own_applications import OwnApplications, own_applications, running
from shouxin.usecases.lender import Amount, BasicInformation, Lender, Text


class Submit(BasicInformation):
    """As `Apply`; `key` is what the sender chose so that sending twice counts once."""

    subject: Text
    key: Text
    amount: Amount
    currency: Text = "CNY"
    instalments: int
    product: Text | None = None


@dataclass(frozen=True)
class Submitted:
    """The application and its state, decided or, after a crash between the two, still to be decided."""

    application: str
    state: str


def submit(lender: Lender, request: Submit) -> Submitted | Refusal:
    """Apply and decide. Refused as either is, and while an earlier application of the person's is running.

    What stopped before the decision (the consent was taken back, a stored value doesn't open) leaves an application
    that waits; the same key decides it later.
    """
    standing = running(own_applications(lender, OwnApplications(subject=request.subject)))
    first = Application.objects.filter(subject_id=request.subject, key=request.key).first()
    if first is None and standing is not None and standing.state != RECEIVED:
        return Refusal(Reason.ALREADY_DONE, (), "application")
    name = first.id if first else standing.application if standing else None
    if name is None:
        asked = Apply.read(request.model_dump(mode="json", exclude={"key", "offered"}) | _offered(request))
        taken = apply(lender, asked, key=request.key)
        if isinstance(taken, Refusal):
            return taken
        name = taken.application
    decided = decide(lender, Decide(application=name))
    if isinstance(decided, Refusal) and decided.reason is not Reason.ALREADY_DONE:
        return decided
    return Submitted(name, Application.objects.get(id=name).state)


def _offered(request: Submit) -> dict[str, str]:
    return dict.fromkeys(request.offered, "offered")
