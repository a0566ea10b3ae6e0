"""The person's key once more, for somebody who never kept the file of their enrolment or has lost it.

The file that is issued again holds no `leaf_1`: what the lender hands over today can't vouch for what it handed over
at enrolment, and a verifier then says so itself (`that_this_is_your_first_key`).  Each issue is an entry, so that
nobody gets the key of a history without a trace in it.
"""

from shouxin.core.merkle.person_key import fingerprint
from shouxin.core.rules.refusal import Refusal
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import commit
from shouxin.vault.log.batch import Batch
from shouxin.vault.record import person


def issue_key(vault: Interior, subject: str) -> bytes | Refusal:
    """Enter `key_issued`, and only once that is durable give the file's bytes; the caller owes a step-up before."""

    def work(batch: Batch) -> bytes | Refusal:
        live = person(batch, subject)
        if isinstance(live, Refusal):
            return live
        batch.add(live, {"kind": "key_issued", "key": fingerprint(live.ledger_key)})
        return live.ledger.person_key(vault.signer.name).encode()

    return commit(vault, [work])[0]
