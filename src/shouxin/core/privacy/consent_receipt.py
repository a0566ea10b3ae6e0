"""A person's consents as a receipt that they keep: ISO/IEC TS 27560:2023, written with the W3C's DPV in JSON-LD.

The structure is that of the DPV community group's guide to TS 27560 (its mandatory fields), as read from public
summaries of it; the standard itself is not public. Three states: given, refused (the notice was shown and no consent
followed), withdrawn. Contact persons whom the person named stand by the token of the naming, never by name.
The document is canonical JSON, signed by the log's key under ``CONTEXT``; a verifier needs trust.json and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shouxin.core.privacy.entry import Value

CONTEXT = "shouxin-receipt/v1"
SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#receipt-record"
VERSION = "1"
STATUS = {"given": "dpv:ConsentGiven", "refused": "dpv:ConsentRefused", "withdrawn": "dpv:ConsentWithdrawn"}
_NAMES: dict[str, Value] = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "loc": "https://w3id.org/dpv/loc#",
    "sx": "urn:shouxin:receipt:v1:",
}
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Controller:
    """Who is answerable: an id that never changes, and name, address and contact as notices say them."""

    id: str
    name: str
    address: str
    contact: str


@dataclass(frozen=True, slots=True)
class Decision:
    """How one purpose stands: the entry that says so and its time (ms), and what the notice told."""

    purpose: str
    state: str
    entry: int
    at_ms: int
    notice: str
    notice_version: str
    title: str
    fields: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: str
    withdrawal: str


@dataclass(frozen=True, slots=True)
class Named:
    """A contact person whom the person named: the token of the naming, and the entry and its time (ms)."""

    naming: str
    entry: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class ReceiptOf:
    """All that a receipt says. ``leaf``: hash of the history's last entry, in hex; ``lang`` of the notices' words."""

    origin: str
    subject: str
    leaf: str
    issued_ms: int
    lang: str
    jurisdiction: str
    storage: str
    controller: Controller
    decisions: tuple[Decision, ...]
    named: tuple[Named, ...]


def document(receipt: ReceiptOf) -> dict[str, Value]:
    """The JSON-LD document that is signed."""
    return {
        "@context": _NAMES,
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": SCHEMA,
        "dct:hasVersion": VERSION,
        "dct:identifier": f"urn:shouxin:receipt:{receipt.origin}:{receipt.leaf}",
        "dct:issued": moment(receipt.issued_ms),
        "dpv:hasDataSubject": {"@type": "dpv:DataSubject", "dct:identifier": receipt.subject},
        "dpv:hasDataController": _controller(receipt.controller),
        "dpv:hasJurisdiction": receipt.jurisdiction,
        "dpv:hasRecord": [_decision(receipt, one) for one in receipt.decisions],
        "sx:contactPersonsNamed": [_named(one) for one in receipt.named],
    }


def _controller(controller: Controller) -> dict[str, Value]:
    return {
        "@type": "dpv:DataController",
        "dct:identifier": controller.id,
        "dpv:hasName": controller.name,
        "dpv:hasAddress": controller.address,
        "dpv:hasContact": controller.contact,
        "dpv:hasOrganisationType": "dpv:ForProfitOrganisation",
    }


def _decision(receipt: ReceiptOf, one: Decision) -> dict[str, Value]:
    return {
        "@type": "dpv:ConsentRecord",
        "dct:identifier": f"urn:shouxin:consent:{receipt.origin}:{receipt.subject}:{one.entry}",
        "dpv:hasLegalBasis": "dpv:Consent",
        "dpv:hasConsentStatus": STATUS[one.state],
        "dpv:hasPurpose": {"@type": "dpv:Purpose", "dct:identifier": one.purpose, "dct:title": one.title},
        "dpv:hasNotice": {
            "@type": "dpv:ConsentNotice",
            "dct:identifier": one.notice,
            "dct:hasVersion": one.notice_version,
            "dct:language": receipt.lang,
        },
        "dpv:hasPersonalData": [{"@type": "dpv:PersonalData", "dct:identifier": name} for name in one.fields],
        "dpv:hasRecipient": _words(one.recipients),
        "dpv:hasStorageCondition": {
            "@type": "dpv:StorageCondition",
            "dpv:hasLocation": receipt.storage,
            "dpv:hasDuration": one.retention,
        },
        "dpv:hasWithdrawalMethod": one.withdrawal,
        "dpv:hasProvenance": {
            "sx:entry": one.entry,
            "dct:date": moment(one.at_ms),
            "dct:type": "dpv:ExplicitlyExpressedConsent",
            "dpv:hasValidity": "until withdrawn",
            "dpv:isIndicatedBy": receipt.subject,
        },
    }


def _named(one: Named) -> dict[str, Value]:
    return {"sx:naming": one.naming, "sx:entry": one.entry, "dct:date": moment(one.at_ms)}


def _words(names: Sequence[str]) -> list[Value]:
    return [*names]


def moment(ms: int) -> str:
    """A time of the chain, in UTC to the second."""
    return (_START + timedelta(milliseconds=ms)).isoformat(timespec="seconds")
