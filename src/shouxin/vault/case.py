"""Cases and grants: who may work on whose overdue loan, from when until when, and who holds a case now."""

from collections.abc import Callable
from typing import TypeAlias

from shouxin.core.privacy.actor import UNAPPOINTED, Actor, parse_actor
from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.gate import Ask, basis_of, may_act
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import commit
from shouxin.vault.log.batch import Batch, LiveChain, Receipt
from shouxin.vault.record import person, receipt_of
from shouxin.vault.refused import enter_refusal, name_in

NO_SUCH_CASE = Refusal(Reason.NO_CASE, ("CN.PIPL.5_6",), "case")
NOT_HELD = Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "case")
"""What everybody hears who holds no grant of an open case, whether there is such a case or not."""


def open_case(vault: Interior, subject: str, *, rules: tuple[str, ...] = ()) -> tuple[str, Receipt] | Refusal:
    """Open a case in a borrower's chain; its name is random and tells nothing."""
    case = f"C-{vault.chance.token_bytes(6).hex()}"

    def work(batch: Batch) -> object:
        live = person(batch, subject)
        if isinstance(live, Refusal):
            return live
        if live.kind != "borrower":
            return Refusal(Reason.THIRD_PARTY, ("CN.GBT45251.TARGET",), "subject")
        models.Case.objects.create(id=case, chain_id=live.id)
        body: Record = {"kind": "case_opened", "case": case}
        return batch.add(live, body | ({"rules": list(rules)} if rules else {}))

    result = receipt_of(commit(vault, [work])[0])
    return result if isinstance(result, Refusal) else (case, result)


def close_case(vault: Interior, case: str, *, why: str = "cured") -> Receipt | Refusal:
    """Close a case; the grants that rest on it end with it."""

    def close(_: Batch, __: LiveChain, entry: int) -> Record | Refusal:
        return {"kind": "case_closed", "case": entry, "why": why}

    return _in_case(vault, case, close)


def grant(vault: Interior, case: str, to: str) -> Receipt | Refusal:
    """Grant an open case to an appointed actor (`role:id`) or an engaged party (`agency:id`)."""

    def give(batch: Batch, live: LiveChain, entry: int) -> Record | Refusal:
        refusal = _may_hold(batch, to)
        if refusal:
            return refusal
        name = _name_in(live, to)
        if live.facts.grant_entry(entry, name):
            return Refusal(Reason.ALREADY_DONE, (), "actor")
        return {"kind": "granted", "case": entry, "to": name}

    return _in_case(vault, case, give)


def recall(vault: Interior, case: str, to: str) -> Receipt | Refusal:
    """Take a grant back, effective at the next use."""

    def take(_: Batch, live: LiveChain, entry: int) -> Record | Refusal:
        given = live.facts.grant_entry(entry, _name_in(live, to))
        if not given:
            return Refusal(Reason.NO_GRANT, ("CN.PIPL.51",), "actor")
        return {"kind": "recalled", "grant": given}

    return _in_case(vault, case, take)


def holds(vault: Interior, case: str, actor: str, *, purpose: str) -> int | Refusal:
    """The entry of the live grant by which this actor (`role:id`) has this open case, or their agency has it.

    Refused by the gate's own reasons: the actor was never appointed or was dismissed, the agency isn't engaged, the
    case isn't theirs (closed, recalled, somebody else's and never opened are one answer). A refusal is an entry: in
    the asker's chain at once, in the borrower's later.
    """
    return _asked(vault, case, parse_actor(actor), purpose, based=False)


def may_work(vault: Interior, case: str, actor: str, *, purpose: str) -> int | Refusal:
    """As `holds`, and the history must carry the purpose: a live contract or a consent, as a use for it would need."""
    return _asked(vault, case, parse_actor(actor), purpose, based=True)


def _asked(vault: Interior, case: str, actor: Actor, purpose: str, *, based: bool) -> int | Refusal:
    def work(batch: Batch) -> int | Refusal:
        row = models.Case.objects.filter(id=case).first()
        live = batch.chain(row.chain_id) if row else None
        ask = Ask(actor=actor, pseudonym=name_in(live, actor), purpose=purpose, fields=(), case=case)
        grant = _grant_of(batch, ask, live)
        if not isinstance(grant, Refusal) and live is not None and based:
            basis = basis_of(ask, live.facts)
            grant = basis if isinstance(basis, Refusal) else grant
        if isinstance(grant, Refusal):
            enter_refusal(vault, batch, ask, live, grant)
        return grant

    return commit(vault, [work])[0]


def _grant_of(batch: Batch, ask: Ask, live: LiveChain | None) -> int | Refusal:
    own = None if ask.actor.role in UNAPPOINTED else batch.chain(str(ask.actor))
    party = batch.chain(ask.actor.party)
    refusal = may_act(ask.actor, own.facts if own else None, party.facts if party else None, at=batch.ms)
    if refusal:
        return refusal
    entry = live.facts.case_entry(ask.case or "") if live and not live.facts.closed else 0
    grant = live.facts.grant_entry(entry, ask.pseudonym, ask.actor.party) if live and entry else 0
    return grant or NOT_HELD


def subject_of(case: str) -> str | None:
    """The chain that a case was opened in, open or closed."""
    row = models.Case.objects.filter(id=case).first()
    return row.chain_id if row else None


Deciding: TypeAlias = Callable[[Batch, LiveChain, int], Record | Refusal]


def _in_case(vault: Interior, case: str, decide: Deciding) -> Receipt | Refusal:
    def work(batch: Batch) -> object:
        row = models.Case.objects.filter(id=case).first()
        live = batch.chain(row.chain_id) if row else None
        entry = live.facts.case_entry(case) if live else 0
        if live is None or not entry or live.facts.closed:
            return NO_SUCH_CASE
        body = decide(batch, live, entry)
        return body if isinstance(body, Refusal) else batch.add(live, body)

    return receipt_of(commit(vault, [work])[0])


def _is_party(to: str) -> bool:
    return to.startswith("agency:")


def _may_hold(batch: Batch, to: str) -> Refusal | None:
    if _is_party(to):
        return _party_stands(batch, to)
    chain = batch.chain(to)
    if chain is None or not chain.facts.appointed:
        return Refusal(Reason.NOT_APPOINTED, ("CN.PIPL.51",), "actor")
    actor = parse_actor(to)
    return _party_stands(batch, actor.party) if actor.role == "agent" else None


def _party_stands(batch: Batch, party: str) -> Refusal | None:
    chain = batch.chain(party)
    if chain is None or not chain.facts.engaged_at(batch.ms):
        return Refusal(Reason.PARTY_NOT_ENGAGED, ("CN.PIPL.21",), party)
    return None


def _name_in(live: LiveChain, to: str) -> str:
    """A party stands in clear (the person may know who receives); staff under a pseudonym."""
    return to if _is_party(to) else live.ledger.pseudonym(to)
