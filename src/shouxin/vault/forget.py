"""A contact person refuses for good: their data go at once, and the number is known only so as to leave it alone."""

from shouxin.core.privacy.entry import Value
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import commit
from shouxin.vault.log.batch import Batch, Receipt
from shouxin.vault.record import person, receipt_of

RULES = ("CN.PIPL.47", "CN.GBT45251.CONTACT", "CN.CBA2026.THIRD")


def refuse_for_good(vault: Interior, contact: str) -> Receipt | Refusal:
    """Entries `requested` (`no_contact`) and `deleted`; every sealed value goes, and the key that sealed them.

    What stays is the keyed digest of the number: the stop list, by which a later naming is refused. Refused when it
    was done before, or when this isn't a contact person.
    """

    def work(batch: Batch) -> object:
        live = person(batch, contact)
        if isinstance(live, Refusal) or live.kind != "contact_person":
            return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
        if live.facts.opted_out and not live.facts.held:
            return Refusal(Reason.ALREADY_DONE, (), "subject")
        if not live.facts.opted_out:
            asked = batch.add(live, {"kind": "requested", "right": "no_contact"})
            if not live.facts.held:
                return asked
        fields: list[Value] = [*sorted(live.facts.held)]
        models.Datum.objects.filter(chain_id=live.id).delete()
        fresh = vault.epoch.wrap(vault.chance.token_bytes(32))
        models.Chain.objects.filter(id=live.id).update(data_key=fresh)
        return batch.add(live, {"kind": "deleted", "fields": fields, "rules": [*RULES]})

    return receipt_of(commit(vault, [work])[0])
