"""A decision explained to the person it is about, with their own figures (PIPL art. 24, CN.CREDIT.14).

What is kept of a decision holds no value of the person's. So the figures are opened anew for them, as their own
request: an entry in their history comes first, as for any use. Then the same steps decide again, and only when they
give what was kept are the figures shown beside it; after a correction, or under another policy, they may not.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shouxin.core.credit.decision import Decision
from shouxin.core.credit.grid import Grid
from shouxin.core.credit.offer import instalment
from shouxin.core.loan.event import EventError
from shouxin.core.money import format_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.policy.product import percent
from shouxin.records.credit.models import Application
from shouxin.records.loan.models import Loan, Offer
from shouxin.records.loan.reading import account_of
from shouxin.usecases.credit import documents
from shouxin.usecases.credit.apply import RECEIVED
from shouxin.usecases.credit.decide import FIELDS, grid_of, judged
from shouxin.usecases.credit.own_applications import MadeOffer, made_offer
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan.opening import open_fields
from shouxin.vault.use import UseRequest

FIGURES = ("income", "monthly_obligations")
"""What a decision counts; of the employer it only knows whether one was stated, and the history says that."""


class DecisionOf(Request):
    """The decision on this application, as seen by this person."""

    subject: Text
    application: Text


@dataclass(frozen=True)
class Row:
    """One row of the open grid; `yours` is the row that decided."""

    band: str
    burden_to: str
    employment_stated: bool
    limit: str
    annual: str
    yours: bool


@dataclass(frozen=True)
class Loading:
    """One amount, its instalment, and by how much that goes beyond what the month carries (`0.00`: it fits)."""

    amount: str
    instalment: str
    over: str


@dataclass(frozen=True)
class Figures:
    """The arithmetic of a decision with the person's own values, and the entry of their looking.

    `shown` is the document that `decide` gave (`month`, `reasons`, `would_change`, …); `loadings` the amount that was
    asked for and the one that is lent; `unverified_off` and `most_share` the two shares that the month was counted by.
    """

    income: str
    obligations: str
    employment_stated: bool
    unverified_off: str
    most_share: str
    shown: Mapping[str, Any]
    loadings: tuple[Loading, ...]
    entry: int


@dataclass(frozen=True)
class OwnDecision:
    """What was decided, by which version of which rules; `figures` is None where they can't be shown again."""

    application: str
    outcome: str
    currency: str
    asked: str
    instalments: int
    applied_at: datetime
    decided_at: datetime
    limit: str
    annual: str
    reasons: tuple[str, ...]
    would_change: tuple[str, ...]
    grid: tuple[Row, ...]
    grid_version: str
    policy: str
    policy_now: bool
    offer: MadeOffer | None
    figures: Figures | None


def decision_of(lender: Lender, request: DecisionOf) -> OwnDecision | Refusal:
    """The decision, or `not_yours` for somebody else's, a missing one and one that isn't decided yet."""
    row = Application.objects.filter(id=request.application, subject_id=request.subject).first()
    if row is None or row.state == RECEIVED or row.decided_at is None:
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "application")
    kept = json.loads(row.decision)
    offer = Offer.objects.filter(application_id=row.id, subject_id=request.subject).first()
    loan = Loan.objects.filter(id=offer.id).first() if offer else None
    grid = grid_of(lender)
    return OwnDecision(
        application=row.id,
        outcome=kept["outcome"],
        currency=row.currency,
        asked=format_amount(row.amount_minor, row.currency),
        instalments=row.instalments,
        applied_at=row.applied_at,
        decided_at=row.decided_at,
        limit=format_amount(kept["limit_minor"], row.currency),
        annual=percent(kept["annual_ppm"]),
        reasons=tuple(kept["reasons"]),
        would_change=tuple(kept["would_change"]),
        grid=_rows(grid, kept["band"]) if kept["grid_version"] == grid.version else (),
        grid_version=kept["grid_version"],
        policy=row.policy_hash,
        policy_now=row.policy_hash == lender.policy.hash,
        offer=made_offer(lender, offer, loan) if offer else None,
        figures=_figures(lender, row, kept, grid),
    )


def _rows(grid: Grid, yours: str) -> tuple[Row, ...]:
    return tuple(
        Row(
            band=band.code,
            burden_to=percent(band.burden_to_ppm),
            employment_stated=band.employment_stated,
            limit=format_amount(band.limit_minor, grid.currency),
            annual=percent(band.annual_ppm),
            yours=band.code == yours,
        )
        for band in grid.bands
    )


def _figures(lender: Lender, row: Application, kept: Mapping[str, Any], grid: Grid) -> Figures | None:
    """Open the person's own values for them and decide again; None when that gives something else than was kept."""
    history = lender.vault.history(row.subject_id)
    assert history is not None, "an application is somebody's"
    held = tuple(name for name in FIGURES if name in history.facts.held)
    if not held or kept["grid_version"] != grid.version:
        return None
    opened = open_fields(lender, UseRequest(row.subject_id, "borrower:self", "own_request", held))
    if isinstance(opened, Refusal):
        return None
    stated = dict.fromkeys(history.facts.held.intersection(FIELDS) - set(FIGURES), "") | opened.values
    on = _decided_on(lender, row)
    decision = judged(lender, row, stated, on=on, exposure_minor=_exposure_then(row, on))
    if documents.kept(decision) != kept:
        return None
    nothing = format_amount(0, row.currency)
    return Figures(
        income=opened.values.get("income", nothing),
        obligations=opened.values.get("monthly_obligations", nothing),
        employment_stated="employer" in stated,
        unverified_off=percent(grid.unverified_off_ppm),
        most_share=percent(grid.most_share_ppm),
        shown=documents.shown(decision, row.currency),
        loadings=_loadings(row, decision, grid),
        entry=opened.receipt.entry,
    )


def _decided_on(lender: Lender, row: Application) -> date:
    assert row.decided_at is not None
    return row.decided_at.astimezone(lender.settings.zone).date()


def _exposure_then(row: Application, on: date) -> int:
    """What this lender had lent, or was bound to lend, when the application was decided on."""
    total = 0
    own = Offer.objects.filter(application_id=row.id).values("id")
    loans = Loan.objects.filter(subject_id=row.subject_id, currency=row.currency, opened_on__lte=on)
    for loan in loans.exclude(id__in=own):
        try:
            total += account_of(loan, as_of=on).principal
        except EventError:  # signed then, and paid out on a later day
            total += loan.principal_minor
    return total


def _loadings(row: Application, decision: Decision, grid: Grid) -> tuple[Loading, ...]:
    """The amounts that the month was tried with: what is lent, and what was asked for where that is more."""
    band = next((band for band in grid.bands if band.code == decision.band), None)
    if band is None:
        return ()
    amounts = sorted({amount for amount in (decision.limit_minor, row.amount_minor) if amount})
    return tuple(_loading(row, decision, band.annual_ppm, amount) for amount in amounts)


def _loading(row: Application, decision: Decision, annual_ppm: int, amount_minor: int) -> Loading:
    needed = instalment(
        currency=row.currency, principal_minor=amount_minor, annual_ppm=annual_ppm, instalments=row.instalments
    )
    over = max(0, needed - decision.month.room_minor)
    return Loading(*(format_amount(each, row.currency) for each in (amount_minor, needed, over)))
