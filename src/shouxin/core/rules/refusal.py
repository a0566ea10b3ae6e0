"""A refusal is a value: one reason of a closed list, the rules that asked for it, and where.

The list is ordered by precedence: when several reasons hold, the first one is given. Names are
stored in people's histories, so one is never renamed or reused; a retired one keeps its place.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_PLAIN_WORD = re.compile(r"(?!.*[0-9]{5})[A-Za-z0-9_]{1,40}")


class Reason(StrEnum):
    """Why something was not done. Sentences for people live in `policy/sentences`."""

    MALFORMED = "malformed"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_PURPOSE = "unknown_purpose"
    PURPOSE_WITHOUT_POLICY = "purpose_without_policy"
    UNKNOWN_ACTOR = "unknown_actor"
    NOT_APPOINTED = "not_appointed"
    PARTY_NOT_ENGAGED = "party_not_engaged"
    NOT_YOURS = "not_yours"
    CLOSED = "closed"
    ALREADY_ENROLLED = "already_enrolled"
    ADDRESS_BOOK = "address_book"
    TOO_MANY_CONTACTS = "too_many_contacts"
    OPTED_OUT = "opted_out"
    NOT_OUT_OF_REACH = "not_out_of_reach"
    ROLE_MAY_NOT = "role_may_not"
    FIELD_NOT_FOR_PURPOSE = "field_not_for_purpose"
    NO_BASIS = "no_basis"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONTRACT_ENDED = "contract_ended"
    NO_CASE = "no_case"
    NO_GRANT = "no_grant"
    STILL_NEEDED = "still_needed"
    RESTRICTED = "restricted"
    DELETED = "deleted"
    NOT_HELD = "not_held"
    PAUSED = "paused"
    PROMISE_RUNS = "promise_runs"
    BEYOND_CONTRACT = "beyond_contract"
    OUTSIDE_HOURS = "outside_hours"
    OVER_CAP = "over_cap"
    THIRD_PARTY = "third_party"
    NOT_OVERDUE = "not_overdue"
    OVER_LIMIT = "over_limit"
    OVER_PRICE_CAP = "over_price_cap"
    NOT_AFFORDABLE = "not_affordable"
    BELOW_GRID = "below_grid"
    NO_COST_SHEET = "no_cost_sheet"
    EXPIRED = "expired"
    ALREADY_SIGNED = "already_signed"
    ALREADY_DONE = "already_done"
    WRONG_AMOUNT = "wrong_amount"
    NOT_THE_SAME = "not_the_same"
    NOT_DECIDED = "not_decided"
    NOT_ALLOWED_BY_TERMS = "not_allowed_by_terms"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not done and why.

    `rules` are rule ids of the packs (or of the house policy); `where` names the field, purpose
    or thing that was refused, never a person's value.
    """

    reason: Reason
    rules: tuple[str, ...] = ()
    where: str = ""

    def to_doc(self) -> dict[str, object]:
        """The shape of the outside contract: `{reason, rules, where?}`."""
        doc: dict[str, object] = {"reason": self.reason.value, "rules": list(self.rules)}
        return doc | ({"where": self.where} if self.where else {})


def named(word: str, otherwise: str) -> str:
    """The name of a key, field or column that isn't one of ours, as an error may repeat it.

    Somebody may have put a value where a name belongs, so only a plain word is repeated: ASCII letters, digits (no
    five in a row) and underscores, 40 at most. Anything else is called `otherwise`.
    """
    return word if _PLAIN_WORD.fullmatch(word) else otherwise
