"""May the holder of a case call the borrower right now, and if not, when?"""

from typing import Literal

from shouxin.core.rules.refusal import Refusal
from shouxin.core.rules.ruling import Ruling
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.outreach.cases import OpenCase, holder_of, pause_of, point_of
from shouxin.usecases.outreach.lateness import days_late
from shouxin.usecases.outreach.ruling import rule_on

PURPOSE = "collection"
Channel = Literal["call", "sms", "email", "in_app", "letter", "visit"]
POINTS = {"call": "phone", "sms": "phone", "email": "email", "letter": "address", "visit": "address"}
"""The field that each channel needs; a message in the app needs none."""
LATE_ELSEWHERE = 1
"""Days past due when the loan lives in another system: a case says that it is late."""


class MayCall(Request):
    """This case, this person who holds it, this channel."""

    case: Text
    actor: ActorName
    channel: Channel = "call"


def may_call(lender: Lender, request: MayCall) -> dict[str, object] | Refusal:
    """`{allow, rules, next_permitted}`. Who doesn't hold the case learns nothing about it.

    Refused as a use for collection would be: also when no live contract and no consent carries it (a case may be
    opened about a loan in another system, and then nothing here does).
    """
    case = holder_of(lender, request.case, request.actor, purpose=PURPOSE)
    if isinstance(case, Refusal):
        return case
    return ruling_in(lender, case, request.channel).to_doc()


def ruling_in(lender: Lender, case: OpenCase, channel: str) -> Ruling:
    """The ruling on contacting the borrower of a case now."""
    late = days_late(lender, case.subject)
    return rule_on(
        lender,
        subject=case.subject,
        case=case.name,
        channel=channel,
        point=point_of(case.history, POINTS.get(channel, channel)),
        dpd=LATE_ELSEWHERE if late is None else late,
        pause=pause_of(case.history, case.name),
    )
