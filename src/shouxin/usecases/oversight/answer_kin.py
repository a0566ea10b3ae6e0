"""The answer to a close relative of somebody who died: a copy of the few things an estate has to do with, opened by
whoever answers; or everything goes, as far as no duty keeps it; or why neither (PIPL article 49).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shouxin.core.privacy.rights import COMPLIANCE
from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.loan.opening import open_fields
from shouxin.usecases.loan.own_loans import LoanShown, OwnLoans, own_loans
from shouxin.usecases.privacy import requests
from shouxin.usecases.privacy.erase import Erase, WhatGoes, erase, what_goes
from shouxin.usecases.privacy.lodge_kin import KIN, SHOWN, resume
from shouxin.vault.opening import UseRequest

KinOutcome = Literal["copy_given", "erased", "death_not_shown", "kinship_not_shown"]


class AnswerKin(Request):
    """The answer, when the papers were seen."""

    request: Text
    actor: ActorName
    outcome: KinOutcome


@dataclass(frozen=True)
class KinAnswered:
    """What was done. `outcome` is `erased_in_part` where a duty or a running contract keeps something.

    `values` and `loans` are for the relative's copy, when that is the answer.
    """

    outcome: str
    entry: int
    values: Mapping[str, str] = field(default_factory=dict, repr=False, metadata={"secret": True})
    loans: tuple[LoanShown, ...] = field(default=(), repr=False, metadata={"secret": True})


def answer_kin(lender: Lender, request: AnswerKin) -> KinAnswered | Refusal:
    """Enter the answer, and do what it says."""
    row = requests.open_at(lender, request.request, COMPLIANCE, request.actor)
    if isinstance(row, Refusal) or row.right != KIN:
        return row if isinstance(row, Refusal) else requests.NOT_YOURS
    subject, outcome = row.subject_id, str(request.outcome)
    values: Mapping[str, str] = {}
    if outcome == "copy_given":
        opened = _opened(lender, subject, request.actor)
        if isinstance(opened, Refusal):
            return opened
        values = opened
    elif outcome == "erased":
        fate = what_goes(lender, WhatGoes(subject=subject))
        outcome = "erased" if not isinstance(fate, Refusal) and fate.closes else "erased_in_part"
    else:
        resume(lender, subject)
    written = requests.answer(lender, row, outcome, actor=request.actor)
    if isinstance(written, Refusal):
        return written
    if outcome.startswith("erased"):
        erased = erase(lender, Erase(subject=subject))
        if isinstance(erased, Refusal):
            return erased
    loans = own_loans(lender, OwnLoans(subject=subject)) if outcome == "copy_given" else ()
    return KinAnswered(outcome, written.entry, values, loans)


def _opened(lender: Lender, subject: str, actor: str) -> Mapping[str, str] | Refusal:
    history = lender.vault.history(subject)
    assert history is not None, "whose request is open lives here"
    sealed = history.facts.held - frozenset(history.facts.restricted)
    homes = {field.name: field.home for field in lender.policy.catalogue if field.whose == history.kind}
    fields = tuple(name for name in SHOWN if homes[name] == "book" or name in sealed)
    opened = open_fields(lender, UseRequest(subject, actor, KIN, fields))
    return opened if isinstance(opened, Refusal) else opened.values
