"""Reading a history, and proving it: what the person gets and an outsider verifies.

Reading one's own history writes no entry. The bundle is made in one exclusive transaction, after
the entries that were deferred for this person have been written.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from shouxin.core.merkle import bundle as bundles
from shouxin.core.merkle import canonical
from shouxin.core.merkle.chain import KEY_SIZE, SALT_SIZE, Epoch
from shouxin.core.merkle.person_key import PersonKey
from shouxin.core.merkle.statement import CONTEXT, Held, Statement
from shouxin.core.merkle.tree import leaf_hash
from shouxin.core.merkle.trust import LogKey, Trust
from shouxin.core.privacy import facts as folding
from shouxin.core.privacy.entry import MAX_INT, Record
from shouxin.core.privacy.facts import Facts
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.log import append
from shouxin.vault.log.batch import ChainDamagedError, snapshot
from shouxin.vault.log.tiles import Tiles
from shouxin.vault.seal import SealError, opening_key, place, unseal
from shouxin.vault.whose import contact_chain
from shouxin.verify import NotVerified, Verified, verify

MAX_AGE_SECONDS = 7 * 86_400
AT_ONCE = 8
"""Entries that are opened at a time when only the newest are wanted."""
FRESH_MS = 600_000
"""A checkpoint older than this gets a successor before a bundle is made of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Entry number `j`, its time (ms) and its record."""

    j: int
    time: int
    record: Record


@dataclass(frozen=True, slots=True)
class History:
    """All entries of one chain, in order, and the facts they fold to."""

    subject: str
    kind: str
    entries: tuple[Entry, ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class _Sealed:
    """One opening as stored, opened: where its leaf and its batch stand, salt and record."""

    index: int
    batch_first: int
    epoch_index: int
    salt: bytes
    record: bytes


def read(vault: Interior, chain: str) -> History | None:
    """The history of a chain, deferred entries included; None when there is no such chain."""
    append.settle(vault)
    row = _row(chain)
    if row is None:
        return None
    sealed = _openings(row.id, vault.epoch.unwrap(row.ledger_key))
    entries = tuple(_entry(j, one) for j, one in enumerate(sealed, start=1))
    facts = Facts()
    for entry in entries:
        facts = folding.fold(facts, entry.record)
    return History(row.id, row.kind, entries, facts)


def recent(vault: Interior, chain: str, *, since_ms: int) -> History | None:
    """As `read`, but of the entries only those since a moment: what a page needs that is asked for often.

    The facts are the chain's stored snapshot, which `audit` holds against the fold.
    """
    append.settle(vault)
    row = _row(chain)
    if row is None:
        return None
    ledger_key = vault.epoch.unwrap(row.ledger_key)
    found: list[Entry] = []
    below = row.n
    while below > 0 and (not found or found[0].time >= since_ms):
        above = max(0, below - AT_ONCE)
        chunk = _openings(row.id, ledger_key, above=above, upto=below)
        found = [*(_entry(j, one) for j, one in enumerate(chunk, start=above + 1)), *found]
        below = above
    entries = tuple(entry for entry in found if entry.time >= since_ms)
    return History(row.id, row.kind, entries, snapshot(row, opening_key(ledger_key)))


def bundle(
    vault: Interior,
    subject: str,
    *,
    held: Iterable[Held] = (),
    questions: Iterable[dict[str, object]] = (),
) -> bytes | None:
    """The person's whole history with its proofs, as canonical JSON; None for no such chain.

    `held` and `questions` become the signed statement: what the lender says beside the history.
    """
    append.commit(vault, [], fresh=append.age_ms(vault) > FRESH_MS)
    subject = contact_chain(subject)
    with append.exclusive():
        row = models.Chain.objects.filter(id=subject).first()
        return None if row is None else _proved(vault, row, tuple(held), tuple(questions))


def verified(vault: Interior, subject: str, made: bytes) -> Verified | NotVerified:
    """What the outsider's verifier says of a bundle just made, with this person's key and the
    first leaf that the vault knows. The key stays inside.
    """
    subject = contact_chain(subject)
    row = models.Chain.objects.filter(id=subject).first()
    ledger_key = vault.epoch.unwrap(row.ledger_key) if row else bytes(KEY_SIZE)
    first = models.Opening.objects.filter(chain_id=subject, j=1).first()
    leaf = models.Leaf.objects.filter(index=first.leaf_index).first() if first else None
    key = PersonKey(
        origin=vault.signer.name,
        keys=((1, ledger_key),),
        leaf_1=leaf_hash(bytes(leaf.data)) if leaf else None,
    )
    return verify(made, trust(vault), key.encode(), at_ms=append.now_ms(vault))


def leaf_hashes(chain: str, numbers: Iterable[int]) -> dict[int, bytes]:
    """The leaf hashes of these entries of a chain, by their numbers; a number that isn't there is left out."""
    chain = contact_chain(chain)
    places = dict(models.Opening.objects.filter(chain_id=chain, j__in=list(numbers)).values_list("leaf_index", "j"))
    leaves = models.Leaf.objects.filter(index__in=list(places)).order_by("index")
    return {places[leaf.index]: leaf_hash(bytes(leaf.data)) for leaf in leaves}


def trust(vault: Interior) -> bytes:
    """trust.json: the log's key, from the first leaf on. Canonical JSON."""
    key = LogKey(vault.signer.verifier, from_size=0)
    return canonical.encode(Trust(origin=vault.signer.name, log_keys=(key,), max_age=MAX_AGE_SECONDS).to_doc())


def checkpoint() -> str:
    """The log's newest signed note."""
    return append.tip().note


def _proved(
    vault: Interior, row: models.Chain, held: tuple[Held, ...], questions: tuple[dict[str, object], ...]
) -> bytes:
    tip = append.tip()
    ledger_key = vault.epoch.unwrap(row.ledger_key)
    sealed = _openings(row.id, ledger_key)
    key = PersonKey(origin=vault.signer.name, keys=((1, ledger_key),))
    statement = Statement(leaf_n=bytes(row.last_leaf_hash), as_of=tip.ms, held=held, questions=questions)
    return bundles.assemble(
        note=tip.note,
        key=key,
        openings=bundles.chained([(one.index, one.salt, one.record) for one in sealed], key),
        epochs=_epochs(sealed, tip.size),
        source=Tiles(),
        pages=append.Pages(),
        statement=statement,
        signature=vault.signer.sign_under(CONTEXT, statement.payload()),
    ).encode()


def _row(name: str) -> models.Chain | None:
    """The chain of this name, or the contact person's whose naming it is."""
    rows = models.Chain.objects.filter(id=name)
    return rows.first() or models.Chain.objects.filter(id=contact_chain(name)).first()


def _entry(j: int, one: _Sealed) -> Entry:
    record: Record = json.loads(one.record)
    return Entry(j, int(str(record["time"])), record)


def _openings(chain: str, ledger_key: bytes, *, above: int = 0, upto: int = MAX_INT) -> list[_Sealed]:
    seal_key = opening_key(ledger_key)
    found = []
    for row in models.Opening.objects.filter(chain_id=chain, j__gt=above, j__lte=upto).order_by("j"):
        try:
            raw = unseal(seal_key, bytes(row.sealed), place=place(chain, str(row.j)))
        except SealError:
            raise ChainDamagedError(f"entry {row.j} doesn't open", where=f"chain {chain}") from None
        salt, record = raw[:SALT_SIZE], raw[SALT_SIZE:]
        found.append(_Sealed(row.leaf_index, row.batch_first, row.epoch_index, salt, record))
    return found


def _epochs(sealed: list[_Sealed], size: int) -> list[Epoch]:
    """Of each entry's batch the epoch that closed it and the one before, and the last epoch."""
    indices = {size - 1}
    for one in sealed:
        indices |= {one.epoch_index, one.batch_first - 1}
    rows = models.Leaf.objects.filter(index__in=indices).order_by("index")
    return [Epoch.parse(bytes(row.data)) for row in rows]
