"""Decides on an application, from what the person said of their means and nothing else.

1. The vault opens income, obligations and employer for this one purpose, under the person's
   consent, each time anew; what the person didn't state isn't asked for.
2. The core decides by the grid, the price cap and the line of the day.
3. The decision is entered in the person's history.
4. Then it is stored: outcome, limit, rate, reason codes; no value of the person's.
   A crash between 3 and 4 leaves an entry about an undecided application; deciding again works.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from shouxin.core.credit import decision as core
from shouxin.core.credit import grid as grids
from shouxin.core.credit.decision import Decision, Outcome
from shouxin.core.credit.facts import Facts, FactsError
from shouxin.core.credit.grid import Grid
from shouxin.core.loan.event import EventError
from shouxin.core.money import MoneyError, parse_amount
from shouxin.core.privacy.entry import Record
from shouxin.core.rules.limits import line_cap
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.credit.models import Application
from shouxin.records.loan.models import Loan, Offer
from shouxin.records.loan.reading import account_of, frozen
from shouxin.usecases.credit import documents
from shouxin.usecases.credit.apply import APPROVED, DECLINED, RECEIVED, REVIEW
from shouxin.usecases.lender import ActorName, BadInput, CannotNow, Lender, Request, Text
from shouxin.usecases.loan.entering import always
from shouxin.usecases.loan.opening import open_fields
from shouxin.usecases.loan.price import cap_on
from shouxin.vault.opening import Receipt
from shouxin.vault.use import UseRequest

PURPOSE = "credit_decision"
FIELDS = ("income", "monthly_obligations", "employer")
VALID_DAYS = 30
_NO_CAP = 2**53
_STATES = {
    Outcome.APPROVED: APPROVED,
    Outcome.LESS: APPROVED,
    Outcome.DECLINED: DECLINED,
    Outcome.REVIEW: REVIEW,
}


class Decide(Request):
    """Decide on this application today."""

    application: Text
    actor: ActorName = "system:decision"


@dataclass(frozen=True)
class Decided:
    """The decision in decimal strings, the offer if there is one, and the entry `decided`.

    `uses` is the receipt of the use that it rests on, None when the person had stated nothing.
    """

    application: str
    approved: bool
    decision: Mapping[str, object]
    policy: str
    offer: str | None
    valid_until: date | None
    uses: Receipt | None
    receipt: Receipt


def decide(lender: Lender, request: Decide) -> Decided | Refusal:
    """Decide once; a second time is refused. A decline is an answer, not a refusal."""
    application = Application.objects.filter(id=request.application).first()
    if application is None:
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "application")
    if application.state != RECEIVED:
        return Refusal(Reason.ALREADY_DONE, (), "application")
    stated = _stated(lender, application, request.actor)
    if isinstance(stated, Refusal):
        return stated
    exposure_minor = _exposure(lender, application)
    decision = judged(lender, application, stated.values, on=lender.today(), exposure_minor=exposure_minor)
    receipt = lender.vault.record(application.subject_id, always(_entry(lender, decision)))
    if isinstance(receipt, Refusal):
        return receipt
    offer = _store(lender, application, decision)
    if isinstance(offer, Refusal):
        return offer
    return Decided(
        application=application.id,
        approved=decision.outcome in (Outcome.APPROVED, Outcome.LESS),
        decision=documents.shown(decision, application.currency),
        policy=lender.policy.hash,
        offer=offer.id if offer else None,
        valid_until=offer.valid_until if offer else None,
        uses=stated.receipt,
        receipt=receipt,
    )


@dataclass(frozen=True)
class _Stated:
    values: Mapping[str, str]
    receipt: Receipt | None


def _stated(lender: Lender, application: Application, actor: str) -> _Stated | Refusal:
    """What the person said of their means. Fields that they left out are not asked for."""
    history = lender.vault.history(application.subject_id)
    assert history is not None, "an application is somebody's"
    held = tuple(name for name in FIELDS if name in history.facts.held)
    if not held:
        return _Stated({}, None)
    opened = open_fields(lender, UseRequest(application.subject_id, actor, PURPOSE, held))
    return opened if isinstance(opened, Refusal) else _Stated(opened.values, opened.receipt)


def judged(
    lender: Lender, application: Application, stated: Mapping[str, str], *, on: date, exposure_minor: int
) -> Decision:
    """The decision by the grid, the price cap and the line of the day `on`; nothing is stored or entered.

    `stated` holds what the person said of their means, `exposure_minor` what this lender has lent them already.
    """
    grid = grid_of(lender)
    if grid.currency != application.currency:
        raise BadInput("the grid is of another currency", where="currency")
    price, line = cap_on(lender, on), line_cap(lender.policy.rules.on(on), currency=grid.currency)
    return core.decide(
        _facts(application, stated, exposure_minor),
        grid,
        price_cap_ppm=price.value if price else _NO_CAP,
        line_cap_minor=line.value if line else _NO_CAP,
    )


def grid_of(lender: Lender) -> Grid:
    """The rule grid of the lender's policy. Raises `CannotNow` when it contradicts itself."""
    try:
        return grids.parse(lender.policy.grid)
    except grids.GridError as error:
        raise CannotNow(error.message, where=f"policy/grid.toml {error.where}", code="policy") from None


def _facts(application: Application, stated: Mapping[str, str], exposure_minor: int) -> Facts:
    try:
        return Facts(
            income_minor=_amount(application, stated, "income"),
            obligations_minor=_amount(application, stated, "monthly_obligations"),
            requested_minor=application.amount_minor,
            instalments=application.instalments,
            exposure_minor=exposure_minor,
            employment_stated="employer" in stated,
        )
    except (FactsError, MoneyError) as error:
        raise BadInput("what was stated is no amount that can be counted", where=error.where) from None


def _amount(application: Application, stated: Mapping[str, str], name: str) -> int:
    return parse_amount(stated[name], application.currency, where=name) if name in stated else 0


def _exposure(lender: Lender, application: Application) -> int:
    """What this lender has lent the person already, or is bound to lend."""
    total = 0
    for loan in Loan.objects.filter(subject_id=application.subject_id, currency=application.currency):
        try:
            total += account_of(loan, as_of=lender.today()).principal
        except EventError:  # signed, to be paid out on a later day
            total += loan.principal_minor
    return total


def _entry(lender: Lender, decision: Decision) -> Record:
    return {
        "kind": "decided",
        "what": "credit",
        "outcome": decision.outcome.value,
        "policy": lender.policy.hash,
        "reasons": [reason.code.value for reason in decision.reasons],
    }


def _store(lender: Lender, application: Application, decision: Decision) -> Offer | Refusal | None:
    """The decision, and the offer if something is lent; refused when somebody decided meanwhile."""
    state = _STATES[decision.outcome]
    text, _ = frozen(documents.kept(decision))
    with transaction.atomic():
        waiting = Application.objects.filter(id=application.id, state=RECEIVED)
        if not waiting.update(
            state=state, decided_at=lender.clock.now(), decision=text, policy_hash=lender.policy.hash
        ):
            return Refusal(Reason.ALREADY_DONE, (), "application")
        return _offer(lender, application, decision) if state == APPROVED else None


def _offer(lender: Lender, application: Application, decision: Decision) -> Offer:
    return Offer.objects.create(
        id=lender.ids.new(),
        subject_id=application.subject_id,
        application_id=application.id,
        product=application.product,
        currency=application.currency,
        asked_minor=application.amount_minor,
        limit_minor=decision.limit_minor,
        annual_ppm=decision.annual_ppm,
        instalments=application.instalments,
        valid_until=lender.today() + timedelta(days=VALID_DAYS),
        made_at=lender.clock.now(),
    )
