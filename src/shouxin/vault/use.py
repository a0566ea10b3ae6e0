"""The one verb that opens data: `use(request) -> Opened | Refusal`.

In order: decide on the vault's own facts; write the entry (a refusal is one too); wait until the
batch is durable; only then unwrap the data key and open. No permit, receipt or key is ever an
input, and nothing that was opened outlives the call. A crash or a bug can leave an entry without
a use, never a use without an entry.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TypeAlias

from shouxin.core.privacy.actor import UNAPPOINTED, Actor, ActorError, parse_actor
from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.privacy.form import masked
from shouxin.core.privacy.gate import Ask, Permit, Situation, decide
from shouxin.core.privacy.party import PartyError, parse_party
from shouxin.core.rules.refusal import Refusal
from shouxin.vault import models
from shouxin.vault.epoch import Epoch
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import Work, commit
from shouxin.vault.log.batch import Added, Batch, LiveChain, Receipt
from shouxin.vault.refused import enter_refusal, name_in
from shouxin.vault.rows import read
from shouxin.vault.seal import SealError, place, unseal

LARGE = 1000
"""From so many requests on a batch is a large one."""
Sealed: TypeAlias = dict[str, dict[str, tuple[str, bytes]]]
"""By chain and field: the newest version and its sealed value."""


class RequestError(ValueError):
    """A request that names no possible actor, party or case; `where` is the key."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


@dataclass(frozen=True, slots=True)
class UseRequest:
    """Who (`role:id`) wants which fields of whom, for what; the case and the receiving party."""

    subject: str
    actor: str
    purpose: str
    fields: tuple[str, ...]
    case: str | None = None
    recipient: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The values, in the form the role may see. A field whose home is the book has no value
    here: the caller computes it from the loan's events, now that the entry stands.
    """

    values: dict[str, str] = field(repr=False)
    forms: dict[str, str]
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal and the receipt of the entry that tells of it."""

    refusal: Refusal
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The entry stands, but this field doesn't open: its ciphertext or key was changed."""

    field: str
    receipt: Receipt


def use_many(vault: Interior, requests: Sequence[UseRequest]) -> list[Opened | Refused | Unreadable]:
    """All entries of the batch or none; then each item opens or fails by itself.

    Raises `RequestError` before anything is written when an actor, party or field name can't be
    one; `InsideTransactionError` when the book's transaction is open.
    """
    with _no_collecting() if len(requests) >= LARGE else nullcontext():
        works = [_deciding(vault, request, *_parsed(request)) for request in requests]
        decided = commit(vault, works, chains=[request.subject for request in requests])
        sealed = _sealed([one.added.chain_id for one in decided if isinstance(one.outcome, Permit)])
        keys: dict[bytes, bytes] = {}
        return [_released(one, sealed, keys) for one in decided]


@contextmanager
def _no_collecting() -> Iterator[None]:
    """What a large batch makes by the ten thousand ends with the call, and no cycle is among it: looking for cycles all
    the while would take a fifth of its time. Small ones don't do this: many at once would keep it off for good.
    """
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Decided:
    """What the batch leaves for the step after the sync."""

    outcome: Permit | Refusal
    added: Added
    epoch: Epoch | None = None
    wrapped_data: bytes = field(default=b"", repr=False)


def _parsed(request: UseRequest) -> tuple[Actor, str | None]:
    try:
        actor = parse_actor(request.actor)
        recipient = parse_party(request.recipient) if request.recipient else None
    except ActorError as error:
        raise RequestError("actor", str(error)) from None
    except PartyError as error:
        raise RequestError("recipient", str(error)) from None
    return actor, recipient


def _deciding(vault: Interior, request: UseRequest, actor: Actor, recipient: str | None) -> Work[_Decided]:
    def work(batch: Batch) -> _Decided:
        subject = _person(batch, request.subject)
        ask = Ask(
            actor=actor,
            pseudonym=name_in(subject, actor),
            purpose=request.purpose,
            fields=request.fields,
            case=request.case,
            recipient=recipient,
        )
        outcome = decide(
            ask,
            _situation(batch, ask, subject),
            catalogue=vault.catalogue,
            policies=vault.policies,
        )
        if isinstance(outcome, Permit):
            assert subject is not None
            added = batch.add(subject, {**outcome.body, "policy": vault.policy_hash})
            return _Decided(outcome, added, subject.epoch, subject.wrapped_data)
        return _Decided(outcome, enter_refusal(vault, batch, ask, subject, outcome))

    return work


def _person(batch: Batch, subject: str) -> LiveChain | None:
    """The chain, if it is a living person's: a member of staff or a party has no data to use, and what was closed is as
    what never was.
    """
    live = batch.chain(subject)
    return live if live is not None and live.kind in SUBJECT_KINDS and not live.facts.closed else None


def _situation(batch: Batch, ask: Ask, subject: LiveChain | None) -> Situation:
    staff = None if ask.actor.role in UNAPPOINTED else batch.chain(str(ask.actor))
    party = batch.chain(ask.actor.party)
    recipient = batch.chain(ask.recipient) if ask.recipient else None
    naming = _naming(batch, ask, subject)
    return Situation(
        at=batch.ms,
        subject=subject.facts if subject else None,
        actor=staff.facts if staff else None,
        party=party.facts if party else None,
        recipient=recipient.facts if recipient else None,
        naming=naming.facts if naming else None,
        naming_pseudonym=name_in(naming, ask.actor) if naming else "",
    )


def _naming(batch: Batch, ask: Ask, subject: LiveChain | None) -> LiveChain | None:
    """The borrower through whom a contact person is asked about.

    With a case, the borrower of that case; else the first who is out of reach, else any.
    """
    if subject is None or subject.kind != "contact_person":
        return None
    rows = models.Naming.objects.filter(contact_id=subject.id).order_by("token")
    borrowers = [live for row in rows if (live := batch.chain(row.borrower_id))]
    if ask.case is not None:
        borrowers = [live for live in borrowers if live.facts.case_entry(ask.case)]
    out_of_reach = [live for live in borrowers if live.facts.unreachable]
    return next(iter(out_of_reach or borrowers), None)


def _released(decided: _Decided, sealed: Sealed, keys: dict[bytes, bytes]) -> Opened | Refused | Unreadable:
    """What the caller gets, now that every entry of the batch is durable. `keys` are those unwrapped for it so far."""
    receipt = decided.added.receipt
    if isinstance(decided.outcome, Refusal):
        return Refused(decided.outcome, receipt)
    rows, values = sealed[receipt.subject], {}
    assert decided.epoch is not None, "whoever may open has a chain"
    data_key = keys.get(decided.wrapped_data)
    if data_key is None:
        data_key = keys[decided.wrapped_data] = decided.epoch.unwrap(decided.wrapped_data)
    for name, form in decided.outcome.forms.items():
        if form == "token":
            values[name] = f"{name}-{receipt.leaf_hash.hex()[:12]}"
        elif name in rows:
            try:
                values[name] = _shown(data_key, rows[name], chain=receipt.subject, field=name, form=form)
            except SealError:
                return Unreadable(name, receipt)
    return Opened(values, decided.outcome.forms, receipt)


def _sealed(chains: Iterable[str]) -> Sealed:
    """What is stored of these chains."""
    found: Sealed = {chain: {} for chain in chains}
    columns = ("chain_id", "field", "version", "sealed")
    for chain, name, version, sealed in read(models.Datum, columns, "chain_id", list(found)):
        if version >= found[chain].get(name, ("", b""))[0]:
            found[chain][name] = version, bytes(sealed)
    return found


def _shown(data_key: bytes, sealed: tuple[str, bytes], *, chain: str, field: str, form: str) -> str:
    version, value = sealed
    text = unseal(data_key, value, place=place(chain, field, version)).decode()
    return text if form == "plain" else masked(field, text)
