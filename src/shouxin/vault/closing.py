"""The end of a history: the last entry, the last bundle, and then nothing that could open either.

In order: `close` writes `closed` and gives the bundle that ends in it, as often as it is asked; only `destroy`, once
that bundle is in the person's hands, removes both keys, the salts, every sealed value and every index. The leaves
stay: they are blind, and the proofs of everybody else rest on them. A new history of the same person knows nothing of
the old one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import OperationalError, connections

from shouxin.core.merkle.statement import Held
from shouxin.core.privacy.facts import Facts
from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.vault import ledger, models
from shouxin.vault.forget import CONTACT_PERSON, duty_of, shred
from shouxin.vault.history import bundle
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import ALIAS, commit, exclusive
from shouxin.vault.log.batch import Batch, LiveChain, snapshot

RULES = ("CN.PIPL.47",)
_OF_A_CHAIN = (models.Datum, models.BlindIndex, models.Opening, models.Deferred, models.Case)
_TABLES = (*_OF_A_CHAIN, models.Naming, models.Chain, models.Secret, models.Epoch)
_BUSY = "database is locked"
_WAIT = "20s"
"""How long PostgreSQL waits for a table that somebody reads; SQLite waits as long by its own setting."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The number of the last entry, and the bundle that ends in it."""

    entry: int
    bundle: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's chain, its kind, and what it says as of now."""

    subject: str
    kind: str
    facts: Facts


def close(
    vault: Interior, subject: str, *, held: Iterable[Held] = (), questions: Iterable[dict[str, object]] = ()
) -> Closed | Refusal:
    """Entry `closed` (after `deleted`, when something was held), and the last bundle.

    Refused while anything is still needed: a contract that runs, a case, a contact person, a field that a duty keeps.
    A history that is closed and not destroyed yet gives its last bundle again.
    """
    while models.Deferred.objects.filter(chain_id=subject).exists():
        commit(vault, [])

    def work(batch: Batch) -> int | Refusal:
        live = batch.chain(subject)
        if live is None or live.kind not in SUBJECT_KINDS:
            return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
        return live.facts.closed or _needed(batch, live) or _closed(batch, live)

    entry = commit(vault, [work])[0]
    if isinstance(entry, Refusal):
        return entry
    made = bundle(vault, subject, held=held, questions=questions)
    assert made is not None, "it was there a moment ago"
    return Closed(entry, made)


def destroy(vault: Interior, subject: str) -> Refusal | None:
    """Remove all that could open a closed history; None when it is gone. What never was is refused like what lives.

    Older copies of the rows may still lie in the database's files: `sweep` removes them.
    """
    with vault.lock, exclusive():
        row = models.Chain.objects.filter(id=subject).first()
        if row is None or not _facts(vault, row).closed:
            return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
        for table in _OF_A_CHAIN:
            table.objects.filter(chain_id=row.id).delete()
        row.delete()
    return None


def sweep(vault: Interior) -> bool:
    """Rewrite the tables of keys and values, so that no file of the database holds what was removed from them.

    False when somebody else is at work in them; then it is still to be done. On PostgreSQL the write-ahead log keeps
    older pages for a while: against that copy, as against a backup, only a new epoch helps.
    """
    with vault.lock:
        try:
            return _sweep_sqlite() if connections[ALIAS].vendor == "sqlite" else _sweep_postgresql()
        except OperationalError as error:
            if _BUSY in str(error) or "lock timeout" in str(error):
                return False
            raise


def standing(vault: Interior, *, after: str = "", limit: int = 500) -> list[Standing]:
    """People's chains in order of their names, `limit` at a time: for the daily round over all of them."""
    rows = models.Chain.objects.filter(kind__in=SUBJECT_KINDS, id__gt=after).order_by("id")[:limit]
    return [Standing(row.id, row.kind, _facts(vault, row)) for row in rows]


def _facts(vault: Interior, row: models.Chain) -> Facts:
    return snapshot(row, ledger.opened(vault, row).seal_key)


def _needed(batch: Batch, live: LiveChain) -> Refusal | None:
    """Why the history can't end yet: what still runs, or the first field that a duty keeps."""
    facts = live.facts
    named = facts.namings if live.kind != CONTACT_PERSON else ()  # who named a contact person has no say in this
    runs = {"contract": facts.contracts, "case": facts.cases, CONTACT_PERSON: named}
    for what, found in runs.items():
        if found:
            return Refusal(Reason.STILL_NEEDED, RULES, what)
    for name in sorted(facts.held):
        rule = duty_of(batch, live, name)
        if rule:
            return Refusal(Reason.RESTRICTED, (rule,), name)
    return None


def _closed(batch: Batch, live: LiveChain) -> int:
    """The last entries; from now on the indexes are free, and only the stop list knows a number that refused."""
    if live.facts.held:
        batch.add(live, {"kind": "deleted", "fields": [*sorted(live.facts.held)], "rules": [*RULES]})
        shred(batch, live, lambda _: True)
    indexes = models.BlindIndex.objects.filter(chain_id=live.id)
    if live.facts.opted_out and live.kind == CONTACT_PERSON:
        stopped = [models.Stopped(digest=bytes(row.digest)) for row in indexes.filter(field="phone")]
        models.Stopped.objects.bulk_create(stopped, ignore_conflicts=True)
    indexes.delete()
    return batch.add(live, {"kind": "closed"}).j


def _sweep_sqlite() -> bool:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy: int = cursor.fetchone()[0]
    return not busy


def _sweep_postgresql() -> bool:
    quote = connections[ALIAS].ops.quote_name
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SET lock_timeout = %s", [_WAIT])
        try:
            for table in _TABLES:
                cursor.execute(f"VACUUM FULL {quote(table._meta.db_table)}")
        finally:
            cursor.execute("RESET lock_timeout")
    return True
