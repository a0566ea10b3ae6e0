"""Ai Li's history as the log holds it, for tests of the verifier: who may do what, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shouxin.assurance.little_log import Files, LittleLog, Scribe
from shouxin.core.merkle.canonical import encode
from shouxin.core.merkle.note import Signer
from shouxin.verify import NotVerified, Verified, verify

ORIGIN = "log.example/shouxin"
START = 1_000_000_000_000
"""In September 2001: no clock of today comes near it."""
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
LOG_KEY = Signer(name=ORIGIN, seed=b"L" * 32)
AI_LI = b"A" * 32
BO = "collector:k31"
CHEN = "collector:k32"

ACT = {"forms": ["plain"], "rules": [], "policy": "p1"}


def enrolled() -> dict[str, Any]:
    return {"kind": "enrolled", "as": "borrower"}


def agreed() -> dict[str, Any]:
    return {"kind": "agreed", "contract": "loan-1", "terms": "t1"}


def consented(purpose: str = "marketing") -> dict[str, Any]:
    return {"kind": "consented", "purpose": purpose, "notice": "n", "version": "1"}


def withdrawn(consent: int, purpose: str = "marketing") -> dict[str, Any]:
    return {"kind": "withdrawn", "purpose": purpose, "consent": consent}


def case_opened() -> dict[str, Any]:
    return {"kind": "case_opened", "case": "case-1"}


def granted(case: int, to: str = BO) -> dict[str, Any]:
    return {"kind": "granted", "case": case, "to": to}


def used(purpose: str, basis: Sequence[str | int], **more: Any) -> dict[str, Any]:
    body = {"kind": "used", "purpose": purpose, "actor": "system:self", "fields": ["phone"], "basis": list(basis)}
    return body | ACT | more


def five_entries() -> list[dict[str, Any]]:
    """Enrolled, a contract, a case, a grant to Bo, and Bo's use."""
    use = used("collection", ["contract", 2], actor=BO, case=3, grant=4)
    return [enrolled(), agreed(), case_opened(), granted(3), use]


@dataclass
class Story:
    """A log and the person it is about. Each `tell` is a batch, a minute after the one before."""

    scribe: Scribe = field(default_factory=lambda: Scribe(LittleLog(LOG_KEY), key=AI_LI))
    now: int = START

    def tell(self, *bodies: dict[str, Any], late: int = 0) -> "Story":
        """Log these in the next minute; their records say `late` milliseconds earlier."""
        self.now += MINUTE
        return self.write([{"v": 1, "time": self.now - late} | body for body in bodies])

    def write(self, records: Sequence[Any], *, others: Sequence[tuple[bytes, bytes]] = ()) -> "Story":
        """Log these records as they are."""
        self.scribe.write([encode(one) for one in records], ms=self.now, others=others)
        return self

    def files(self, **more: Any) -> Files:
        return self.scribe.files(as_of=self.now, **more)


def honest() -> Story:
    """Five entries in five batches."""
    story = Story()
    for body in five_entries():
        story.tell(body)
    return story


def check(files: Files, *, at: int | None = None) -> Verified | NotVerified:
    return verify(files.bundle, files.trust, files.person, at_ms=START + HOUR if at is None else at)


def refusal(files: Files, *, at: int | None = None) -> tuple[str, str]:
    """(reason, where) of a history that must be refused."""
    verdict = check(files, at=at)
    assert isinstance(verdict, NotVerified), "this history was believed"
    return verdict.reason.value, verdict.where
