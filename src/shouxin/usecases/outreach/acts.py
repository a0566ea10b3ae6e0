"""What may be done in a case now, and what not, and why: asked of the real rules and the real gate, entered nowhere.

A contact is put to the rules of the day as if it were made now. What a role may see is put to the gate about a made-up
person for whom everything else stands, so the answer is the policies' own and tells nothing of anybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shouxin.core.outreach import question as core
from shouxin.core.outreach.local_day import moment_of
from shouxin.core.outreach.may_contact import may_contact
from shouxin.core.outreach.question import Question
from shouxin.core.privacy.actor import parse_actor
from shouxin.core.privacy.gate import RULES
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.ruling import BLOCK, Applied, Ruling
from shouxin.usecases.lender import Lender
from shouxin.usecases.outreach.ask_contact import ruling_on_contact
from shouxin.usecases.outreach.desk import CALL, EMAIL, OnDesk, open_hours
from shouxin.usecases.outreach.entrust import PURPOSE as ENTRUST
from shouxin.usecases.outreach.may_call import PURPOSE, ruling_in

REMIND, ATTEMPT, PROMISE, CONTACT = "remind", "attempt", "promise", "contact_person"
OTHERS, AFTER_HOURS, AGENCY, FIELDS = "others", "after_hours", "agency", "fields"


@dataclass(frozen=True)
class MayDo:
    """One act. `rules` were applied (or forbid); `about` are fields or channels that the words name.

    `next_permitted`: when it becomes possible by itself; None while it is possible now, or when time alone does
    nothing.
    """

    name: str
    allow: bool
    reason: Reason | None = None
    rules: tuple[Applied, ...] = ()
    next_permitted: datetime | None = None
    about: tuple[str, ...] = ()


def acts(lender: Lender, one: OnDesk, actor: str) -> tuple[MayDo, ...]:
    """All acts of the page: first those that a button stands for, then those that never have one here."""
    role = parse_actor(actor).role
    return tuple(
        act
        for act in (
            _call(lender, one, role),
            _remind(lender, one),
            MayDo(ATTEMPT, allow=True),
            _promise(lender, one),
            _contact_person(lender, one),
            _others(lender, one),
            _after_hours(lender, one),
            *_fields(lender, role),
            _agency(lender, role),
        )
        if act is not None
    )


def _call(lender: Lender, one: OnDesk, role: str) -> MayDo:
    if "phone" not in one.case.facts.held:
        return _refused(lender, CALL, Reason.NOT_HELD)
    seen = lender.vault.at_best(role, PURPOSE, "phone")
    return _ruled(CALL, one.standing.call, about=("phone",) if seen.permitted else ())


def _remind(lender: Lender, one: OnDesk) -> MayDo:
    if one.late is None:
        return _refused(lender, REMIND, Reason.NOT_OVERDUE)
    if one.standing.message is None:
        return _refused(lender, REMIND, Reason.NOT_HELD, about=(EMAIL,))
    return _ruled(REMIND, one.standing.message, about=(EMAIL,))


def _promise(lender: Lender, one: OnDesk) -> MayDo:
    return MayDo(PROMISE, allow=True) if one.late else _refused(lender, PROMISE, Reason.NOT_OVERDUE)


def _contact_person(lender: Lender, one: OnDesk) -> MayDo | None:
    """The most that any of the named may be asked; who they are isn't said. None when nobody was named."""
    found = [ruling for _, ruling in contact_rulings(lender, one)]
    return _ruled(CONTACT, min(found, key=_soonest)) if found else None


def contact_rulings(lender: Lender, one: OnDesk) -> list[tuple[str, Ruling]]:
    """Each contact person whom the borrower named and still names, and the ruling on asking them now."""
    rulings = []
    for contact in lender.vault.named_by(one.case.subject):
        theirs = lender.vault.history(contact)
        if theirs is not None and one.case.facts.namings & theirs.facts.namings:
            rulings.append((contact, ruling_on_contact(lender, one.case, theirs)))
    return sorted(rulings, key=lambda pair: _soonest(pair[1]))


def _soonest(ruling: Ruling) -> tuple[bool, bool, float]:
    moment = ruling.next_permitted
    return not ruling.allow, moment is None, moment.timestamp() if moment else 0.0


def _others(lender: Lender, one: OnDesk) -> MayDo:
    """Family, friends, an employer: whoever doesn't owe and wasn't named. Asked as of the hour at which a day opens,
    because the hour isn't what stands in the way.
    """
    opens, _ = open_hours(lender)
    asked = Question(
        case=one.case.name,
        person="somebody who doesn't owe",
        party="other",
        point="a number of theirs",
        channel=CALL,
        at=moment_of(lender.today(), opens, lender.settings.zone),
        zone=lender.settings.zone,
        dpd=one.standing.dpd,
        source="debtor_authorised",
    )
    return _ruled(OTHERS, may_contact(asked, core.History(), lender.policy.rules))


def _after_hours(lender: Lender, one: OnDesk) -> MayDo | None:
    """The same call at the hour at which the day closes; nothing to say while a call is refused anyway."""
    _, closes = open_hours(lender)
    late = moment_of(lender.today(), closes, lender.settings.zone)
    if not one.standing.call.allow or late <= lender.clock.now():
        return None
    return _ruled(AFTER_HOURS, ruling_in(lender.at(late), one.case, CALL))


def _fields(lender: Lender, role: str) -> Iterable[MayDo]:
    """The borrower's sealed fields that this role never sees while collecting, by the gate's own reason."""
    names: dict[str, list[str]] = {}
    for field in lender.policy.catalogue:
        if field.whose == "borrower" and field.home == "vault":
            cell = lender.vault.at_best(role, PURPOSE, field.name)
            if not cell.permitted:
                names.setdefault(cell.answer, []).append(field.name)
    return [_refused(lender, FIELDS, Reason(answer), about=tuple(about)) for answer, about in names.items()]


def _agency(lender: Lender, role: str) -> MayDo | None:
    cell = lender.vault.at_best(role, ENTRUST, "name")
    return None if cell.permitted else _refused(lender, AGENCY, Reason(cell.answer))


def _ruled(name: str, ruling: Ruling, *, about: tuple[str, ...] = ()) -> MayDo:
    rules = ruling.applied if ruling.allow else ruling.blocking
    moment = None if ruling.allow else ruling.next_permitted
    return MayDo(name, ruling.allow, ruling.reason, rules, moment, about)


def _refused(lender: Lender, name: str, reason: Reason, *, about: tuple[str, ...] = ()) -> MayDo:
    found = (lender.policy.rules.get(rule, lender.today()) for rule in RULES.get(reason, ()))
    rules = tuple(Applied(rule.id, rule.force, BLOCK, reason) for rule in found if rule)
    return MayDo(name, allow=False, reason=reason, rules=rules, about=about)
