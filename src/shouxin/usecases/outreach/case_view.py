"""One case for the collector who holds it: opened by one use, and what may be done now, and why not the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shouxin.core.outreach.caps import Tally
from shouxin.core.outreach.next_step import Step
from shouxin.core.outreach.question import REACHED
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.core.rules.ruling import REQUIRE, Applied
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.outreach.acts import MayDo, acts
from shouxin.usecases.outreach.case_history import Past, past_of
from shouxin.usecases.outreach.cases import holder_of
from shouxin.usecases.outreach.desk import PAUSE, PROMISE, OnDesk, look_at, open_hours, receipt_name
from shouxin.usecases.outreach.may_call import PURPOSE
from shouxin.usecases.outreach.worklist import Done, GivenWord, given_word
from shouxin.usecases.privacy.use import Use, Used, use

OPENED = ("name", "arrears", "days_past_due", "balance", "next_due", "contact_history")
"""What the page shows of the person, and therefore all that it asks for: never a number, an address, an income.

A promise and a pause are asked for besides, where there is one to show.
"""


class CaseView(Request):
    """This case, for this actor."""

    case: Text
    actor: ActorName


@dataclass(frozen=True)
class CaseSeen:
    """The page. `opened` holds the fields in the form that the role sees, `receipt` the entry by its random name."""

    case: str
    opened: Mapping[str, object] = field(repr=False)
    receipt: str
    currency: str
    tallies: tuple[Tally, ...]
    tries: tuple[Done, ...]
    may: tuple[MayDo, ...]
    may_not: tuple[MayDo, ...]
    duties: tuple[Applied, ...]
    step: Step
    promise: GivenWord | None
    past: tuple[Past, ...]
    opens: str
    closes: str


@dataclass(frozen=True)
class CasePaused:
    """The case is theirs and rests: nothing was opened, and that they looked is an entry."""

    case: str
    refusal: Refusal


def case_view(lender: Lender, request: CaseView) -> CaseSeen | CasePaused | Refusal:
    """Open the case. What another holds, what is closed and what never was are one refusal, and each is entered."""
    case = holder_of(lender, request.case, request.actor, purpose=PURPOSE)
    if isinstance(case, Refusal):
        return case
    one, past = look_at(lender, case), past_of(lender, case, request.actor)
    fields = _fields(one, past)
    asked = Use(subject=case.subject, actor=request.actor, purpose=PURPOSE, fields=fields, case=case.name)
    used = use(lender, asked)
    if isinstance(used, Refusal):
        return CasePaused(case.name, used) if used.reason is Reason.PAUSED else used
    return _seen(lender, one, past, request.actor, used)


def _fields(one: OnDesk, past: tuple[Past, ...]) -> tuple[str, ...]:
    """What the page will show, from the one reading that it is then made of: no more and no less is entered."""
    told = {line.kind for line in past}
    names = [name for name in OPENED if name != "name" or name in one.case.facts.held]
    if PROMISE in told or (one.late and one.late.promise):
        names.append(PROMISE)
    if told & {"paused", "resumed"}:
        names.append(PAUSE)
    return tuple(names)


def _seen(lender: Lender, one: OnDesk, past: tuple[Past, ...], actor: str, used: Used) -> CaseSeen:
    found = acts(lender, one, actor)
    opens, closes = open_hours(lender)
    return CaseSeen(
        case=one.case.name,
        opened=used.opened,
        receipt=receipt_name(used.receipt.leaf_hash),
        currency=one.late.loan.currency if one.late else lender.policy.house.currency,
        tallies=one.tallies,
        tries=tuple(_try(tried.at, tried.channel, tried.outcome or "") for tried in one.tries_today),
        may=tuple(act for act in found if act.allow),
        may_not=tuple(act for act in found if not act.allow),
        duties=tuple(rule for rule in one.standing.call.applied if rule.effect == REQUIRE),
        step=one.step,
        promise=given_word(one.late.promise, one.late.loan.currency) if one.late else None,
        past=past,
        opens=f"{opens:%H:%M}",
        closes=f"{closes:%H:%M}",
    )


def _try(at: datetime, channel: str, outcome: str) -> Done:
    return Done(at, channel, outcome, outcome in REACHED)
