"""Every cell of the gate, enumerated: who could ever see what, whatever the history says.

Role × purpose × field × basis × case × grant × evidence are put to the same `decide` that
answers real uses, on made-up facts. A cell that lets collection, an agency or a collector reach
another person's data would be a hole; the list of them must be empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from shouxin.core.privacy.actor import OWN_ROLES, ROLES, UNAPPOINTED, Actor
from shouxin.core.privacy.facts import Facts
from shouxin.core.privacy.field import Field
from shouxin.core.privacy.gate import CASE_ROLES, Ask, Permit, Situation, decide
from shouxin.core.privacy.purpose import PURPOSES, Purpose
from shouxin.vault.interior import Interior

COLLECTING = frozenset({"collection", "entrust_collection"})
AT = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination and its answer: a form (`plain`, `masked`, `token`) or a reason."""

    role: str
    purpose: str
    whose: str
    field: str
    basis: str
    case: bool
    grant: bool
    evidence: bool
    answer: str

    @property
    def permitted(self) -> bool:
        """Is the field shown in some form?"""
        return self.answer in ("plain", "masked", "token")


@dataclass(frozen=True, slots=True)
class Matrix:
    """All cells, and those through which another person's data could be reached."""

    cells: tuple[Cell, ...]
    third_party_reachable: tuple[Cell, ...]


def enumerate_all(vault: Interior) -> Matrix:
    """Ask the gate every question there is."""
    cells = tuple(_cells(vault))
    reachable = tuple(
        cell
        for cell in cells
        if cell.permitted and cell.whose == "contact_person" and (cell.role in CASE_ROLES or cell.purpose in COLLECTING)
    )
    return Matrix(cells, reachable)


def at_best(vault: Interior, role: str, purpose: str, field: str) -> Cell:
    """What a role may see of a borrower's field where everything else stands: basis, case, grant, evidence.

    It is about made-up facts, so it tells nothing of anybody. Raises `KeyError` for what the catalogue doesn't know.
    """
    needs, found = PURPOSES[purpose], vault.catalogue.get("borrower", field)
    if found is None:
        raise KeyError(field)
    return _answered(vault, role, needs, found, needs.bases[0], case=True, grant=True, evidence=True)


def _cells(vault: Interior) -> Iterator[Cell]:
    questions = product(ROLES, PURPOSES.values(), vault.catalogue)
    for role, purpose, field in questions:
        for basis in ("none", *purpose.bases):
            for case, granted, evidence in product((False, True), repeat=3):
                yield _answered(vault, role, purpose, field, basis, case=case, grant=granted, evidence=evidence)


def _answered(
    vault: Interior,
    role: str,
    purpose: Purpose,
    field: Field,
    basis: str,
    *,
    case: bool,
    grant: bool,
    evidence: bool,
) -> Cell:
    actor = Actor(role, "self" if role in OWN_ROLES else "x1.1" if role == "agent" else "x1")
    ask = Ask(
        actor=actor,
        pseudonym=str(actor),
        purpose=purpose.name,
        fields=(field.name,),
        recipient="agency:x1" if purpose.needs_recipient else None,
    )
    situation = _situation(actor, purpose, field, basis, case=case, grant=grant, evidence=evidence)
    outcome = decide(ask, situation, catalogue=vault.catalogue, policies=vault.policies)
    answer = outcome.forms[field.name] if isinstance(outcome, Permit) else outcome.reason.value
    return Cell(role, purpose.name, field.whose, field.name, basis, case, grant, evidence, answer)


def _situation(
    actor: Actor, purpose: Purpose, field: Field, basis: str, *, case: bool, grant: bool, evidence: bool
) -> Situation:
    engaged = Facts(n=1, kind="party", engaged=1)
    person = Facts(
        n=9,
        kind=field.whose,
        held=frozenset({field.name}),
        consents={purpose.name: 2} if basis == "consent" else {},
        contracts={3: "x"} if basis == "contract" else {},
        cases={4: "x"} if case else {},
        grants={5: (4, str(actor))} if grant else {},
    )
    naming = Facts(n=9, kind="borrower", cases={4: "x"}, grants={5: (4, str(actor))})
    return Situation(
        at=AT,
        subject=person,
        actor=None if actor.role in UNAPPOINTED else Facts(n=1, kind="staff", appointed=1),
        party=engaged,
        recipient=engaged,
        naming=replace(naming, unreachable=6 if evidence else 0),
        naming_pseudonym=str(actor),
    )
