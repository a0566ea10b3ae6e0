"""Opens the borrower's own number for a call that is made now: a use of its own, and only while a call is permitted."""

from dataclasses import dataclass, field

from shouxin.core.rules.refusal import Refusal
from shouxin.core.rules.ruling import REQUIRE, Applied
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.outreach.cases import holder_of
from shouxin.usecases.outreach.desk import CALL, receipt_name
from shouxin.usecases.outreach.may_call import PURPOSE, ruling_in
from shouxin.usecases.outreach.ruling import refusal_of
from shouxin.usecases.privacy.use import Use, use


class OpenNumber(Request):
    """In this case, for this holder of it who calls now."""

    case: Text
    actor: ActorName


@dataclass(frozen=True)
class NumberOpened:
    """The number in the form that the role sees (an agency's person: a token), the call's duties, the receipt."""

    case: str
    phone: str = field(repr=False)
    duties: tuple[Applied, ...] = ()
    receipt: str = ""


def open_number(lender: Lender, request: OpenNumber) -> NumberOpened | Refusal:
    """The rules of contact first: where they say no, nothing is opened and the refusal is an entry."""
    case = holder_of(lender, request.case, request.actor, purpose=PURPOSE)
    if isinstance(case, Refusal):
        return case
    ruling = ruling_in(lender, case, CALL)
    if not ruling.allow:
        refusal = refusal_of(ruling, CALL)
        lender.vault.refuse(case.subject, refusal, actor=request.actor, purpose=PURPOSE)
        return refusal
    asked = Use(subject=case.subject, actor=request.actor, purpose=PURPOSE, fields=("phone",), case=case.name)
    used = use(lender, asked)
    if isinstance(used, Refusal):
        return used
    duties = tuple(rule for rule in ruling.applied if rule.effect == REQUIRE)
    return NumberOpened(case.name, str(used.opened["phone"]), duties, receipt_name(used.receipt.leaf_hash))
