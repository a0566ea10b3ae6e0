"""``verify``: three files in, one verdict out, whatever the bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from shouxin.core.merkle.bundle import Bundle
from shouxin.core.merkle.form import FormError
from shouxin.core.merkle.person_key import PersonKey
from shouxin.core.merkle.trust import Trust
from shouxin.verify import history, lawful
from shouxin.verify.refuse import RefusedError, demand
from shouxin.verify.signatures import fresh, signed_checkpoint, signed_statement
from shouxin.verify.verdict import CANNOT_PROVE, FIRST_KEY, NotVerified, Reason, Verified

MAX_BYTES = 64 * 2**20
"""A file longer than this is not read: a history of a hundred thousand entries is shorter."""

T = TypeVar("T")


def verify(bundle: bytes, trust: bytes, person: bytes, *, at_ms: int) -> Verified | NotVerified:
    """Check a bundle against trust.json and person.key, as of ``at_ms`` (ms since 1970 UTC).

    Never raises for bad bytes. Nothing in the bundle says which keys to believe.
    """
    try:
        return _verify(
            _read("bundle", Bundle.parse, bundle),
            _read("trust", Trust.parse, trust),
            _read("person", PersonKey.parse, person),
            at_ms=at_ms,
        )
    except RefusedError as refused:
        return refused.verdict


def _verify(bundle: Bundle, trust: Trust, key: PersonKey, *, at_ms: int) -> Verified:
    # 1. The log signed this checkpoint and this statement.
    signed = signed_checkpoint(bundle.note, trust, at_ms=at_ms)
    signed_statement(bundle, signed.log_key)
    # 2. It was not long ago, and the person's key is of this log.
    demand(key.origin == trust.origin, Reason.WRONG_PERSON, "person.origin")
    last = bundle.epochs[-1]
    fresh(last.ms, at_ms=at_ms, max_age=trust.max_age, where="checkpoint")
    fresh(bundle.statement.as_of, at_ms=at_ms, max_age=trust.max_age, where="statement.as_of")
    # 3. The openings are entries 1 to N of this person and commit to one another.
    history.entries_follow(bundle.openings)
    history.ends_in_the_persons_label(key, len(bundle.openings), bundle.membership)
    hashes = history.chain(bundle.openings, key)
    # 4. They and their epochs stand in the signed log.
    history.in_log(bundle, hashes, signed.checkpoint)
    # 5. Each was logged when it says, and in order.
    closed_by = history.batches(bundle.openings, bundle.epochs)
    records = lawful.records(bundle.openings)
    lawful.logged_when_they_say(records, closed_by)
    # 6. There is no other: not before the first, not after the last, not under any key of the person.
    lawful.keys_changed_as_told(records, key)
    history.all_there(bundle, hashes, key)
    history.begins_at_enrolment(hashes, key)
    # 7. Every use had its basis, case and grant; none came after a withdrawal or the closing.
    lawful.lawful(records)
    return Verified(
        checkpoint=signed.checkpoint,
        at_ms=last.ms,
        witnesses=signed.witnesses,
        cannot_prove=CANNOT_PROVE if key.leaf_1 else (*CANNOT_PROVE, FIRST_KEY),
        records=records,
        statement=bundle.statement,
    )


def _read(name: str, parse: Callable[[bytes], T], raw: bytes) -> T:
    demand(len(raw) <= MAX_BYTES, Reason.MALFORMED, name)
    try:
        return parse(raw)
    except FormError as error:
        byte = "" if error.at is None else f", byte {error.at}"
        where = f"{name}.{error.where}" if error.where else f"{name}{byte}"
        raise RefusedError(Reason.MALFORMED, where) from error
