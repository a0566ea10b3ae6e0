"""How a datum goes: field by field, with the loan, or because a contact person refuses for good.

A field that goes takes its ciphertext, its blind index and the key that sealed it along: what stays is sealed anew
under a fresh data key. What a duty keeps is restricted: stored, and opened for that duty alone (PIPL article 47).
"""

from collections.abc import Callable, Sequence

from shouxin.core.privacy.entry import Record, Value
from shouxin.core.privacy.retention import Keeping
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.core.rules.retention import parse_retention
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import commit
from shouxin.vault.log.batch import Batch, LiveChain, Receipt
from shouxin.vault.record import person, receipt_of
from shouxin.vault.seal import NONCE_BYTES, place, seal, unseal

RULES = ("CN.PIPL.47", "CN.GBT45251.CONTACT", "CN.CBA2026.THIRD")
CONTACT_PERSON = "contact_person"
"""What a borrower's history calls a person whom they named; the naming's token says which one."""


def erase(
    vault: Interior, subject: str, fields: Sequence[str], *, rules: Sequence[str], kept: Sequence[Keeping] = ()
) -> Receipt | Refusal:
    """Entries `deleted` and, for each duty of `kept`, `restricted`; then what is kept has a new data key.

    `rules` say why it goes. Refused: a field that isn't held, and one that a duty of the catalogue keeps for somebody
    who has or had a contract, before its time has come.
    """

    def work(batch: Batch) -> object:
        live = person(batch, subject)
        if isinstance(live, Refusal):
            return live
        refusal = _may_go(batch, live, fields) or _may_be_kept(live, kept)
        if refusal:
            return refusal
        bodies: list[Record] = [_restricted(one) for one in kept]
        if fields:
            shred(batch, live, lambda row: row.field in fields)
            models.BlindIndex.objects.filter(chain_id=live.id, field__in=fields).delete()
            bodies.insert(0, _deleted(fields, rules))
        added = [batch.add(live, body) for body in bodies]
        return added[0] if added else Refusal(Reason.ALREADY_DONE, (), "fields")

    return receipt_of(commit(vault, [work])[0])


def end_naming(vault: Interior, naming: str, *, rules: Sequence[str]) -> Receipt | Refusal:
    """A contact person's data end, of this naming: with the last one, all that is held of them.

    One entry in each chain, in one batch; the receipt is the borrower's. Their entry is the same whatever the contact
    person did before: refused for good, or had everything erased.
    """

    def work(batch: Batch) -> object:
        row = models.Naming.objects.filter(token=naming).first()
        owner = person(batch, row.borrower_id) if row else None
        if row is None or owner is None or isinstance(owner, Refusal):
            return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "naming")
        contact = person(batch, row.contact_id)
        if not isinstance(contact, Refusal):
            _end_of_naming(batch, contact, naming, rules)
        models.Naming.objects.filter(token=naming).delete()
        return batch.add(owner, {**_deleted([CONTACT_PERSON], rules), "naming": naming})

    return receipt_of(commit(vault, [work])[0])


def _end_of_naming(batch: Batch, contact: LiveChain, naming: str, rules: Sequence[str]) -> None:
    batch.add(contact, {**_deleted(_held_by(contact), rules), "naming": naming})
    last = not contact.facts.held
    shred(batch, contact, lambda datum: last or datum.version == naming)
    if last and not contact.facts.opted_out:
        models.BlindIndex.objects.filter(chain_id=contact.id).delete()


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
        gone = batch.add(live, _deleted(_held_by(live), RULES))
        shred(batch, live, lambda _: True)
        return gone

    return receipt_of(commit(vault, [work])[0])


def shred(batch: Batch, live: LiveChain, goes: Callable[[models.Datum], bool]) -> None:
    """Remove the sealed values that go, and seal the others anew: the key that could open the old copies is gone.

    Nothing opened here leaves this function, and the entry that tells of it is of the same transaction.
    """
    vault = batch.vault
    old, fresh = live.epoch.unwrap(live.wrapped_data), vault.chance.token_bytes(32)
    batch.data[:] = [row for row in batch.data if row.chain_id != live.id or not goes(row)]
    stored = list(models.Datum.objects.filter(chain_id=live.id))
    models.Datum.objects.filter(id__in=[row.pk for row in stored if goes(row)]).delete()
    stays = [row for row in stored if not goes(row)]
    for row in [*stays, *(row for row in batch.data if row.chain_id == live.id)]:
        where, nonce = place(row.chain_id, row.field, row.version), vault.chance.token_bytes(NONCE_BYTES)
        row.sealed = seal(fresh, unseal(old, bytes(row.sealed), place=where), place=where, nonce=nonce)
    models.Datum.objects.bulk_update(stays, ["sealed"])
    live.wrapped_data = live.epoch.wrap(fresh)
    models.Chain.objects.filter(id=live.id).update(data_key=live.wrapped_data)


def duty_of(batch: Batch, live: LiveChain, name: str) -> str:
    """The rule by which the catalogue keeps this field, "" where none does or its time has come.

    The duty begins with the first contract: whoever only asked has no business relationship (CN.AML.34).
    """
    facts = live.facts
    field = batch.vault.catalogue.get(live.kind, name)
    if field is None or not (facts.contracts or facts.ended):
        return ""
    over = 0 < facts.until.get(name, 0) <= batch.ms
    return "" if over else parse_retention(field.retention).rule


def _may_go(batch: Batch, live: LiveChain, fields: Sequence[str]) -> Refusal | None:
    for name in fields:
        if name not in live.facts.held or name == CONTACT_PERSON:
            return Refusal(Reason.NOT_HELD, ("CN.PIPL.47",), name)
        rule = duty_of(batch, live, name)
        if rule:
            return Refusal(Reason.RESTRICTED, (rule,), name)
    return None


def _may_be_kept(live: LiveChain, kept: Sequence[Keeping]) -> Refusal | None:
    facts = live.facts
    for one in kept:
        for name in one.fields:
            if name not in facts.held:
                return Refusal(Reason.NOT_HELD, ("CN.PIPL.47",), name)
            if (facts.restricted.get(name), facts.until.get(name)) == (one.rule, one.until):
                return Refusal(Reason.ALREADY_DONE, (one.rule,), name)
    return None


def _held_by(live: LiveChain) -> list[str]:
    return sorted(live.facts.held)


def _deleted(fields: Sequence[str], rules: Sequence[str]) -> Record:
    names: list[Value] = [*fields]
    return {"kind": "deleted", "fields": names, "rules": [*rules]}


def _restricted(one: Keeping) -> Record:
    return {"kind": "restricted", "fields": [*one.fields], "rule": one.rule, "until": one.until}
