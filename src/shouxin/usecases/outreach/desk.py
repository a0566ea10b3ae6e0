"""What a desk knows of its cases before anything is opened: how late, what was tried, what the rules say now.

The platform reads its own records here, as it does for any ruling; nothing of it is shown until the vault has entered
that somebody looked (`worklist`, `case_view`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from shouxin.core.loan.promise import Promised, promised
from shouxin.core.outreach import question as core
from shouxin.core.outreach.caps import Tally, tallies
from shouxin.core.outreach.local_day import day_of
from shouxin.core.outreach.next_step import Standing, Step, next_step
from shouxin.core.outreach.question import FAILED, REACHED
from shouxin.core.outreach.windows import hours
from shouxin.core.privacy.actor import parse_actor
from shouxin.core.rules.refusal import Refusal
from shouxin.core.rules.ruling import Ruling
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import account_of, begun, events_of, terms_of
from shouxin.records.outreach.models import Grant
from shouxin.usecases.lender import Lender
from shouxin.usecases.outreach.cases import OpenCase, open_case_named, point_of
from shouxin.usecases.outreach.delivering import rule_on_mail
from shouxin.usecases.outreach.letters import subject_of
from shouxin.usecases.outreach.may_call import LATE_ELSEWHERE, POINTS, ruling_in
from shouxin.usecases.outreach.ruling import DEBTOR, on_record, question, rules_of

PROMISE, PAUSE = "promise", "pause"
"""The fields that are named where a promise is shown, and where it is shown that somebody is left in peace."""
CALL, EMAIL = "call", "email"
MESSAGES = ("sms", EMAIL, "in_app", "letter")


@dataclass(frozen=True)
class Late:
    """The loan here that is longest overdue, and the promise about it."""

    loan: Loan
    dpd: int
    promise: Promised | None


@dataclass(frozen=True)
class OnDesk:
    """One case as the desk sees it before it looks, and what is next in it.

    `late` None: the loan lives elsewhere, or nothing is late.
    """

    case: OpenCase
    standing: Standing
    step: Step
    tallies: tuple[Tally, ...]
    tries_today: tuple[core.Attempt, ...]
    late: Late | None


def granted_cases(actor: str) -> list[str]:
    """The names of the open cases that were given to this actor, or to their agency, and not taken back."""
    names = (actor, parse_actor(actor).party)
    held = Grant.objects.filter(actor__in=names, recalled_at=None, case__closed_at=None)
    return sorted(set(held.values_list("case_id", flat=True)))


def on_desk(lender: Lender, actor: str) -> list[OnDesk]:
    """Every case of the actor that is open now, in no order."""
    found = (open_case_named(lender, name) for name in granted_cases(actor))
    return [look_at(lender, case) for case in found if not isinstance(case, Refusal)]


def look_at(lender: Lender, case: OpenCase) -> OnDesk:
    """How one case stands now."""
    late = late_loan(lender, case.subject)
    made = [one for one in on_record(case.subject, case.subject) if one.party == DEBTOR]
    standing = _standing(lender, case, late, made)
    today = tuple(one for one in made if _day(lender, one) == standing.today)
    step = next_step(standing, lender.policy.steps)
    return OnDesk(case, standing, step, counted(lender, case), today, late)


def _standing(lender: Lender, case: OpenCase, late: Late | None, made: Sequence[core.Attempt]) -> Standing:
    """How the case stands, `made` being what was ever tried with the borrower."""
    here = [one for one in made if one.case == case.name]
    today = lender.today()
    return Standing(
        case=case.name,
        dpd=late.dpd if late else LATE_ELSEWHERE,
        paused=is_paused(lender, case),
        call=ruling_in(lender, case, CALL),
        message=message_ruling(lender, case, late),
        today=today,
        zone=lender.settings.zone,
        opens=open_hours(lender)[0],
        promise=late.promise.word if late and late.promise else None,
        tried=bool(here),
        reached=any(one.outcome in REACHED for one in here),
        unanswered=sum(_day(lender, one) == today and one.channel == CALL and one.outcome in FAILED for one in made),
        written_on=max((_day(lender, one) for one in made if one.channel in MESSAGES), default=None),
        spoken_on=max((_day(lender, one) for one in made if one.outcome in REACHED), default=None),
    )


def _day(lender: Lender, attempt: core.Attempt) -> date:
    return day_of(attempt.at, lender.settings.zone)


def late_loan(lender: Lender, subject: str) -> Late | None:
    """The loan of this person that is longest overdue; None when none here is."""
    found = None
    for loan in Loan.objects.filter(subject_id=subject).order_by("opened_on", "id"):
        events = events_of(loan, terms_of(loan))
        dpd = account_of(loan, as_of=lender.today()).behind.dpd if begun(loan, events) else 0
        if dpd > (found.dpd if found else 0):
            found = Late(loan, dpd, promised(events, as_of=lender.today()))
    return found


def message_ruling(lender: Lender, case: OpenCase, late: Late | None) -> Ruling | None:
    """The ruling on an e-mail now; None when there is no address, no loan here, or nothing to say."""
    if late is None or EMAIL not in case.facts.held or subject_of(lender, late.loan, "en") is None:
        return None
    return rule_on_mail(lender, case.history, late.loan.id, late.dpd)


def counted(lender: Lender, case: OpenCase) -> tuple[Tally, ...]:
    """How far the caps of calls and messages are used up today."""
    found: dict[str, Tally] = {}
    for channel in (CALL, EMAIL):
        asked = question(
            lender,
            case=case.name,
            person=case.subject,
            channel=channel,
            point=point_of(case.history, POINTS[channel]),
            dpd=LATE_ELSEWHERE,
        )
        made = core.History(on_record(case.subject, case.subject))
        found |= {one.check: one for one in tallies(asked, made, rules_of(lender, lender.today()))}
    return tuple(found.values())


def open_hours(lender: Lender, channel: str = CALL) -> tuple[time, time]:
    """When the rules of the day let somebody be reached at all; the whole day when none speaks."""
    return hours(rules_of(lender, lender.today()), channel) or (time.min, time.max)


def is_paused(lender: Lender, case: OpenCase) -> bool:
    """Does an agreed pause hold now?"""
    return case.facts.paused_at(int(lender.clock.now().timestamp() * 1000))


def receipt_name(leaf_hash: bytes) -> str:
    """A receipt as staff sees it: random, because a running number would tell how often others have looked."""
    return f"U-{leaf_hash.hex()[:8].upper()}"
