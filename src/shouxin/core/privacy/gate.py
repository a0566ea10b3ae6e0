"""The gate: may this actor use these fields of this person for this purpose, now?

`decide` answers from facts that the vault's own chains hold. In order: is the question one of
ours; may the actor act at all; is the person theirs; may the role see the fields; is there a
basis; do case and grant stand; does the receiver's contract cover it. The first lack is the
reason. "Not yours" and "doesn't exist" are the same answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shouxin.core.privacy import purpose as purposes
from shouxin.core.privacy.actor import OWN_ROLES, UNAPPOINTED, Actor
from shouxin.core.privacy.entry import Record, Value
from shouxin.core.privacy.facts import Facts
from shouxin.core.privacy.field import SUBJECT_KINDS, Catalogue, Field
from shouxin.core.privacy.purpose import PURPOSES, Purpose
from shouxin.core.rules.refusal import Reason, Refusal, named

LEFT_IN_PEACE = ("pause",)
"""All that may be opened for collection while a pause holds: that it holds, and until when."""
CASE_ROLES = frozenset({"collector", "agent"})
"""Roles to whom a person belongs only by a live grant; to other staff by their role."""

RULES: dict[Reason, tuple[str, ...]] = {
    Reason.UNKNOWN_FIELD: ("CN.PIPL.5_6", "CN.APP.NECESSARY"),
    Reason.UNKNOWN_PURPOSE: ("CN.PIPL.5_6",),
    Reason.PURPOSE_WITHOUT_POLICY: ("CN.PIPL.5_6",),
    Reason.UNKNOWN_ACTOR: ("CN.PIPL.51",),
    Reason.NOT_APPOINTED: ("CN.PIPL.51",),
    Reason.PARTY_NOT_ENGAGED: ("CN.PIPL.21",),
    Reason.NOT_YOURS: ("CN.PIPL.51",),
    Reason.OPTED_OUT: ("CN.GBT45251.CONTACT", "CN.CBA2026.THIRD"),
    Reason.NOT_OUT_OF_REACH: ("CN.GBT45251.CONTACT", "CN.CBA2026.THIRD"),
    Reason.THIRD_PARTY: ("CN.GBT45251.TARGET", "CN.CBA2026.THIRD"),
    Reason.ROLE_MAY_NOT: ("CN.PIPL.5_6", "CN.PIPL.51"),
    Reason.FIELD_NOT_FOR_PURPOSE: ("CN.PIPL.5_6",),
    Reason.NO_BASIS: ("CN.PIPL.13",),
    Reason.CONSENT_WITHDRAWN: ("CN.PIPL.15",),
    Reason.CONTRACT_ENDED: ("CN.PIPL.13", "CN.PIPL.19"),
    Reason.NO_CASE: ("CN.PIPL.5_6",),
    Reason.NO_GRANT: ("CN.PIPL.51",),
    Reason.RESTRICTED: ("CN.PIPL.47",),
    Reason.DELETED: ("CN.PIPL.47",),
    Reason.NOT_HELD: ("CN.PIPL.5_6",),
    Reason.PAUSED: ("HOUSE.PAUSE",),
    Reason.BEYOND_CONTRACT: ("CN.PIPL.21",),
}
"""What the gate cites for each of its reasons (ids of the packs and of the house policy)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to the gate. `case` is a case's name; `recipient` a party that receives."""

    actor: Actor
    pseudonym: str
    purpose: str
    fields: tuple[str, ...]
    case: str | None = None
    recipient: str | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What the vault's chains say when the question is asked (`at` in ms).

    `subject` is None when nobody of that name lives here; `naming` are the facts of the borrower
    who named a contact person.
    """

    at: int
    subject: Facts | None
    actor: Facts | None = None
    party: Facts | None = None
    recipient: Facts | None = None
    naming: Facts | None = None
    naming_pseudonym: str = ""


@dataclass(frozen=True, slots=True)
class CedarQuestion:
    """What a Cedar policy decides about one field."""

    role: str
    actor: str
    party: str
    purpose: str
    whose: str
    field: str
    classification: str
    form: str
    basis: str
    has_case: bool
    has_grant: bool
    evidence: str
    recipient: str


class Policies(Protocol):
    """The Cedar policies in force. They may only narrow the table of purposes."""

    def covers(self, purpose: str) -> bool:
        """Is there any policy for this purpose?"""

    def permits(self, question: CedarQuestion) -> bool:
        """Do the policies permit this field to this role now?"""


@dataclass(frozen=True, slots=True)
class Permit:
    """The record of the use (without `v`, `time` and `policy`), and the form of each field."""

    body: Record
    forms: dict[str, str]


def decide(ask: Ask, situation: Situation, *, catalogue: Catalogue, policies: Policies) -> Permit | Refusal:
    """Permit the use or refuse it with the first reason that holds."""
    refusal = _known(ask, catalogue, policies) or _standing(ask, situation)
    if refusal:
        return refusal
    facts = situation.subject
    assert facts is not None
    needs = PURPOSES[ask.purpose]
    refusal = _right_person(ask, situation, facts, needs)
    if refusal:
        return refusal
    fields = _fields(ask, facts, needs, catalogue)
    if isinstance(fields, Refusal):
        return fields
    basis = basis_of(ask, facts)
    if isinstance(basis, Refusal):
        return basis
    case = _case_entry(ask, facts)
    grant = facts.grant_entry(case, ask.pseudonym, ask.actor.party)
    refusal = _case_stands(ask, facts, needs, at=situation.at, case=case, grant=grant)
    if refusal:
        return refusal
    for field in fields:
        if not policies.permits(_question(ask, needs, field, basis=str(basis[0]))):
            return _refuse(Reason.ROLE_MAY_NOT, field.name)
    refusal = _covered(ask, situation)
    return refusal or _permit(ask, situation, needs, fields, basis=basis, case=case, grant=grant)


def _refuse(reason: Reason, where: str = "") -> Refusal:
    return Refusal(reason, RULES.get(reason, ()), where)


def _known(ask: Ask, catalogue: Catalogue, policies: Policies) -> Refusal | None:
    if ask.purpose not in PURPOSES:
        return _refuse(Reason.UNKNOWN_PURPOSE, "purpose")
    if not policies.covers(ask.purpose):
        return _refuse(Reason.PURPOSE_WITHOUT_POLICY, ask.purpose)
    for name in ask.fields:
        if not any(catalogue.get(whose, name) for whose in SUBJECT_KINDS):
            return _refuse(Reason.UNKNOWN_FIELD, named(name, "fields"))
    if not ask.fields or len(set(ask.fields)) < len(ask.fields):
        return _refuse(Reason.MALFORMED, "fields")
    return None


def may_act(actor: Actor, staff: Facts | None, party: Facts | None, *, at: int) -> Refusal | None:
    """May the actor act at all at that moment (ms)? Appointed, and an agency's person only while it is engaged.

    `staff` are the facts of the actor's own chain, `party` those of the agency's; None where there is no chain.
    """
    if actor.role not in UNAPPOINTED:
        if staff is None:
            return _refuse(Reason.UNKNOWN_ACTOR, "actor")
        if not staff.appointed:
            return _refuse(Reason.NOT_APPOINTED, "actor")
    if actor.role == "agent" and not _engaged(party, at):
        return _refuse(Reason.PARTY_NOT_ENGAGED, actor.party)
    return None


def _standing(ask: Ask, situation: Situation) -> Refusal | None:
    """May the actor act at all, and is this person theirs?"""
    refusal = may_act(ask.actor, situation.actor, situation.party, at=situation.at)
    if refusal:
        return refusal
    if situation.subject is None or not _theirs(ask, situation):
        return _refuse(Reason.NOT_YOURS, "subject")
    return _refuse(Reason.CLOSED, "subject") if situation.subject.closed else None


def _engaged(party: Facts | None, at: int) -> bool:
    return party is not None and party.engaged_at(at)


def _theirs(ask: Ask, situation: Situation) -> bool:
    subject = situation.subject
    assert subject is not None
    role = ask.actor.role
    if role in OWN_ROLES:
        return ask.actor.id == "self" and (role == "borrower") == (subject.kind == "borrower")
    if role not in CASE_ROLES:
        return subject.kind in SUBJECT_KINDS
    named = situation.naming if subject.kind == "contact_person" else subject
    pseudonym = situation.naming_pseudonym if named is situation.naming else ask.pseudonym
    names = (pseudonym, ask.actor.party)
    return named is not None and any(to in names for _, to in named.grants.values())


def may_receive(name: str, party: Facts | None, *, purpose: str, fields: Sequence[str], at: int) -> Refusal | None:
    """May this party receive these fields for this purpose at that moment (ms)? Engaged, and by its own contract."""
    return _refuse(Reason.PARTY_NOT_ENGAGED, name) if not _engaged(party, at) else _beyond(party, purpose, fields)


def _covered(ask: Ask, situation: Situation) -> Refusal | None:
    """Do the contracts cover it: that of who receives it, and that of the agency whose person looks at it?"""
    parties = [situation.recipient] if ask.recipient is not None else []
    parties += [situation.party] if ask.actor.role == "agent" else []
    found = (_beyond(party, ask.purpose, ask.fields) for party in parties)
    return next(filter(None, found), None)


def _beyond(party: Facts | None, purpose: str, fields: Sequence[str]) -> Refusal | None:
    beyond = party.beyond(purpose, fields) if party else ""
    return _refuse(Reason.BEYOND_CONTRACT, beyond) if beyond else None


def _right_person(ask: Ask, situation: Situation, facts: Facts, needs: Purpose) -> Refusal | None:
    if ask.recipient is not None and not _engaged(situation.recipient, situation.at):
        return _refuse(Reason.PARTY_NOT_ENGAGED, ask.recipient)
    if needs.needs_recipient and ask.recipient is None:
        return _refuse(Reason.MALFORMED, "recipient")
    if facts.kind not in needs.whose:
        other = facts.kind == "contact_person"
        return _refuse(Reason.THIRD_PARTY if other else Reason.FIELD_NOT_FOR_PURPOSE, "purpose")
    if needs.evidence == "unreachable":
        if facts.opted_out:
            return _refuse(Reason.OPTED_OUT, "subject")
        if not (situation.naming and situation.naming.unreachable):
            return _refuse(Reason.NOT_OUT_OF_REACH, "subject")
    return None


def _fields(ask: Ask, facts: Facts, needs: Purpose, catalogue: Catalogue) -> tuple[Field, ...] | Refusal:
    found = []
    for name in ask.fields:
        field = catalogue.get(facts.kind, name)
        if field is None or needs.name not in field.purposes:
            return _refuse(Reason.FIELD_NOT_FOR_PURPOSE, name)
        if not _form(ask, field):
            return _refuse(Reason.ROLE_MAY_NOT, name)
        if name in facts.deleted:
            return _refuse(Reason.DELETED, name)
        if name in facts.restricted and not purposes.serves_restricted(needs.name, facts.restricted[name]):
            return Refusal(Reason.RESTRICTED, (facts.restricted[name],), name)
        if field.home == "vault" and name not in facts.held:
            return _refuse(Reason.NOT_HELD, name)
        found.append(field)
    return tuple(found)


def _form(ask: Ask, field: Field) -> str:
    """The form of the field for who will see it: an agency's people, when it goes to an agency.

    Empty when the asker's role, or the receiver's, sees nothing of it.
    """
    to_agency = (ask.recipient or "").startswith("agency:")
    own = field.shown.get(ask.actor.role, "")
    return field.shown.get("agent", "") if own and to_agency else own


def basis_of(ask: Ask, facts: Facts) -> list[Value] | Refusal:
    """The first basis of the table that holds for the purpose; otherwise what became of it."""
    needs = PURPOSES[ask.purpose]
    for kind in needs.bases:
        if kind == purposes.OWN_REQUEST and ask.actor.role in OWN_ROLES:
            return [kind]
        if kind == purposes.DUTY:
            return [kind, needs.duties[0]]
        if kind == purposes.CONTRACT and facts.contracts:
            return [kind, max(facts.contracts)]
        if kind == purposes.CONSENT and needs.name in facts.consents:
            return [kind, facts.consents[needs.name]]
    if purposes.CONTRACT in needs.bases and facts.ended:
        return _refuse(Reason.CONTRACT_ENDED, ask.purpose)
    if purposes.CONSENT in needs.bases and needs.name in facts.once_consented:
        return _refuse(Reason.CONSENT_WITHDRAWN, ask.purpose)
    return _refuse(Reason.NO_BASIS, ask.purpose)


def _case_entry(ask: Ask, facts: Facts) -> int:
    """The named open case; the only open one when none is named."""
    if ask.case is not None:
        return facts.case_entry(ask.case)
    return next(iter(facts.cases)) if len(facts.cases) == 1 else 0


def _question(ask: Ask, needs: Purpose, field: Field, *, basis: str) -> CedarQuestion:
    """Asked last, when the table's case, grant and evidence stand already."""
    return CedarQuestion(
        role=ask.actor.role,
        actor=str(ask.actor),
        party=ask.actor.party,
        purpose=ask.purpose,
        whose=field.whose,
        field=field.name,
        classification=field.classification,
        form=_form(ask, field),
        basis=basis,
        has_case=needs.needs_case,
        has_grant=needs.needs_grant,
        evidence=needs.evidence,
        recipient=ask.recipient or "",
    )


def _case_stands(ask: Ask, facts: Facts, needs: Purpose, *, at: int, case: int, grant: int) -> Refusal | None:
    if needs.needs_case and not case:
        return _refuse(Reason.NO_CASE, "case")
    if needs.needs_grant and not grant:
        return _refuse(Reason.NO_GRANT, "case")
    if needs.name == "collection" and facts.paused_at(at) and ask.fields != LEFT_IN_PEACE:
        return _refuse(Reason.PAUSED, ask.purpose)
    return None


def handed_to(name: str, party: Facts | None) -> Record:
    """What an entry says of the party that receives: its name, and until when its contract runs as of now."""
    said: Record = {"recipient": name}
    if party and party.engaged_until:
        said["until"] = party.engaged_until
    return said


def _permit(
    ask: Ask,
    situation: Situation,
    needs: Purpose,
    fields: tuple[Field, ...],
    *,
    basis: list[Value],
    case: int,
    grant: int,
) -> Permit:
    forms = {field.name: _form(ask, field) for field in fields}
    rules = sorted({rule for field in fields for rule in field.rules})
    body: Record = {
        "kind": "disclosed" if ask.recipient else "used",
        "purpose": ask.purpose,
        "actor": ask.pseudonym,
        "fields": list(forms),
        "forms": list(forms.values()),
        "basis": basis,
        "rules": list(rules),
    }
    if ask.recipient:
        body |= handed_to(ask.recipient, situation.recipient)
    if ask.actor.role == "agent":
        body["party"] = ask.actor.party
    if needs.needs_case:
        body["case"] = case
    if needs.needs_grant:
        body["grant"] = grant
    return Permit(body, forms)
