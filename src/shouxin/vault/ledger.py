"""A person's ledger keys, opened for one call: the one in force, and those before it that were lost or stolen.

Labels are of the key of their time. Openings, facts and whatever waits are always sealed under the key in force:
whoever has an older one, and the database besides, reads nothing.
"""

import json
from dataclasses import dataclass, field

from shouxin.core.merkle.person_key import PersonKey
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.seal import SealError, opening_key, place, pseudonym, seal, unseal
from shouxin.vault.stopped import VaultStoppedError


class ChainDamagedError(VaultStoppedError):
    """What is stored of a chain doesn't open under its own key."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """`keys` as (from, 32 bytes), rising from 1, as person.key has them; `seal_key` follows from the last."""

    keys: tuple[tuple[int, bytes], ...] = field(repr=False)
    seal_key: bytes = field(repr=False)

    @property
    def in_force(self) -> bytes:
        """The key that labels the next entry."""
        return self.keys[-1][1]

    def pseudonym(self, actor: str) -> str:
        """Under which name this actor stands here; it outlives a change of key, as the grants do that name it."""
        return pseudonym(self.keys[0][1], actor)

    def then(self, start: int, key: bytes) -> "Ledger":
        """The same with a new key from entry `start` on."""
        return Ledger((*self.keys, (start, key)), opening_key(key))

    def person_key(self, origin: str, leaf_1: bytes | None = None) -> PersonKey:
        """The file person.key of this history."""
        return PersonKey(origin, self.keys, leaf_1)

    def earlier(self, chain_id: str, *, nonce: bytes) -> bytes:
        """What is stored so that all keys follow from the one in force."""
        doc = [[start, key.hex()] for start, key in self.keys]
        return seal(self.seal_key, json.dumps(doc).encode(), place=place(chain_id, "keys"), nonce=nonce)


def new(key: bytes) -> Ledger:
    """Of a history that begins now."""
    return Ledger(((1, key),), opening_key(key))


def opened(vault: Interior, row: models.Chain) -> Ledger:
    """The keys of a stored chain. Raises `KeyLostError`, `ChainDamagedError`."""
    found = new(vault.epochs.of(row.epoch).unwrap(row.ledger_key))
    if not row.earlier_keys:
        return found
    try:
        raw = unseal(found.seal_key, bytes(row.earlier_keys), place=place(row.id, "keys"))
    except SealError:
        raise ChainDamagedError("the earlier keys of a chain don't open", where=f"chain {row.id}") from None
    return Ledger(tuple((start, bytes.fromhex(key)) for start, key in json.loads(raw)), found.seal_key)
