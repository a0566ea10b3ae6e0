"""Why something is asked: what for, who sees it, how long, what if it isn't given. All of it is read from the policy.

So the page can promise nothing that the gate wouldn't keep: purposes, roles and retention are those of the catalogue,
and what leaving a field out means is what the notice of its purpose says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shouxin.core.privacy.actor import OWN_ROLES
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.core.rules.retention import Retention, parse_retention
from shouxin.core.rules.rule import Rule
from shouxin.policy.load import Policy
from shouxin.policy.notice import Notice
from shouxin.usecases.lender import BadInput, Lender, Request, Text

OWN_REQUEST, DECISION = "own_request", "credit_decision"


class WhyAsked(Request):
    """A field of the catalogue: whose it is, and its name."""

    whose: Text = "borrower"
    field: Text


@dataclass(frozen=True)
class Seer:
    """A role that may see the field for its work, and in which form (`plain`, `masked`, `token`)."""

    role: str
    form: str


@dataclass(frozen=True)
class Asked:
    """What the catalogue and the notices say of one field.

    `without` holds, for each language, what the notice says of not giving it; empty for a field that decides nothing.
    `rules` are the rules of today behind the asking, `kept_by` the one that asks to keep it longer.
    """

    whose: str
    field: str
    required: bool
    sensitive: bool
    purposes: tuple[str, ...]
    seen_by: tuple[Seer, ...]
    kept: Retention
    kept_by: Rule | None
    without: Mapping[str, str]
    rules: tuple[Rule, ...]


def why_asked(lender: Lender, request: WhyAsked) -> Asked:
    """Read the policy. Raises `BadInput` for a field that the catalogue doesn't have."""
    policy = lender.policy
    field = policy.catalogue.get(request.whose, request.field)
    if field is None:
        raise BadInput("there is no such field", where="field", code="unknown_field")
    kept = parse_retention(field.retention)
    required, sensitive = policy.natures[field.key].required, field.classification == "sensitive"
    return Asked(
        whose=field.whose,
        field=field.name,
        required=required,
        sensitive=sensitive,
        purposes=tuple(name for name in PURPOSES if name in field.purposes - {OWN_REQUEST}),
        seen_by=tuple(Seer(role, form) for role, form in field.shown.items() if role not in OWN_ROLES),
        kept=kept,
        kept_by=policy.rules.get(kept.rule, lender.today()) if kept.rule else None,
        without={} if required and not sensitive else _without(policy, field.key, field.purposes, required=required),
        rules=tuple(rule for name in field.rules if (rule := policy.rules.get(name, lender.today()))),
    )


def told(policy: Policy, notice: Notice) -> Mapping[str, Mapping[str, str]]:
    """The notice's text in both languages, with the house's own name and contact in their places."""
    house = policy.house
    said = {}
    for lang, items in notice.text.items():
        own = {"lender": house.name[lang], "lender_contact": house.contact[lang]}
        said[lang] = {item: text.format(**own) for item, text in items.items()}
    return said


def _without(policy: Policy, key: str, purposes: frozenset[str], *, required: bool) -> Mapping[str, str]:
    """Of a sensitive field that is required: why; of one that a decision counts: what leaving it out does."""
    item = "necessity" if required else "impact"
    for notice in policy.notices.values():
        concerned = key in notice.fields and purposes.intersection(notice.purposes)
        if concerned and (required or DECISION in notice.purposes) and all(item in of for of in notice.text.values()):
            return {lang: of[item] for lang, of in notice.text.items()}
    return {}
