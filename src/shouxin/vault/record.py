"""Entries that are not uses: contracts, attempts, pauses, decisions, requests and the like."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from shouxin.core.privacy.entry import FIRST_KINDS, USE_KINDS, Record
from shouxin.core.privacy.facts import Facts
from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import commit
from shouxin.vault.log.batch import Added, Batch, LiveChain, Receipt

OWN_DOORS = (
    USE_KINDS
    | FIRST_KINDS
    | frozenset(
        "key_issued key_rotated consented withdrawn stored corrected deleted case_opened "
        "case_closed granted recalled refused dismissed suspended closed".split()
    )
)
"""Kinds that have a door of their own, which checks what they need."""

Deciding: TypeAlias = Callable[[Facts], Record | Refusal]
DecidingAll: TypeAlias = Callable[[Facts], Sequence[Record] | Refusal]


def record(vault: Interior, subject: str, decide: Deciding, *, actor: str | None = None) -> Receipt | Refusal:
    """Write one entry into a person's chain, decided on the chain's own facts.

    `decide` gets the facts as they stand inside the batch and returns the body of an entry
    (`{"kind": …}`, a kind without a door of its own) or a refusal. With `actor` the body's
    `actor` is set to that actor's pseudonym in this history.
    """

    def one(facts: Facts) -> list[Record] | Refusal:
        body = decide(facts)
        return body if isinstance(body, Refusal) else [body]

    return record_all(vault, subject, one, actor=actor)


def record_all(vault: Interior, subject: str, decide: DecidingAll, *, actor: str | None = None) -> Receipt | Refusal:
    """As `record`, for an act and what follows from it: all of these entries or none. Gives the first one's receipt.

    The first gets the number `facts.n + 1` and so on, so that the others can cite it; it alone names the actor.
    """

    def work(batch: Batch) -> object:
        live = person(batch, subject)
        if isinstance(live, Refusal):
            return live
        bodies = decide(live.facts)
        if isinstance(bodies, Refusal):
            return bodies
        assert bodies, "an act has an entry"
        for body in bodies:
            assert body["kind"] not in OWN_DOORS, "this kind has a door of its own"
            assert not {"v", "time"} & body.keys(), "the time of an entry is the log's"
        first = batch.add(live, _signed(live, bodies[0], actor))
        for body in bodies[1:]:
            batch.add(live, body)
        return first

    return receipt_of(commit(vault, [work])[0])


def refuse(vault: Interior, subject: str, refusal: Refusal, *, actor: str, purpose: str) -> Receipt | Refusal:
    """Enter that an actor asked about this person and was refused by a rule outside the gate."""

    def work(batch: Batch) -> object:
        live = person(batch, subject)
        if isinstance(live, Refusal):
            return live
        body: Record = {"kind": "refused", "reason": refusal.reason.value, "rules": list(refusal.rules)}
        return batch.add(live, _signed(live, body | {"purpose": purpose}, actor))

    return receipt_of(commit(vault, [work])[0])


def person(batch: Batch, subject: str) -> LiveChain | Refusal:
    """A living person's chain, or the answer that a missing one gets too."""
    live = batch.chain(subject)
    if live is None or live.kind not in SUBJECT_KINDS or live.facts.closed:
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
    return live


def receipt_of(result: object) -> Receipt | Refusal:
    """What a door gives back of an act: the durable entry's receipt, or the refusal."""
    if isinstance(result, Added):
        return result.receipt
    assert isinstance(result, Refusal)
    return result


def _signed(live: LiveChain, body: Record, actor: str | None) -> Record:
    if actor is None:
        return body
    named = actor if actor.split(":")[0] in ("system", "borrower", "contact") else None
    return {**body, "actor": named or live.ledger.pseudonym(actor)}
