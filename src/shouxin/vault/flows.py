"""What went to which party, over all histories: counts alone, for holding the published list against it; and the word
of a party that it holds nothing any more.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.privacy.party import Flow
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.vault import ledger, models
from shouxin.vault.history import entries_of
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import Work, commit, settle
from shouxin.vault.log.batch import Batch, snapshot
from shouxin.vault.record import person

AT_ONCE = 500
RULE = "CN.PIPL.21"
_RECEIVER = {"disclosed": "recipient", "exported": "recipient", "used": "party"}
"""Where an entry names who got something: what an agency's people looked at, the agency got."""


def flows(vault: Interior) -> tuple[Flow, ...]:
    """By party, in the order of their names. A history that was destroyed tells nothing any more."""
    settle(vault)
    purposes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    fields: defaultdict[str, Counter[str]] = defaultdict(Counter)
    holding: Counter[str] = Counter()
    for row in _people():
        holding.update(_given(vault, row).keys())
        for entry in entries_of(vault, row):
            party = str(entry.record.get(_RECEIVER.get(str(entry.record["kind"]), ""), ""))
            if party:
                purposes[party][str(entry.record["purpose"])] += 1
                fields[party].update(_names(entry.record))
    return tuple(Flow(one, purposes[one], fields[one], holding[one]) for one in sorted(purposes))


def gave_back(vault: Interior, party: str, *, subject: str = "") -> int | Refusal:
    """Enter, on the party's word, that it gave back or deleted what it had of this person, or of everybody.

    Gives the number of histories. Left out are those of borrowers whose case it still has. Refused when it holds
    nothing that it could give back.
    """
    settle(vault)
    rows = (row for row in _people(subject) if party in _given(vault, row))
    names = [row.id for row in rows]
    done = 0
    for start in range(0, len(names), AT_ONCE):
        part = names[start : start + AT_ONCE]
        done += sum(commit(vault, [_returning(name, party) for name in part], chains=part))
    return done or Refusal(Reason.ALREADY_DONE, (RULE,), "party")


def _returning(name: str, party: str) -> Work[bool]:
    def work(batch: Batch) -> bool:
        live = person(batch, name)
        if isinstance(live, Refusal) or any(to == party for _, to in live.facts.grants.values()):
            return False
        still = sorted(live.facts.given.get(party, ()))
        if still:
            batch.add(live, {"kind": "returned", "recipient": party, "fields": [*still]})
        return bool(still)

    return work


def _people(subject: str = "") -> Iterator[models.Chain]:
    rows = models.Chain.objects.filter(kind__in=SUBJECT_KINDS).order_by("id")
    return (rows.filter(id=subject) if subject else rows).iterator(chunk_size=AT_ONCE)


def _given(vault: Interior, row: models.Chain) -> Mapping[str, frozenset[str]]:
    return snapshot(row, ledger.opened(vault, row).seal_key).given


def _names(record: Record) -> Iterator[str]:
    fields = record["fields"]
    assert isinstance(fields, list), "a record's fields are a list"
    return map(str, fields)
