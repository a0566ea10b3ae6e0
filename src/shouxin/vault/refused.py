"""Who was refused, and where that is entered: in the asker's chain, in the owner's, or in the one at once and in the
other later, so that the asker can't tell whether somebody of that name lives here.
"""

from shouxin.core.privacy.actor import OWN_ROLES, UNAPPOINTED, Actor
from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.privacy.gate import Ask
from shouxin.core.privacy.party import PLATFORM
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import defer
from shouxin.vault.log.batch import Added, Batch, LiveChain

ASKERS_FIRST = frozenset(
    {
        Reason.MALFORMED,
        Reason.UNKNOWN_FIELD,
        Reason.UNKNOWN_PURPOSE,
        Reason.PURPOSE_WITHOUT_POLICY,
        Reason.UNKNOWN_ACTOR,
        Reason.NOT_APPOINTED,
        Reason.PARTY_NOT_ENGAGED,
        Reason.NOT_YOURS,
    }
)
"""Refusals that must not tell whether the person exists: one entry in the asker's chain at once,
the owner's, if there is one, in a later batch."""


def enter_refusal(vault: Interior, batch: Batch, ask: Ask, subject: LiveChain | None, refusal: Refusal) -> Added:
    """The entry of which the asker gets the receipt; `subject` is the owner's chain, if there is one."""
    if refusal.reason not in ASKERS_FIRST:
        assert subject is not None
        return batch.add(subject, _refused(vault, ask, refusal, actor=ask.pseudonym))
    asker = None if ask.actor.role in UNAPPOINTED else batch.chain(str(ask.actor))
    if ask.actor.role in OWN_ROLES and subject is not None:
        return batch.add(subject, _refused(vault, ask, refusal, actor=ask.pseudonym))
    if subject is not None:
        body = _refused(vault, ask, refusal, actor=ask.pseudonym)
        defer(vault, subject.id, subject.ledger_key, body | {"asked": batch.ms}).save()
    own = asker or batch.chain(PLATFORM)
    assert own is not None, "the platform's own chain stands since the vault was made"
    return batch.add(own, _refused(vault, ask, refusal, actor=str(ask.actor)))


def name_in(live: LiveChain | None, actor: Actor) -> str:
    """The person themself and the platform's programs stand in clear; staff under a pseudonym."""
    if live is None or actor.role in UNAPPOINTED:
        return str(actor)
    return live.ledger.pseudonym(str(actor))


def _refused(vault: Interior, ask: Ask, refusal: Refusal, *, actor: str) -> Record:
    """The record of a refusal. Words that aren't ours (an unknown field or purpose) stay out."""
    body: Record = {
        "kind": "refused",
        "reason": refusal.reason.value,
        "rules": list(refusal.rules),
        "actor": actor,
    }
    known = [name for name in ask.fields if any(vault.catalogue.get(whose, name) for whose in SUBJECT_KINDS)]
    if known:
        body["fields"] = list(known)
    if ask.purpose in PURPOSES:
        body["purpose"] = ask.purpose
    return body
