"""The receipt of a person's consents: what they allowed, refused and took back, and whom they named, signed.

PIPL articles 14, 15 and 44. Reading one's own consents is no use and writes no entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from shouxin.core.merkle import canonical
from shouxin.core.merkle.spelling import to_base64
from shouxin.core.privacy.consent_receipt import CONTEXT, Controller, Decision, Named, ReceiptOf, document
from shouxin.core.privacy.entry import Value
from shouxin.core.privacy.party import PLATFORM
from shouxin.core.privacy.purpose import CONSENT, PURPOSES
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.policy.notice import Notice
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy.consent import notice_for
from shouxin.vault.history import Entry, History

JURISDICTION = "loc:CN"
STORAGE = "loc:CN"
"""Where the platform's databases stand: the lender's own country (PIPL article 40)."""


class ConsentReceipt(Request):
    """Whose consents, and in which language the notices' words stand."""

    subject: Text
    lang: Literal["zh", "en"] = "zh"


@dataclass(frozen=True)
class SignedReceipt:
    """The receipt and the signature over its canonical bytes (base64)."""

    receipt: dict[str, Value]
    signature: str
    v: int = 1

    @property
    def file(self) -> bytes:
        """What a person keeps and a verifier takes."""
        return canonical.encode({"v": self.v, "receipt": self.receipt, "signature": self.signature})


def consent_receipt(lender: Lender, request: ConsentReceipt) -> SignedReceipt | Refusal:
    """Read the person's own history and sign what it says of their consents."""
    history = lender.vault.history(request.subject)
    if history is None or history.kind != "borrower":
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
    last = len(history.entries)
    made = document(
        ReceiptOf(
            origin=lender.settings.origin,
            subject=history.subject,
            leaf=lender.vault.leaf_hashes(request.subject, [last])[last].hex(),
            issued_ms=int(lender.clock.now().timestamp() * 1000),
            lang=request.lang,
            jurisdiction=JURISDICTION,
            storage=STORAGE,
            controller=_controller(lender, request.lang),
            decisions=tuple(_decisions(lender, history, request.lang)),
            named=tuple(_named(history)),
        )
    )
    return SignedReceipt(made, to_base64(lender.vault.sign(CONTEXT, canonical.encode(made))))


def _controller(lender: Lender, lang: str) -> Controller:
    house = lender.policy.house
    return Controller(PLATFORM, house.name[lang], house.address[lang], house.contact[lang])


def _decisions(lender: Lender, history: History, lang: str) -> Iterator[Decision]:
    for needs in PURPOSES.values():
        notice = notice_for(lender, needs.name)
        if notice is None or CONSENT not in needs.bases or history.kind not in needs.whose:
            continue
        found = _last_word(history, needs.name, notice.key)
        if found is not None:
            yield _decision(found, needs.name, notice, lang)


def _last_word(history: History, purpose: str, notice: str) -> tuple[str, Entry, str] | None:
    """State, entry and the notice's version: the last consent, withdrawal, or notice that no consent followed."""
    found: tuple[str, Entry, str] | None = None
    version = ""
    for entry in history.entries:
        record, kind = entry.record, entry.record["kind"]
        if kind == "consented" and record["purpose"] == purpose:
            version = str(record["version"])
            found = ("given", entry, version)
        elif kind == "withdrawn" and record["purpose"] == purpose:
            found = ("withdrawn", entry, version)
        elif kind == "notice_shown" and record["notice"] == notice and PURPOSES[purpose].bases[0] == CONSENT:
            found = ("refused", entry, str(record["version"])) if found is None or found[0] != "given" else found
    return found


def _decision(found: tuple[str, Entry, str], purpose: str, notice: Notice, lang: str) -> Decision:
    state, entry, version = found
    text = notice.text[lang]
    return Decision(
        purpose=purpose,
        state=state,
        entry=entry.j,
        at_ms=entry.time,
        notice=notice.key,
        notice_version=version,
        title=text["title"],
        fields=notice.fields,
        recipients=(PLATFORM, *notice.recipients),
        retention=text["retention"],
        withdrawal=text["rights"],
    )


def _named(history: History) -> Iterator[Named]:
    for entry in history.entries:
        if entry.record["kind"] == "stored" and "naming" in entry.record:
            yield Named(str(entry.record["naming"]), entry.j, entry.time)
