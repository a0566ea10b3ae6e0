"""Sealing: AES-256-GCM per value, and the keys that derive from a person's ledger key.

A sealed value starts with a format byte and a suite byte, so that another suite (SM4, SM3) can
be added without touching what is stored. The associated data bind it to its place: a ciphertext
moved to another person, field or number doesn't open.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

FORMAT = b"\x01"
AES_256_GCM = b"\x01"
_HEADER = FORMAT + AES_256_GCM
NONCE_BYTES = 12


class SealError(Exception):
    """A sealed value doesn't open here: wrong key, wrong place, or changed bytes."""


def seal(key: bytes, value: bytes, *, place: bytes, nonce: bytes) -> bytes:
    """Seal `value` for `place`; `nonce` is 12 fresh random bytes."""
    assert len(nonce) == NONCE_BYTES
    return _HEADER + nonce + AESGCM(key).encrypt(nonce, value, place)


def unseal(key: bytes, sealed: bytes, *, place: bytes) -> bytes:
    """Open what `seal` made for this place. Raises `SealError`."""
    body = len(_HEADER) + NONCE_BYTES
    if sealed[: len(_HEADER)] != _HEADER:
        raise SealError("unknown format or suite")
    try:
        return AESGCM(key).decrypt(sealed[len(_HEADER) : body], sealed[body:], place)
    except InvalidTag:
        raise SealError("the value doesn't open in this place") from None


def place(*parts: str) -> bytes:
    """Associated data of a place: its parts, which never hold the separator."""
    joined = "|".join(parts)
    assert joined.count("|") == len(parts) - 1
    return joined.encode()


def opening_key(ledger_key: bytes) -> bytes:
    """The key under which a chain's openings and facts are sealed."""
    return HKDFExpand(SHA256(), 32, b"opening-seal/v1").derive(ledger_key)


def pseudonym(ledger_key: bytes, actor: str) -> str:
    """The name under which an actor stands in this one history (role, then 12 hex digits)."""
    digest = hmac.digest(ledger_key, b"actor/v1\0" + actor.encode(), "sha256")
    return f"{actor.split(':', maxsplit=1)[0]}:{digest[:6].hex()}"


def blind(index_key: bytes, field: str, value: str) -> bytes:
    """The blind index of a value of a field: equal values give equal digests, and no more."""
    return hmac.digest(index_key, f"{field}\0{value}".encode(), "sha256")
