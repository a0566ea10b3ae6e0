"""Reading a history, and proving it: what the person gets and an outsider verifies.

Reading one's own history writes no entry. The bundle is made in one exclusive transaction, after
the entries that were deferred for this person have been written.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections

from shouxin.core.merkle import bundle as bundles
from shouxin.core.merkle import canonical
from shouxin.core.merkle.chain import KEY_SIZE, SALT_SIZE, Epoch
from shouxin.core.merkle.statement import CONTEXT, Held, Statement
from shouxin.core.merkle.tree import leaf_hash
from shouxin.core.merkle.trust import LogKey, Trust
from shouxin.core.privacy import facts as folding
from shouxin.core.privacy.entry import MAX_INT, Record
from shouxin.core.privacy.facts import Facts
from shouxin.vault import ledger, models
from shouxin.vault.interior import Interior
from shouxin.vault.ledger import ChainDamagedError
from shouxin.vault.log import append, witnessed
from shouxin.vault.log.batch import snapshot
from shouxin.vault.log.tiles import Tiles
from shouxin.vault.seal import SealError, place, unseal
from shouxin.vault.whose import contact_chain
from shouxin.verify import NotVerified, Verified, verify

AT_ONCE = 8
"""Entries that are opened at a time when only the newest are wanted."""
FRESH_MS = 600_000
"""A checkpoint older than this gets a successor before a bundle is made of it."""

# In plain words: a person's own pages ask these at each visit, and to build such a question anew takes longer than the
# database takes to answer it.
_CHAIN = "SELECT * FROM vault_chain WHERE id = %s"
_OPENINGS = (
    "SELECT j, leaf_index, batch_first, epoch_index, sealed FROM vault_opening "
    "WHERE chain_id = %s AND j > %s AND j <= %s ORDER BY j"
)


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
    entries = entries_of(vault, row)
    facts = Facts()
    for entry in entries:
        facts = folding.fold(facts, entry.record)
    return History(row.id, row.kind, entries, facts)


def entries_of(vault: Interior, row: models.Chain) -> tuple[Entry, ...]:
    """All entries of this chain as they are stored; what was deferred for it comes with the next batch."""
    sealed = _openings(row.id, ledger.opened(vault, row).seal_key)
    return tuple(_entry(j, one) for j, one in enumerate(sealed, start=1))


def recent(vault: Interior, chain: str, *, since_ms: int) -> History | None:
    """As `read`, but of the entries only those since a moment: what a page needs that is asked for often.

    The facts are the chain's stored snapshot, which `audit` holds against the fold.
    """
    append.settle(vault)
    row = _row(chain)
    if row is None:
        return None
    seal_key = ledger.opened(vault, row).seal_key
    found: list[Entry] = []
    below = row.n
    while below > 0 and (not found or found[0].time >= since_ms):
        above = max(0, below - AT_ONCE)
        chunk = _openings(row.id, seal_key, above=above, upto=below)
        found = [*(_entry(j, one) for j, one in enumerate(chunk, start=above + 1)), *found]
        below = above
    entries = tuple(entry for entry in found if entry.time >= since_ms)
    return History(row.id, row.kind, entries, snapshot(row, seal_key))


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
    append.commit(vault, [], fresh=_wants_a_successor(vault))
    subject = contact_chain(subject)
    with append.still(vault) as tip:
        row = models.Chain.objects.filter(id=subject).first()
        return None if row is None else _proved(vault, tip, row, tuple(held), tuple(questions))


def verified(vault: Interior, subject: str, made: bytes) -> Verified | NotVerified:
    """What the outsider's verifier says of a bundle just made, with this person's key and the
    first leaf that the vault knows. The key stays inside.
    """
    subject = contact_chain(subject)
    row = models.Chain.objects.filter(id=subject).first()
    first = models.Opening.objects.filter(chain_id=subject, j=1).first()
    leaf = models.Leaf.objects.filter(index=first.leaf_index).first() if first else None
    found = ledger.opened(vault, row) if row else ledger.new(bytes(KEY_SIZE))
    key = found.person_key(vault.signer.name, leaf_hash(bytes(leaf.data)) if leaf else None)
    return verify(made, trust(vault), key.encode(), at_ms=append.now_ms(vault))


def leaf_hashes(chain: str, numbers: Iterable[int]) -> dict[int, bytes]:
    """The leaf hashes of these entries of a chain, by their numbers; a number that isn't there is left out."""
    chain = contact_chain(chain)
    places = dict(models.Opening.objects.filter(chain_id=chain, j__in=list(numbers)).values_list("leaf_index", "j"))
    leaves = models.Leaf.objects.filter(index__in=list(places)).order_by("index")
    return {places[leaf.index]: leaf_hash(bytes(leaf.data)) for leaf in leaves}


def trust(vault: Interior) -> bytes:
    """trust.json: the log's key, from the first leaf on, and whom the policy lets watch. Canonical JSON."""
    key = LogKey(vault.signer.verifier, from_size=0)
    watch = vault.watch
    trusted = Trust(vault.signer.name, (key,), watch.witnesses, quorum=watch.quorum, max_age=watch.max_age)
    return canonical.encode(trusted.to_doc())


def checkpoint(vault: Interior) -> str:
    """The log's newest signed note, with the lines of witnesses who signed it."""
    return witnessed.note(vault, append.tip().note)


def _wants_a_successor(vault: Interior) -> bool:
    """Whether the newest checkpoint is too old for a bundle. One that a quorum has signed stays until half its life is
    over: its successor would be signed by nobody.
    """
    age, watch = append.age_ms(vault), vault.watch
    if watch.quorum and 2 * age < 1000 * watch.max_age:
        return len(witnessed.lines(vault, append.tip().note)) < watch.quorum and age > FRESH_MS
    return age > FRESH_MS


def _proved(
    vault: Interior,
    tip: models.Tip,
    row: models.Chain,
    held: tuple[Held, ...],
    questions: tuple[dict[str, object], ...],
) -> bytes:
    found = ledger.opened(vault, row)
    sealed, key = _openings(row.id, found.seal_key), found.person_key(vault.signer.name)
    statement = Statement(leaf_n=bytes(row.last_leaf_hash), as_of=tip.ms, held=held, questions=questions)
    return bundles.assemble(
        note=witnessed.note(vault, tip.note),
        key=key,
        openings=bundles.chained([(one.index, one.salt, one.record) for one in sealed], key),
        epochs=_epochs(sealed, tip.size),
        source=Tiles(),
        pages=vault.map,
        statement=statement,
        signature=vault.signer.sign_under(CONTEXT, statement.payload()),
    ).encode()


def _row(name: str) -> models.Chain | None:
    """The chain of this name, or the contact person's whose naming it is."""
    return _chain(name) or _chain(contact_chain(name))


def _chain(name: str) -> models.Chain | None:
    return next(iter(models.Chain.objects.raw(_CHAIN, [name])), None)


def _entry(j: int, one: _Sealed) -> Entry:
    record: Record = json.loads(one.record)
    return Entry(j, int(str(record["time"])), record)


def _openings(chain: str, seal_key: bytes, *, above: int = 0, upto: int = MAX_INT) -> list[_Sealed]:
    found = []
    with connections[append.ALIAS].cursor() as cursor:
        cursor.execute(_OPENINGS, [chain, above, upto])
        rows = cursor.fetchall()
    for j, index, first, epoch, sealed in rows:
        try:
            raw = unseal(seal_key, bytes(sealed), place=place(chain, str(j)))
        except SealError:
            raise ChainDamagedError(f"entry {j} doesn't open", where=f"chain {chain}") from None
        found.append(_Sealed(index, first, epoch, raw[:SALT_SIZE], raw[SALT_SIZE:]))
    return found


def _epochs(sealed: list[_Sealed], size: int) -> list[Epoch]:
    """Of each entry's batch the epoch that closed it and the one before, and the last epoch."""
    indices = {size - 1}
    for one in sealed:
        indices |= {one.epoch_index, one.batch_first - 1}
    rows = models.Leaf.objects.filter(index__in=indices).order_by("index")
    return [Epoch.parse(bytes(row.data)) for row in rows]
