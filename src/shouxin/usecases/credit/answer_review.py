"""An underwriter reviews a decision that a machine made, and answers (PIPL article 24).

To look is a use of the stated figures, entered before they are shown. `decided_again` takes the offer back that
nobody signed and has the underwriter decide, by the figures and the table of today; who decided is in the history.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from shouxin.core.money import format_amount
from shouxin.core.privacy.rights import UNDERWRITER
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.credit.models import Application
from shouxin.records.loan.models import Loan, Offer
from shouxin.records.privacy.models import RightsRequest
from shouxin.usecases.credit.apply import RECEIVED
from shouxin.usecases.credit.ask_review import RIGHT
from shouxin.usecases.credit.decide import FIELDS, PURPOSE, Decide, Decided, decide
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.loan.opening import open_fields
from shouxin.usecases.privacy import requests
from shouxin.vault.use import UseRequest


class ReviewOf(Request):
    """What there is to review."""

    request: Text
    actor: ActorName


class AnswerReview(Request):
    """The answer."""

    request: Text
    actor: ActorName
    outcome: Literal["upheld", "decided_again"]


@dataclass(frozen=True)
class UnderReview:
    """One decision as the underwriter sees it: what was asked for, what the machine said, and the stated figures.

    `signed`: a loan was made of it, so that only the explanation can still change.
    """

    request: str
    amount: str
    currency: str
    instalments: int
    state: str
    decided_at: datetime | None
    decision: Mapping[str, object]
    values: Mapping[str, str] = field(repr=False)
    entry: int
    signed: bool


@dataclass(frozen=True)
class Reviewed:
    """The entry of the answer, and the new decision where there is one."""

    outcome: str
    entry: int
    decided: Decided | None = None


def review_of(lender: Lender, request: ReviewOf) -> UnderReview | Refusal:
    """Open the figures for this one purpose; refused like any use when the consent is gone."""
    found = _found(lender, request.request, request.actor)
    if isinstance(found, Refusal):
        return found
    row, application = found
    history = lender.vault.history(application.subject_id)
    assert history is not None, "whose request is open lives here"
    held = tuple(name for name in FIELDS if name in history.facts.held)
    values: Mapping[str, str] = {}
    entry = 0
    if held:
        opened = open_fields(lender, UseRequest(application.subject_id, request.actor, PURPOSE, held))
        if isinstance(opened, Refusal):
            return opened
        values, entry = opened.values, opened.receipt.entry
    return UnderReview(
        request=row.id,
        amount=format_amount(application.amount_minor, application.currency),
        currency=application.currency,
        instalments=application.instalments,
        state=application.state,
        decided_at=application.decided_at,
        decision=json.loads(application.decision or "{}"),
        values=values,
        entry=entry,
        signed=_signed(application),
    )


def answer_review(lender: Lender, request: AnswerReview) -> Reviewed | Refusal:
    """Enter the answer; with `decided_again` the new decision comes first, so that the answer tells of one that is."""
    found = _found(lender, request.request, request.actor)
    if isinstance(found, Refusal):
        return found
    row, application = found
    again = _decided_again(lender, application, request.actor) if request.outcome == "decided_again" else None
    if isinstance(again, Refusal):
        return again
    written = requests.answer(lender, row, request.outcome, actor=request.actor)
    return written if isinstance(written, Refusal) else Reviewed(request.outcome, written.entry, again)


def _found(lender: Lender, name: str, actor: str) -> tuple[RightsRequest, Application] | Refusal:
    row = requests.open_at(lender, name, UNDERWRITER, actor)
    if isinstance(row, Refusal):
        return row
    assert row.right == RIGHT, "an underwriter's desk answers nothing else"
    return row, Application.objects.get(id=row.about)


def _signed(application: Application) -> bool:
    offers = Offer.objects.filter(application_id=application.id).values_list("id", flat=True)
    return Loan.objects.filter(id__in=list(offers)).exists()


def _decided_again(lender: Lender, application: Application, actor: str) -> Decided | Refusal:
    if _signed(application):
        return Refusal(Reason.ALREADY_SIGNED, (), "application")
    _reopen(lender, application)
    return decide(lender, Decide(application=application.id, actor=actor))


def _reopen(lender: Lender, application: Application) -> None:
    """The old offer lapses; a crash before the new decision leaves an application that waits to be decided."""
    with transaction.atomic():
        yesterday = lender.today() - timedelta(days=1)
        Offer.objects.filter(application_id=application.id).update(valid_until=yesterday)
        Application.objects.filter(id=application.id).update(state=RECEIVED, decided_at=None, decision="")
