"""Steps 5 and 7: what the records say happened was logged then, and had what it needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from shouxin.core.merkle.bundle import Opening
from shouxin.core.merkle.canonical import CanonicalError, decode
from shouxin.core.merkle.chain import Epoch
from shouxin.core.merkle.person_key import PersonKey, fingerprint
from shouxin.core.privacy.entry import Record, RecordError, check_record
from shouxin.core.privacy.facts import Facts, fold, violation
from shouxin.verify.history import LATE_MS
from shouxin.verify.refuse import RefusedError, demand
from shouxin.verify.verdict import Reason


def records(openings: Sequence[Opening]) -> tuple[Record, ...]:
    """The records, each of a known kind and shape."""
    return tuple(_record(one) for one in openings)


def logged_when_they_say(found: Sequence[Record], closed_by: Sequence[Epoch]) -> None:
    """Each record's time is that of its batch: no history is made up afterwards.

    An entry brought over from an older system carries the older time besides
    (``imported_time``); what counts is when this log took it in.
    """
    for j, (record, epoch) in enumerate(zip(found, closed_by, strict=True), start=1):
        apart = abs(epoch.ms - cast(int, record["time"]))
        demand(apart <= LATE_MS, Reason.LATE_ENTRY, f"entry {j}")


def keys_changed_as_told(found: Sequence[Record], key: PersonKey) -> None:
    """Before each later key stands the entry that names it, and no entry names a key that the person hasn't.

    Otherwise a history shown to somebody with the old key alone could end in the change, and look whole.
    """
    names = {start - 1: fingerprint(later) for start, later in key.keys[1:]}
    for j, record in enumerate(found, start=1):
        told = record["to"] if record["kind"] == "key_rotated" else None
        demand(names.get(j) == told, Reason.WRONG_PERSON, f"entry {j}")


def lawful(found: Sequence[Record]) -> Facts:
    """The facts after all entries; every use had its basis, case and grant in the ones before."""
    facts = Facts()
    for j, record in enumerate(found, start=1):
        reason = violation(facts, record)
        if reason is not None:
            raise RefusedError(Reason(reason), f"entry {j}")
        facts = fold(facts, record)
    return facts


def _record(opening: Opening) -> Record:
    where = f"entry {opening.j}"
    try:
        record = decode(opening.record)
        demand(isinstance(record, dict), Reason.MALFORMED, where)
        check_record(cast(Record, record))
    except CanonicalError as error:
        raise RefusedError(Reason.MALFORMED, where) from error
    except RecordError as error:
        reason = Reason.UNKNOWN_KIND if error.unknown_kind else Reason.MALFORMED
        raise RefusedError(reason, f"{where}.{error.where}") from error
    return cast(Record, record)
