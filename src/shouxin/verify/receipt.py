"""A receipt of consents: is it one that this log's lender signed? It needs trust.json and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from shouxin.core.merkle.canonical import CanonicalError, decode, encode
from shouxin.core.merkle.form import Form, FormError
from shouxin.core.merkle.note import SIGNATURE_SIZE
from shouxin.core.merkle.spelling import SpellingError, from_base64
from shouxin.core.merkle.trust import Trust
from shouxin.core.privacy.consent_receipt import CONTEXT, SCHEMA
from shouxin.verify.check import MAX_BYTES
from shouxin.verify.refuse import RefusedError, demand
from shouxin.verify.verdict import NotVerified, Reason


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """Yes: a log key of trust.json signed this receipt. What it says is the lender's word."""

    receipt: dict[str, object]

    def to_doc(self) -> dict[str, object]:
        """``{ok: true, verdict, receipt}``."""
        return {"ok": True, "verdict": "signed_by_the_lender", "receipt": self.receipt}


def verify_receipt(raw: bytes, trust: bytes) -> SignedReceipt | NotVerified:
    """Check a receipt against trust.json; never raises for bad bytes."""
    try:
        return _verified(raw, trust)
    except RefusedError as refused:
        return refused.verdict


def is_receipt(raw: bytes) -> bool:
    """Whether these bytes mean to be a receipt and no bundle."""
    return raw.startswith(b'{"receipt":')


def _verified(raw: bytes, trust: bytes) -> SignedReceipt:
    demand(len(raw) <= MAX_BYTES, Reason.MALFORMED, "receipt")
    receipt, signature = _read(raw)
    try:
        keys = [one.verifier for one in Trust.parse(trust).log_keys]
    except FormError as error:
        raise RefusedError(Reason.MALFORMED, f"trust.{error.where}".rstrip(".")) from error
    demand(
        any(key.accepts_under(CONTEXT, encode(receipt), signature) for key in keys), Reason.BAD_SIGNATURE, "signature"
    )
    return SignedReceipt(receipt)


def _read(raw: bytes) -> tuple[dict[str, object], bytes]:
    """The signed object, whose canonical bytes are what was signed, and the signature."""
    try:
        form = Form(decode(raw))
        form.version(1)
        receipt = form.take("receipt")
        signature = from_base64(form.text("signature"), size=SIGNATURE_SIZE)
        form.end()
    except (CanonicalError, FormError, SpellingError) as error:
        raise RefusedError(Reason.MALFORMED, getattr(error, "where", "") or "receipt") from error
    if not isinstance(receipt, dict) or receipt.get("dct:conformsTo") != SCHEMA:
        raise RefusedError(Reason.MALFORMED, "dct:conformsTo")
    return receipt, signature
