"""What each purpose needs: one closed, versioned table, the same for gate and verifier.

Purposes and bases follow PIPL articles 6, 13, 15 and 29. Cedar policies and the catalogue may
only narrow this table. A change of it is a new `VERSION`; the old rows stay, because histories
written under them must verify for ever.
"""

from dataclasses import dataclass

VERSION = 2

CONSENT = "consent"
CONTRACT = "contract"
DUTY = "duty"
OWN_REQUEST = "own_request"


OWN_RESTRICTION = "CN.PIPL.44_45"
"""The rule that a restriction cites which the person asked for."""
DUTY_KEPT = "aml_keep"
"""The purpose that what a duty keeps goes on serving."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """One row: which bases carry the purpose, and what else must stand in the history.

    `bases` in order of preference; `duties` are the rule ids that a `duty` basis may cite;
    `evidence` names a fact that must hold (`unreachable`: the borrower is out of reach).
    """

    name: str
    bases: tuple[str, ...]
    whose: tuple[str, ...] = ("borrower",)
    needs_case: bool = False
    needs_grant: bool = False
    needs_recipient: bool = False
    evidence: str = ""
    duties: tuple[str, ...] = ()


_ROWS = (
    Purpose("own_request", (OWN_REQUEST,), whose=("borrower", "contact_person")),
    Purpose("identity_check", (DUTY,), duties=("CN.AML.34",)),
    Purpose("credit_decision", (CONSENT,)),
    Purpose("disbursement", (CONTRACT,)),
    Purpose("servicing", (CONTRACT, CONSENT)),
    Purpose("reminder", (CONTRACT, CONSENT)),
    Purpose("collection", (CONTRACT, CONSENT), needs_case=True, needs_grant=True),
    Purpose("entrust_collection", (CONTRACT, CONSENT), needs_case=True, needs_recipient=True),
    Purpose("contact_person_notice", (DUTY,), whose=("contact_person",), duties=("CN.PIPL.17",)),
    Purpose("reach_through_contact", (CONSENT,), whose=("contact_person",), evidence="unreachable"),
    Purpose("credit_reporting", (CONSENT,), needs_recipient=True),
    Purpose("marketing", (CONSENT,)),
    Purpose("hardship", (CONSENT,)),
    Purpose("aml_keep", (DUTY,), duties=("CN.AML.34",)),
    Purpose("complaint", (CONSENT, CONTRACT)),
    Purpose("next_of_kin", (DUTY,), duties=("CN.PIPL.48_50",)),
)
PURPOSES: dict[str, Purpose] = {row.name: row for row in _ROWS}


def serves_restricted(purpose: str, rule: str) -> bool:
    """What is only stored by `rule` serves the duty that keeps it; what its owner restricted, that owner (PIPL 47)."""
    return purpose == DUTY_KEPT or (purpose == OWN_REQUEST and rule == OWN_RESTRICTION)
