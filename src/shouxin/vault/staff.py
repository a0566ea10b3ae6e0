"""Staff and parties have chains too: who was appointed or engaged, and until when.

The gate reads them at each use, so one `suspended` stops every case of an agency at once.
"""

from shouxin.core.privacy.actor import UNAPPOINTED, ActorError, parse_actor
from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.party import PartyError, Terms, parse_party
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import commit
from shouxin.vault.log.batch import Batch, Receipt
from shouxin.vault.record import receipt_of


def appoint(vault: Interior, name: str) -> Receipt | Refusal:
    """Appoint `role:id`; an agency's person only while the agency is engaged."""
    try:
        actor = parse_actor(name)
    except ActorError:
        return Refusal(Reason.MALFORMED, (), "actor")
    if actor.role in UNAPPOINTED:
        return Refusal(Reason.MALFORMED, (), "actor")

    def work(batch: Batch) -> object:
        if actor.role == "agent":
            party = batch.chain(actor.party)
            if party is None or not party.facts.engaged_at(batch.ms):
                return Refusal(Reason.PARTY_NOT_ENGAGED, ("CN.PIPL.21",), actor.party)
        live = batch.chain(name) or batch.create(name, "staff")
        if live.facts.appointed:
            return Refusal(Reason.ALREADY_DONE, (), "actor")
        body: Record = {"kind": "appointed", "role": actor.role}
        return batch.add(live, body | ({"party": actor.party} if actor.role == "agent" else {}))

    return receipt_of(commit(vault, [work])[0])


def dismiss(vault: Interior, name: str) -> Receipt | Refusal:
    """End an appointment, effective at the next use."""

    def work(batch: Batch) -> object:
        live = batch.chain(name)
        if live is None or live.kind != "staff" or not live.facts.appointed:
            return Refusal(Reason.NOT_APPOINTED, ("CN.PIPL.51",), "actor")
        return batch.add(live, {"kind": "dismissed", "appointment": live.facts.appointed})

    return receipt_of(commit(vault, [work])[0])


def engage(vault: Interior, name: str, *, until: int = 0, terms: Terms | None = None) -> Receipt | Refusal:
    """Engage a party (`kind:id`) until a moment in ms, or without an end (0).

    `terms` bound what it may receive; without them nothing but the policies does.
    """
    try:
        party = parse_party(name)
    except PartyError:
        return Refusal(Reason.MALFORMED, (), "party")

    def work(batch: Batch) -> object:
        if 0 < until <= batch.ms:
            return Refusal(Reason.EXPIRED, (), "until")
        live = batch.chain(party) or batch.create(party, "party")
        if live.facts.engaged:
            return Refusal(Reason.ALREADY_DONE, (), "party")
        body: Record = {"kind": "engaged", "party": party}
        return batch.add(live, body | ({"until": until} if until else {}) | _said(terms))

    return receipt_of(commit(vault, [work])[0])


def suspend(vault: Interior, name: str, *, why: str = "") -> Receipt | Refusal:
    """Suspend a party: every use by it or to it is refused from now on."""
    try:
        party = parse_party(name)
    except PartyError:
        return Refusal(Reason.MALFORMED, (), "party")

    def work(batch: Batch) -> object:
        live = batch.chain(party)
        if live is None or not live.facts.engaged:
            return Refusal(Reason.PARTY_NOT_ENGAGED, ("CN.PIPL.21",), party)
        body: Record = {"kind": "suspended", "engagement": live.facts.engaged}
        return batch.add(live, body | ({"why": why} if why else {}))

    return receipt_of(commit(vault, [work])[0])


def _said(terms: Terms | None) -> Record:
    if terms is None:
        return {}
    said: Record = {"purposes": [*terms.purposes], "fields": [*terms.fields]}
    return said | ({"agreement": terms.contract} if terms.contract else {})


def parties() -> tuple[str, ...]:
    """The names of all parties that have ever been engaged, in the order of their names; no name is a person's."""
    return tuple(models.Chain.objects.filter(kind="party").order_by("id").values_list("id", flat=True))
