"""What isn't stored about anybody yet, sealed for whoever keeps it: a draft, a form, a second factor.

The sealed text lies with the caller (in a session, in a row of the book) and opens here alone, for the same kind and
owner. It is no datum of a person in the vault's sense: nobody is enrolled by it, and it has no entry.
"""

import base64
import binascii
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from shouxin.vault.enrol import INDEXED, normal
from shouxin.vault.interior import Interior
from shouxin.vault.seal import NONCE_BYTES, SealError, place, seal, unseal

KINDS = frozenset({"draft", "form", "key", "phone", "proof", "second_factor", "site_key"})
MAX_KEPT_BYTES = 65_536


def keep(vault: Interior, kind: str, owner: str, value: bytes) -> str:
    """`value` sealed for `kind` and `owner` (an id), as text."""
    assert kind in KINDS, "a kind of the closed list"
    assert len(value) <= MAX_KEPT_BYTES, "the caller limits what is typed"
    nonce = vault.chance.token_bytes(NONCE_BYTES)
    sealed = seal(_key(vault), value, place=place("kept", kind, owner), nonce=nonce)
    return base64.urlsafe_b64encode(sealed).decode()


def kept(vault: Interior, kind: str, owner: str, text: str) -> bytes | None:
    """What `keep` sealed for this kind and owner; None for anything else, however it was changed."""
    try:
        sealed = base64.b64decode(text, altchars=b"-_", validate=True)
        return unseal(_key(vault), sealed, place=place("kept", kind, owner))
    except (binascii.Error, ValueError, SealError):
        return None


def token_of(vault: Interior, name: str, value: str) -> str:
    """A keyed hash of a value, 64 hex digits: equal values of one name give equal tokens.

    For counters and one-time secrets in the book. It isn't the blind index, so that the two can't be joined. The
    spelling of a field that is looked up doesn't matter; any other value counts as it stands.
    """
    spelt = normal(name, value) if name in INDEXED else value
    return hmac.digest(vault.index_key, f"token/v1\0{name}\0{spelt}".encode("utf-8", "surrogatepass"), "sha256").hex()


def _key(vault: Interior) -> bytes:
    """A key of its own for what is kept, derived from a secret that outlives the epochs."""
    return HKDFExpand(SHA256(), 32, b"kept/v1").derive(vault.index_key)
