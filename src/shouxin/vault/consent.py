"""Notices, consents and withdrawals: each given or taken back by itself, effective at once.

PIPL articles 13–17, 29. A withdrawal undoes nothing that came before; the next use that would
rest on the consent is refused.
"""

from shouxin.core.privacy import purpose as purposes
from shouxin.core.privacy.entry import Record
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import commit
from shouxin.vault.log.batch import Batch, Receipt
from shouxin.vault.record import person, receipt_of


def consent(vault: Interior, subject: str, purpose: str, *, notice: str, version: str) -> Receipt | Refusal:
    """The person consents to one purpose after one version of its notice, which is shown now.

    Two entries: `notice_shown` and `consented`; the receipt is the consent's.
    """
    needs = purposes.PURPOSES.get(purpose)
    if needs is None:
        return Refusal(Reason.UNKNOWN_PURPOSE, ("CN.PIPL.14",), "purpose")
    if purposes.CONSENT not in needs.bases:
        return Refusal(Reason.MALFORMED, ("CN.PIPL.13",), "purpose")

    def work(batch: Batch) -> object:
        live = person(batch, subject)
        if isinstance(live, Refusal):
            return live
        if live.kind not in needs.whose:
            return Refusal(Reason.MALFORMED, ("CN.PIPL.13",), "purpose")
        batch.add(live, {"kind": "notice_shown", "notice": notice, "version": version})
        body: Record = {"kind": "consented", "purpose": purpose}
        return batch.add(live, {**body, "notice": notice, "version": version})

    return receipt_of(commit(vault, [work])[0])


def withdraw(vault: Interior, subject: str, purpose: str) -> Receipt | Refusal:
    """The person takes a consent back. Without one there is nothing to withdraw: refused."""

    def work(batch: Batch) -> object:
        live = person(batch, subject)
        if isinstance(live, Refusal):
            return live
        given = live.facts.consents.get(purpose)
        if given is None:
            return Refusal(Reason.NO_BASIS, ("CN.PIPL.15",), "purpose")
        return batch.add(live, {"kind": "withdrawn", "purpose": purpose, "consent": given})

    return receipt_of(commit(vault, [work])[0])
