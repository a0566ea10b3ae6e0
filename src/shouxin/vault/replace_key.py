"""A ledger key that was stolen or lost is replaced: from the next entry on the history is written under a new one.

`key_rotated` is the last entry under the old key and commits to the new one. Whoever has the old key knows the labels
up to there and nothing of what follows; and since everything stored is sealed anew, the old key with a copy of the
database taken afterwards reads nothing at all. What was copied before is out of reach.
"""

from shouxin.core.merkle.person_key import fingerprint
from shouxin.core.rules.refusal import Refusal
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.ledger import Ledger
from shouxin.vault.log.append import commit
from shouxin.vault.log.batch import Batch, LiveChain
from shouxin.vault.record import person
from shouxin.vault.seal import NONCE_BYTES, place, seal, unseal

AT_ONCE = 200


def replace_key(vault: Interior, subject: str) -> bytes | Refusal:
    """Enter `key_rotated`, and once that is durable give the new file's bytes; the caller owes a step-up before.

    The file holds all keys, since each labels its part, and no `leaf_1`: see `issue`.
    """

    def work(batch: Batch) -> bytes | Refusal:
        live = person(batch, subject)
        if isinstance(live, Refusal):
            return live
        fresh = vault.chance.token_bytes(32)
        batch.add(live, {"kind": "key_rotated", "to": fingerprint(fresh)})
        _take_over(batch, live, live.ledger.then(live.facts.n + 1, fresh))
        return live.ledger.person_key(vault.signer.name).encode()

    return commit(vault, [work])[0]


def _take_over(batch: Batch, live: LiveChain, ledger: Ledger) -> None:
    """Seal under the new key what the old one sealed, and store the new one."""
    old, live.ledger = live.ledger, ledger
    for added in batch.added:
        if added.chain_id == live.id:
            added.sealed = _anew(batch, old, live, added.sealed, str(added.j))
    _reseal_stored(batch, old, live)
    live.wrapped_ledger = live.epoch.wrap(ledger.in_force)
    earlier = ledger.earlier(live.id, nonce=batch.vault.chance.token_bytes(NONCE_BYTES))
    models.Chain.objects.filter(id=live.id).update(ledger_key=live.wrapped_ledger, earlier_keys=earlier)


def _reseal_stored(batch: Batch, old: Ledger, live: LiveChain) -> None:
    openings = list(models.Opening.objects.filter(chain_id=live.id))
    for opening in openings:
        opening.sealed = _anew(batch, old, live, bytes(opening.sealed), str(opening.j))
    models.Opening.objects.bulk_update(openings, ["sealed"], batch_size=AT_ONCE)
    waiting = list(models.Deferred.objects.filter(chain_id=live.id))
    for row in waiting:
        row.sealed = _anew(batch, old, live, bytes(row.sealed), "deferred")
    models.Deferred.objects.bulk_update(waiting, ["sealed"], batch_size=AT_ONCE)


def _anew(batch: Batch, old: Ledger, live: LiveChain, sealed: bytes, name: str) -> bytes:
    where = place(live.id, name)
    value = unseal(old.seal_key, sealed, place=where)
    return seal(live.seal_key, value, place=where, nonce=batch.vault.chance.token_bytes(NONCE_BYTES))
