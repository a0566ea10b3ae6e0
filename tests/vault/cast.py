"""The small cast of the vault's tests: Ai Li borrows, Bo has her case, Chen hasn't, a07 is an agency."""

from dataclasses import dataclass

from shouxin.core.rules.refusal import Refusal
from shouxin.vault.enrol import EnrolRequest
from shouxin.vault.use import Opened, Refused, UseRequest

BO, CHEN, AGENT = "collector:k31", "collector:k32", "agent:a07.3"
AGENCY = "agency:a07"
AI_LI = {
    "name": "Ai Li",
    "phone": "13800005678",
    "id_number": "110101199001010010",
    "email": "ai.li@example.invalid",
    "income": "8600",
}
FRIEND = {"name": "Wen Wen", "phone": "13900001234", "relation": "friend"}


@dataclass(frozen=True)
class Cast:
    """Ai Li's subject, key and open case, granted to Bo and to the agency."""

    subject: str
    person_key: bytes
    case: str


def must(result):
    """The result of an act that the story takes for granted."""
    assert not isinstance(result, (Refusal, Refused)), result
    return result


def enrol(vault, **changes):
    return must(vault.enrol(EnrolRequest({**AI_LI, **changes})))


def staffed(vault):
    for actor in (BO, CHEN):
        must(vault.appoint(actor))
    must(vault.engage(AGENCY))
    must(vault.appoint(AGENT))


def overdue(vault):
    """Ai Li has a contract and fell behind; Bo and the agency have her case."""
    staffed(vault)
    person = enrol(vault)
    must(vault.record(person.subject, lambda _: {"kind": "agreed", "contract": "L-1", "terms": "00" * 32}))
    case, _ = must(vault.open_case(person.subject))
    must(vault.grant(case, BO))
    must(vault.grant(case, AGENCY))
    return Cast(person.subject, person.person_key, case)


def ask(vault, subject, *, actor=BO, purpose="collection", fields=("phone",), **more):
    return vault.use(UseRequest(subject, actor, purpose, tuple(fields), **more))


def reason(result):
    return result.refusal.reason.value if isinstance(result, Refused) else "opened"


def opened(result):
    assert isinstance(result, Opened), result
    return result
