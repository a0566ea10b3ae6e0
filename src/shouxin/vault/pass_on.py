"""A value that somebody typed goes to a party, such as a number to which a code is sent: nothing of the vault is
opened, but whoever has that value here reads in their own history that it went.

Whoever typed it must not learn whether it is known here, from this or from the log that is public: each call writes
one leaf at once, into a history that concerns it, else into the platform's own, and what else it concerns in a later
batch, as a refusal does.
"""

from collections.abc import Sequence

from shouxin.core.privacy.actor import UNPROVED
from shouxin.core.privacy.entry import Record, Value
from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.privacy.gate import RULES, CedarQuestion, handed_to, may_receive
from shouxin.core.privacy.party import PLATFORM
from shouxin.core.privacy.purpose import OWN_REQUEST
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.vault import models
from shouxin.vault.enrol import normal
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import commit, defer
from shouxin.vault.log.batch import Batch, LiveChain
from shouxin.vault.seal import blind

PROGRAM = "system:codes"


def pass_on(vault: Interior, field: str, value: str, *, recipient: str, typed_by: str = "") -> Refusal | None:
    """Enter that this typed value goes to that party; None when it may go. `typed_by` is who proved who they are.

    Refused when the party isn't engaged, or its contract or the policies don't have it; whose value it is makes no
    difference.
    """
    digest = blind(vault.index_key, field, normal(field, value))

    def work(batch: Batch) -> Refusal | None:
        party = batch.chain(recipient)
        facts = party.facts if party else None
        handed = handed_to(recipient, facts)
        refusal = may_receive(recipient, facts, purpose=OWN_REQUEST, fields=(field,), at=batch.ms)
        refusal = refusal or _policies_say_no(vault, field, recipient)
        if refusal:
            batch.add(_platform(batch), _refused(refusal, field, recipient))
            return refusal
        chains = _concerned(batch, field, digest, typed_by)
        _enter(vault, batch, chains, [_disclosed(vault, live, field, typed_by) | handed for live in chains])
        return None

    return commit(vault, [work])[0]


def _policies_say_no(vault: Interior, field: str, recipient: str) -> Refusal | None:
    """They are asked as if a borrower had typed it, whoever did."""
    known = vault.catalogue.get("borrower", field)
    assert known is not None, "what is typed is a field of ours"
    question = CedarQuestion(
        role="borrower",
        actor=f"borrower:{UNPROVED}",
        party=PLATFORM,
        purpose=OWN_REQUEST,
        whose="borrower",
        field=field,
        classification=known.classification,
        form="plain",
        basis=OWN_REQUEST,
        has_case=False,
        has_grant=False,
        evidence="",
        recipient=recipient,
    )
    no = Refusal(Reason.ROLE_MAY_NOT, RULES[Reason.ROLE_MAY_NOT], field)
    return None if vault.policies.permits(question) else no


def _concerned(batch: Batch, field: str, digest: bytes, typed_by: str) -> list[LiveChain]:
    """The living histories: of who typed it, of the borrowers who have it, of a contact person only when none has."""
    rows = models.BlindIndex.objects.filter(field=field, digest=digest).order_by("whose", "chain_id")
    found = {whose: [row.chain_id for row in rows if row.whose == whose] for whose in SUBJECT_KINDS}
    names = dict.fromkeys([*filter(None, [typed_by]), *(found["borrower"] or found["contact_person"])])
    chains = [live for name in names if (live := batch.chain(name)) is not None]
    return [live for live in chains if not live.facts.closed]


def _enter(vault: Interior, batch: Batch, chains: Sequence[LiveChain], bodies: Sequence[Record]) -> None:
    if not chains:
        batch.add(_platform(batch), {"kind": "requested", "right": "code"})
        return
    batch.add(chains[0], bodies[0])
    for live, body in zip(chains[1:], bodies[1:], strict=True):
        defer(vault, live.id, live.ledger_key, body).save()


def _platform(batch: Batch) -> LiveChain:
    own = batch.chain(PLATFORM)
    assert own is not None, "the platform's own chain stands since the vault was made"
    return own


def _refused(refusal: Refusal, field: str, recipient: str) -> Record:
    return {
        "kind": "refused",
        "reason": refusal.reason.value,
        "rules": [*refusal.rules],
        "actor": PROGRAM,
        "purpose": OWN_REQUEST,
        "fields": [field],
        "recipient": recipient,
    }


def _disclosed(vault: Interior, live: LiveChain, field: str, typed_by: str) -> Record:
    known = vault.catalogue.get(live.kind, field)
    rules: list[Value] = [*known.rules] if known else []
    role = "borrower" if live.kind == "borrower" else "contact"
    return {
        "kind": "disclosed",
        "purpose": OWN_REQUEST,
        "actor": f"{role}:{'self' if live.id == typed_by else UNPROVED}",
        "fields": [field],
        "forms": ["plain"],
        "basis": [OWN_REQUEST],
        "rules": rules,
        "policy": vault.policy_hash,
    }
